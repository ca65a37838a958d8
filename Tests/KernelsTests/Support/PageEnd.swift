import Foundation

/// Memory that ends where a page begins that nobody may touch: who reads a byte past its end is stopped at once.
final class PageEnd<Value: BitwiseCopyable> {
  let base: UnsafeMutablePointer<Value>
  let count: Int
  private let pages: UnsafeMutableRawPointer
  private let size: Int

  /// Room for exactly as many values, each of them `value`.
  init(_ count: Int, filledWith value: Value) {
    self.count = count
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let bytes = count * MemoryLayout<Value>.stride
    size = (bytes + page - 1) / page * page + page
    guard let pages = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), pages != MAP_FAILED,
      mprotect(pages + size - page, page, PROT_NONE) == 0
    else { fatalError("no memory with a page that nobody may touch") }
    self.pages = pages
    base = (pages + size - page - bytes).bindMemory(to: Value.self, capacity: max(1, count))
    base.initialize(repeating: value, count: count)
  }

  convenience init(_ values: [Value], filledWith value: Value) {
    self.init(values.count, filledWith: value)
    base.update(from: values, count: values.count)
  }

  deinit { munmap(pages, size) }
}
