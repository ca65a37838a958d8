import Testing

@testable import Kernels

@Suite struct StridePhaseTests {
  /// What a window sees, pixel by pixel, is found in the phases once and nowhere else.
  @Test(arguments: 1...5, 1...4)
  func theyShareOutPixelsAndTaps(kernel: Int, stride: Int) {
    for padding in 0...3 {
      for size in 1...9 {
        var seen: [SIMD3<Int>] = []
        var pixels: [Int] = []
        for index in 0..<stride {
          let phase = StridePhase(index, stride: stride, kernel: kernel, padding: padding, size: size)
          for pixel in 0..<phase.pixels {
            let place = phase.firstPixel + pixel * stride
            pixels.append(place)
            for tap in 0..<phase.taps {
              seen.append(SIMD3(phase.window + pixel - tap, phase.firstTap + tap * stride, place))
            }
          }
        }
        #expect(pixels.sorted() == Array(0..<size))
        // Around the gradient lie zeros for as many windows as the kernel has taps less one.
        if let last = lastWindow(kernel: kernel, stride: stride, padding: padding, size: size) {
          #expect(seen.allSatisfy { (1 - kernel...last + kernel - 1).contains($0.x) })
        }
        // Windows before the first and behind the last too: their gradients are zeros that are stored.
        let windows = -kernel...(size + padding)
        let expected = windows.flatMap { window in
          (0..<kernel).map { SIMD3(window, $0, window * stride + $0 - padding) }.filter { (0..<size).contains($0.z) }
        }
        #expect(Set(seen) == Set(expected))
        #expect(seen.count == expected.count)
      }
    }
  }

  /// The last window that lies in the padded image; `nil` where none does.
  private func lastWindow(kernel: Int, stride: Int, padding: Int, size: Int) -> Int? {
    let room = size + 2 * padding - kernel
    return room < 0 ? nil : room / stride
  }
}
