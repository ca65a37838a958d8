import Architectures
import Experiments
import Dispatch

/// The digits that the program draws: no file, no network, the same on every machine.
///
/// An example depends on its place alone, so that the first thousand of ten thousand are the thousand of a thousand.
struct DigitExamples: UniformSource {
  let classes: [String]

  var shape: Shape { KnownDataset.digits.shape }
  var usual: ExampleCounts {
    ExampleCounts(train: KnownDataset.digits.trainCount, test: KnownDataset.digits.testCount)
  }
  var limit: ExampleCounts { ExampleCounts(train: 100_000, test: 100_000) }

  func read(first counts: ExampleCounts) throws(DatasetError) -> (train: ExampleSet, test: ExampleSet) {
    (try draw(counts.train, seed: 0x7261_696e), try draw(counts.test, seed: 0x7465_7374))
  }

  private func draw(_ count: Int, seed: UInt64) throws(DatasetError) -> ExampleSet {
    let pixels = try Allocation(byteCount: count * shape.count, for: "digits")
    let labels = (0..<count).map { UInt8(SplitMix64.mixed(Self.seed(seed, $0) ^ 1) % 10) }
    let portion = 250
    let size = shape.count
    DispatchQueue.concurrentPerform(iterations: (count + portion - 1) / portion) { part in
      for index in part * portion..<min(count, (part + 1) * portion) {
        var painter = DigitPainter(seed: Self.seed(seed, index))
        painter.draw(Int(labels[index]), into: pixels.start(as: UInt8.self) + index * size)
      }
    }
    return ExampleSet(shape: shape, pixels: pixels, areBytes: true, labels: labels)
  }

  private static func seed(_ seed: UInt64, _ index: Int) -> UInt64 {
    SplitMix64.mixed(seed &+ SplitMix64.mixed(UInt64(index)))
  }
}
