import Experiments
import Foundation
import Presentation
import Reporting
import Tracking

/// The report of a study of a store.
package struct StudyReport {
  /// The points of a loss curve that a chart can show apart.
  private static let lossCurvePoints = 200

  /// The report without loss curves, which only charts show.
  package let report: Report
  private let store: Store
  private let record: StudyRecord

  /// Reads the study.
  ///
  /// - Parameters:
  ///   - study: the study's name; `nil` is the one that was at work last.
  ///   - revision: a revision of the study; `nil` is the latest.
  ///   - storePath: the store.
  ///   - options: what the report shows; the store's nights and the latest revision are added.
  ///   - tuned: the axis at whose best value each configuration is shown too.
  /// - Throws: ``UsageError`` where the study has no such label, evaluation or axis.
  package init(
    of study: String?, revision: Int?, in storePath: String, options: ReportOptions, tuned: String? = nil
  ) throws {
    var options = options
    store = try Store(path: storePath, access: .readOnly)
    let name = try StudyChoice(study, in: store).name
    let latest = try store.studies().first { $0.name == name }?.revision
    options.latestRevision = revision == nil || revision == latest ? nil : latest
    options.nights = try store.nights(ofStudy: name)
    var record = try store.study(named: name, revision: revision)
    try Self.checkLabels(options.only, in: record)
    try Self.checkPoint(options.at, in: record)
    try store.addHits(to: &record)
    let tuning: Tuning?
    do {
      tuning = try tuned.map { [options] in try Tuning(record, axis: $0, options: options) }
    } catch {
      throw UsageError("\(error)")
    }
    report = Report(record, options: options, tuning: tuning)
    self.record = record
  }

  /// The study's name.
  package var study: String { record.name }

  /// Whether a trial of the study has not ended by itself yet.
  package var isUnfinished: Bool {
    record.configurations.contains { $0.trials.contains { ![.done, .diverged, .failed].contains($0.state) } }
  }

  /// Whether an earlier look saw the same trials, as far as they are now.
  package func isSame(as earlier: StudyReport) -> Bool { record == earlier.record }

  /// Writes a study's report whenever it has changed, until all trials have ended; the last one has a page that stands
  /// still.
  ///
  /// - Parameters:
  ///   - seconds: from one look to the next.
  ///   - isOver: whether to stop before that.
  ///   - look: reads the study of this name, or for `nil` the one that is asked for.
  ///   - began: hears what was written first.
  package static func renew(
    in folder: URL, everySeconds seconds: Double, until isOver: () -> Bool,
    look: (_ study: String?) throws -> StudyReport, began: (ReportOutcome) -> Void
  ) async throws {
    var shown: StudyReport?
    while true {
      let found = try look(shown?.study)
      let isLast = isOver() || !found.isUnfinished
      if isLast || shown.map(found.isSame(as:)) != true {
        let outcome = try await found.withLossCurves()
          .write(into: folder, renewalSeconds: isLast ? nil : Int(seconds.rounded(.up)))
        if shown == nil { began(outcome) }
      }
      if isLast { return }
      shown = found
      let next = Date.now.addingTimeInterval(seconds)
      while Date.now < next, !isOver() { try await Task.sleep(for: .milliseconds(100)) }
    }
  }

  /// The report with the loss curves of the configurations that charts show.
  package func withLossCurves() throws -> Report {
    var (record, report) = (record, report)
    try store.addLossCurves(to: &record, points: Self.lossCurvePoints, ofLabels: report.labelsOfCurves)
    report.addLossCurves(of: record)
    return report
  }

  private static func checkLabels(_ wanted: [String], in record: StudyRecord) throws {
    let labels = record.configurations.map(\.configuration.label)
    for label in wanted where !labels.contains(label) {
      throw UsageError(
        "--only \(label): no configuration has that label; there are \(listed(labels))")
    }
  }

  private static func checkPoint(_ point: ReportOptions.Point, in record: StudyRecord) throws {
    guard case .iteration(let wanted) = point else { return }
    let iterations = Set(record.configurations.flatMap { $0.trials.flatMap { $0.evaluations.map(\.iteration) } })
    guard !iterations.isEmpty, !iterations.contains(wanted) else { return }
    let shown = listed(iterations.sorted().map(String.init))
    throw UsageError("--at \(wanted): no trial was evaluated there; expected last, best or one of \(shown)")
  }
}
