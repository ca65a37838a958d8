import Experiments
import Foundation
import GRDB
import Presentation
import StudySupport
import Testing

/// `bench compare --record`, `bench history` and the anchors of baselines as a nightly job uses them.
@Suite struct HistoryTests {
  private func prepared(_ program: Program) async throws {
    try await program.trainTinyStudy()
    #expect(try await program.run("baseline", "save", "main").output == "main: tiny, revision 1, 12 trials\n")
  }

  private func value(_ text: String) throws -> JSONValue {
    var reader = JSONReader(Array(text.utf8))
    return try reader.read().value
  }

  /// A baseline file's text with every accuracy and time moved: what another night might have come to.
  private func moved(_ text: String, accuracy: Double, seconds: Double) -> String {
    var text = unsealed(text)
    for (name, change) in [("test_accuracy", accuracy), ("wall_seconds", seconds)] {
      text = text.split(separator: "\"\(name)\": ", omittingEmptySubsequences: false).enumerated().map { index, part in
        guard index > 0, let number = part.prefixMatch(of: /[0-9.e-]+/) else { return String(part) }
        return "\"\(name)\": \((Double(number.output) ?? 0) + change)" + part[number.range.upperBound...]
      }.joined()
    }
    return text.replacing("\"trace\": \"", with: "\"trace\": \"\(accuracy)")
  }

  @Test func aLossIsSeenInTheNights() async throws {
    try await Program.inTemporaryFolder { program in
      try await prepared(program)
      let none = try await program.run("history")
      #expect(none.code == 1 && none.errors.contains("bench compare BASELINE --record"), "\(none.errors)")
      let text = try await program.run("baseline", "export", "main").output
      for night in 0..<8 {
        try program.write(moved(text, accuracy: night < 4 ? 0 : -0.125, seconds: Double(night + 1)), to: "night.json")
        for _ in 0..<(night == 2 ? 2 : 1) {
          let compare = try await program.run("compare", "main", "night.json", "--record", "-q")
          #expect([0, 2].contains(compare.code), "\(compare.errors)")
        }
      }
      // The third was recorded twice, which is one night still.
      try program.meddle(
        """
        UPDATE night SET commit_hash = printf('%040d', id),
          recorded_at = 1793503020 + 86400 * (SELECT count(*) FROM night AS other WHERE other.id < night.id)
        """, sealsRows: true)
      let outcome = try await program.run("history", "tiny", "--format", "json")
      #expect(outcome.code == 0, "\(outcome.errors)")
      let root = try value(outcome.output)
      #expect(root["nights"]?.array?.count == 8)
      #expect(root["nights"]?.array?.first?["baseline"]?.string == "main")
      let series = try #require(root["series"]?.array)
      #expect(
        series.map { $0["metric"]?.string }
          == ["test_accuracy", "test_accuracy", "images_per_second", "images_per_second"])
      for row in series.prefix(2) {
        let change = try #require(row["changes"]?.array?.first)
        #expect(row["changes"]?.array?.count == 1 && change["night"]?.int == 4)
        #expect(change["date"]?.string == "2026-11-05T03:17:00Z")
        #expect(abs((change["difference"]?.double ?? 0) + 0.125) < 1e-9)
      }
      let table = try await program.run("history").output
      #expect(table.contains(#/2026-11-05: [0-9.]+ → [0-9.]+ \(−12\.50\), commit 0{12}/#), "\(table)")
      let losses = try await program.run("history", "--metric", "test_loss", "--format", "csv").output
      #expect(losses.split(separator: "\r\n").count == 1 + 2 * 8)
      let unknown = try await program.run("history", "--metric", "validation_loss")
      #expect(unknown.code == 64 && unknown.errors.contains("no night of tiny has it"), "\(unknown.errors)")
      let other = try await program.run("history", "nothing")
      #expect(other.code == 1 && other.errors.contains("there are nights of tiny"), "\(other.errors)")
      let written = try await program.run("history", "--out", "nights")
      #expect(written.code == 0 && written.output == "nights/README.md\n", "\(written.errors)")
      #expect(try program.contents.contains("nights/charts/history-test-accuracy.tsv"))
      let report = try await program.run("report", "-q")
      #expect(report.code == 0, "\(report.errors)")
      let readme = try String(contentsOf: program.folder.appending(path: "reports/tiny/README.md"), encoding: .utf8)
      #expect(readme.contains("## History"))
      #expect(readme.contains("2026-11-05: "))
    }
  }

  @Test func theFirstBaselineStaysTheAnchor() async throws {
    try await Program.inTemporaryFolder { program in
      try await prepared(program)
      let first = try await program.run("baseline", "export", "main").output
      #expect(try value(first)["anchor"] == nil)
      let again = try await program.run("baseline", "save", "main").output
      #expect(again.contains(#/; the anchor of [0-9-]+T[0-9:]+Z is kept\n/#), "\(again)")
      let list = try await program.run("baseline", "list", "--format", "json").output
      #expect(try value(list).array?.first?["anchor_saved"]?.string != nil, "\(list)")
      // The same results are no anchor of themselves.
      #expect(try await program.run("baseline", "export", "main").output == first)
      try program.plant("UPDATE attempt SET wall_seconds = wall_seconds + 1")
      #expect(try await program.run("baseline", "save", "main").code == 0)
      let anchored = try await program.run("baseline", "export", "main").output
      #expect(try value(anchored)["anchor"] == value(unsealed(first)))
      #expect(anchored.split(separator: "\n").dropLast().contains("  \"anchor\": {"))
      try program.plant("UPDATE attempt SET wall_seconds = wall_seconds + 1")
      let fine = try await program.run("compare", "main", "#tiny")
      #expect(fine.code == 0, "\(fine.errors)")
      let renewed = try await program.run("baseline", "save", "main", "--new-anchor").output
      #expect(renewed.hasSuffix("; it is the anchor from now on\n"), "\(renewed)")
      #expect(try await program.run("baseline", "export", "main").output.contains("\"anchor\"") == false)
    }
  }
}
