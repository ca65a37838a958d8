import Comparing
import Experiments
import Foundation
import GRDB
import Harness
import Presentation
import Reporting
import StudySupport
import TestSupport
import Testing
import Tracking

/// Imported curves beside those that were trained here: what the other commands say of them.
@Suite struct CurveImportTests {
  private func enter(_ text: String, as study: String = "theirs", file: String = "curves.csv", in space: Workspace)
    throws -> CurveImport
  {
    try CurveImport(
      Array(text.utf8), file: file, into: study, in: space.storePath, commandLine: ["bench", "import", file])
  }

  /// The curves of a study that was trained here, as a script would write them.
  private func curves(of study: String, in space: Workspace) throws -> String {
    let rows = try space.query {
      try Row.fetchAll(
        $0, sql: "SELECT label, seed, iteration, split, metric, value FROM curves WHERE study = ?", arguments: [study])
    }
    let lines = rows.map { row in
      let value: Double = row["value"]
      return [
        CSV.text(row["label"]), "\(row["seed"] as Int)", "\(row["iteration"] as Int)", row["split"], row["metric"],
      ]
      .joined(separator: ",") + ",\(value)\n"
    }
    return "label,seed,iteration,split,metric,value\n" + lines.joined()
  }

  @Test func theSameCurvesAreWithinTolerance() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(seeds: [0, 1, 2, 3]).text, to: "g.json")
      try await space.run { $0.keepsWeights = false }
      let text = try curves(of: "small", in: space)
      let entered = try enter(text, in: space)
      #expect(entered.isNew)
      #expect(
        entered.text(.text)
          == "study theirs, revision 1: 8 trials of 2 configurations, imported from curves.csv; next: bench report theirs\n"
      )
      let again = try enter(text, file: "again.csv", in: space)
      #expect(!again.isNew)
      #expect(
        again.text(.text)
          == "study theirs has these 8 trials of 2 configurations already, in revision 1; nothing was changed\n")

      let source = CompareSource(defaultStore: space.storePath) { Issue.record("\($0)") }
      let ours = try source.results("small")
      for (baseline, candidate) in try [(ours, source.results("theirs")), (source.results("theirs"), ours)] {
        // A test image of the hundred is more than half a point.
        let policy = ComparisonPolicy(limits: [.init(.testLoss, .relative(0.05))])
        let comparison = StudyComparison(baseline: baseline, candidate: candidate, policy: policy)
        #expect(comparison.rows.map(\.verdict) == [.withinTolerance, .withinTolerance])
        #expect(comparison.lost.isEmpty && comparison.newLabels.isEmpty && comparison.outcome == .fine)
        #expect(comparison.text(.text).contains("theirs, revision 1, imported, trained elsewhere"))
      }
      // A baseline's file keeps that it was imported.
      let read = try StudyResults(json: source.results("theirs").json)
      #expect(try read.configurations == source.results("theirs").configurations.map(withoutRunTimes))
      #expect(StudyComparison(baseline: read, candidate: ours).lost.isEmpty)
      #expect(try StudyComparison(baseline: read, candidate: source.results("theirs")).isWithItself)
      let error = try #require(throws: UsageError.self) {
        try NamedComparison(
          baseline: "theirs", candidate: "theirs", policy: ComparisonPolicy(), storePath: space.storePath
        ) { _ in }
      }
      #expect(error.description.hasPrefix("theirs: both sides are the same runs of study theirs, revision 1"))

      let report = try StudyReport(of: "theirs", revision: nil, in: space.storePath, options: ReportOptions())
      for format in [OutputFormat.text, .md, .html] {
        let text = try report.withLossCurves().text(format).replacing("\n", with: " ")
        #expect(text.contains("imported from curves.csv, trained elsewhere"), "\(format)")
        #expect(format == .html || !text.contains("NaN"), "\(format)")
        #expect(format != .text || !text.contains("images/s") && !text.contains("parameters"))
      }
      #expect(try TrialList(of: "theirs", in: space.store()).text(.text).contains("done, imported"))
      #expect(try StudyList(space.store()).text(.text).contains("imported from curves.csv, trained elsewhere"))
      let results = HealthCheck(store: space.storePath, data: Workspace.data).results { _ in }
      #expect(results.first { $0.check == "store" }?.state == .good)
    }
  }

  /// No time is known: two equal trials of it are one run where their keys are the same.
  private func withoutRunTimes(_ configuration: StudyResults.Configuration) -> StudyResults.Configuration {
    #expect(configuration.trials.allSatisfy { $0.values[.wallSeconds] == nil && $0.values[.peakBytes] == nil })
    return configuration
  }

  /// A script may call a configuration what tables call it.
  @Test func shortNamesAreComparedToo() async throws {
    try await Workspace.inTemporaryFolder { space in
      let grid = SmallGrid(seeds: [0, 1, 2, 3]).text
      try space.write(
        grid.replacing(#""axes": {"#, with: #""axes": {"optimizer.momentum": [0, 0.5], "#), to: "g.json")
      try await space.run { $0.keepsWeights = false }
      let source = CompareSource(defaultStore: space.storePath) { Issue.record("\($0)") }
      let ours = try source.results("small")
      var text = try curves(of: "small", in: space)
      for configuration in ours.configurations {
        let name = try #require(ours.names[configuration.hash])
        #expect(name != configuration.label)
        text = text.replacing("\n\(CSV.text(configuration.label)),", with: "\n\(CSV.text(name)),")
      }
      _ = try enter(text, in: space)
      let theirs = try source.results("theirs")
      let policy = ComparisonPolicy(limits: [.init(.testLoss, .relative(0.05))])
      for (baseline, candidate) in [(ours, theirs), (theirs, ours)] {
        let comparison = StudyComparison(baseline: baseline, candidate: candidate, policy: policy)
        #expect(comparison.rows.count == 4 && comparison.rows.allSatisfy { $0.verdict != .notComparable })
        #expect(comparison.lost.isEmpty && comparison.newLabels.isEmpty)
      }
    }
  }

  @Test func whatNeedsTheNetworkIsRefused() async throws {
    try await Workspace.inTemporaryFolder { space in
      _ = try enter("label,seed,iteration,split,metric,value\nA,0,5,test,loss,1\n", in: space)
      let store = try space.store()
      let details = try store.trial(prefix: try #require(store.trials().first).key)
      let folder = GridFolder(nil, of: details)
      let reason =
        "trial \(details.record.key.prefix(12)) was imported from curves.csv, trained elsewhere: nobody here knows its "
        + "network and its data, so "
      var error = #expect(throws: OperationalError.self) {
        try TrialReplay(details, in: store, data: Workspace.data, gridFolder: folder)
      }
      #expect(error?.description == reason + "it can't be trained again")
      error = #expect(throws: OperationalError.self) {
        try PictureSubject(details, store: space.storePath, data: Workspace.data, gridFolder: folder) { _ in }
      }
      #expect(error?.description == reason + "there is no network to draw")
      let page = TrialPage(details)
      #expect(page.text(.text).contains("imported from curves.csv, trained elsewhere"))
      #expect(!page.text(.text).contains("bench verify") && !page.text(.text).contains("NaN"))
      #expect(!page.text(.json).contains("NaN") && page.text(.json).contains("\"imported_from\": \"curves.csv\""))
      // A grid of that name would look as if it went on with the study.
      try space.write(SmallGrid(name: "theirs").text, to: "g.json")
      #expect(throws: StoreError.importedStudy("theirs")) { try space.start() }
    }
  }

  @Test func whatWasRemovedComesBackAndIsSaid() async throws {
    try await Workspace.inTemporaryFolder { space in
      let text = "label,seed,iteration,split,metric,value\nA,0,5,test,loss,1\nA,1,5,test,loss,2\n"
      _ = try enter(text, in: space)
      let key = try #require(try space.store().trials().first).key
      let removal = try StoreRemoval([key], in: space.storePath)
      #expect(removal.text(.md).contains("bench import FILE --study"))
      #expect(!removal.text(.md).contains("bench run GRID"))
      try removal.perform(force: false)
      let again = try enter(text, in: space)
      #expect(
        again.text(.text)
          == "study theirs, revision 1: 2 trials of 1 configuration, of which 1 had been removed and has its curves again\n"
      )
      #expect(try !again.isNew && json(again)["restored"] == 1)
      #expect(try space.store().states(of: [key]) == [key: .done])
    }
  }

  @Test func aFileWithFaultsLeavesNothing() async throws {
    try await Workspace.inTemporaryFolder { space in
      let error = #expect(throws: UsageError.self) {
        try enter("label,seed,iteration,split,metric,value\nA,0,5,test,loss,1\nA,0,6,test,loss,x\n", in: space)
      }
      #expect(
        error?.description == "curves.csv: line 3: value is \"x\"; expected a number, nan, inf or -inf")
      #expect(!FileManager.default.fileExists(atPath: space.storePath))
    }
  }

  /// An export reads its own file back, and another store takes the study over.
  @Test func goesThroughExportsAndAMerge() async throws {
    try await Workspace.inTemporaryFolder { space in
      let text =
        "label,seed,iteration,split,metric,value,epoch\nA,0,5,train,loss,inf,0.5\nA,0,10,validation,loss,1,1\n"
        + "A,1,10,validation,loss,2,1\n"
      _ = try enter(text, in: space)
      let store = try space.store()
      let export = try StudyExport(StudyCurves(of: store.study(named: "theirs"), in: store))
      var (csv, json) = ("", "")
      try export.writeCurvesCSV { csv += $0 }
      try export.writeJSON { json += $0 }
      #expect(csv.contains(",0,train,loss,5,0.5,,inf\r\n") && csv.contains(",1,validation,loss,10,1,2,finite\r\n"))
      #expect(json.contains("\"imported_from\": \"curves.csv\"") && json.contains("\"iterations_per_epoch\":10"))
      _ = try export.arrays()
      let other = space.folder.appending(path: "other.db").path
      let outcome = try JobMerge.run([space.storePath], into: other)
      #expect(outcome.errors.isEmpty && outcome.taken == 2)
      let merged = try Store(path: other, access: .readOnly)
      #expect(try merged.proof().unproven.isEmpty && merged.proof().changedRows.isEmpty)
      #expect(try merged.study(named: "theirs").importedFile?.name == "curves.csv")
    }
  }

  @Test(arguments: hostileNames) func namesAreData(name: String) async throws {
    try await Workspace.inTemporaryFolder { space in
      let text =
        "label,seed,iteration,split,metric,value,\"\(name.replacing("\"", with: "\"\""))\"\n"
        + [(0, 0.5), (1, 0.25)].map { seed, loss in
          "\"\(name.replacing("\"", with: "\"\""))\",\(seed),5,test,loss,\(loss),\"\(name.replacing("\"", with: "\"\""))\"\n"
        }.joined()
      let entered = try enter(text, as: name, file: name, in: space)
      #expect(!entered.text(.text).dropLast().contains("\n") && !entered.text(.text).contains("\u{202E}"))
      let record = try space.store().study(named: name)
      #expect(record.configurations.map(\.configuration.label) == [name])
      #expect(record.configurations[0].configuration.settings == [Setting(path: name, value: name)])
      #expect(record.importedFile?.name == name)
      let report = try StudyReport(of: name, revision: nil, in: space.storePath, options: ReportOptions())
      #expect(!report.report.text(.html).contains("<script>alert"))
      #expect(!report.report.text(.text).contains("\u{202E}"))
    }
  }
}
