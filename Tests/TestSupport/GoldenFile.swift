import Foundation
import Testing

/// A text that is kept in a folder `Golden` beside the test that expects it; `BENCH_RECORD_GOLDEN=1` writes it anew, and the test fails all the same.
public enum GoldenFile {
  /// Expects `text` to be what the file of that name holds.
  public static func expect(
    _ text: String, is name: String, test: String = #filePath, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = URL(filePath: test).deletingLastPathComponent().appending(path: "Golden/\(name)")
    let isRecording = ProcessInfo.processInfo.environment["BENCH_RECORD_GOLDEN"] != nil
    let kept = try? String(contentsOf: file, encoding: .utf8)
    guard kept != text else { return }
    if isRecording {
      try Data(text.utf8).write(to: file)
      Issue.record(
        "Golden/\(name) was recorded anew: look at it, then run without BENCH_RECORD_GOLDEN",
        sourceLocation: sourceLocation)
      return
    }
    guard let kept else {
      Issue.record("Golden/\(name) is missing; BENCH_RECORD_GOLDEN=1 writes it", sourceLocation: sourceLocation)
      return
    }
    Issue.record("Golden/\(name) differs: \(difference(kept, text))", sourceLocation: sourceLocation)
  }

  /// The first line that differs.
  private static func difference(_ kept: String, _ found: String) -> String {
    let (before, after) = (
      kept.split(separator: "\n", omittingEmptySubsequences: false),
      found.split(separator: "\n", omittingEmptySubsequences: false)
    )
    let line =
      zip(before, after).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(before.count, after.count)
    func text(_ lines: [Substring]) -> String { line < lines.count ? String(lines[line]) : "(end)" }
    return "line \(line + 1)\n  kept:  \(text(before))\n  found: \(text(after))"
  }
}
