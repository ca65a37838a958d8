import Presentation

/// All that is wrong with a file of curves.
package struct CurveFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, and in which line, in the order of the lines; the first of many.
  package let faults: [String]
  /// All faults, listed or not.
  package let count: Int

  /// One fault in a line, of several one in each line.
  package var description: String {
    if count == 1, let only = faults.first { return only }
    let more = count > faults.count ? ["and \(NumberText.count(count - faults.count)) more"] : []
    return (["\(NumberText.count(count)) faults, so nothing was imported:"] + faults + more).joined(separator: "\n  ")
  }
}

/// The faults of a file while it is read.
struct CurveFaults {
  private var listed: [(line: Int, text: String)] = []
  private var count = 0
  /// Faults that are listed at most.
  private static let limit = 20

  /// Whether nothing is wrong so far.
  var isEmpty: Bool { count == 0 }

  /// Notes what is wrong in a line.
  mutating func add(_ line: Int, _ message: String) {
    count += 1
    if listed.count < Self.limit { listed.append((line, "line \(line): \(message)")) }
  }

  /// Throws where anything was wrong.
  func check() throws(CurveFileError) {
    guard count > 0 else { return }
    throw CurveFileError(faults: listed.sorted { $0.line < $1.line }.map(\.text), count: count)
  }
}
