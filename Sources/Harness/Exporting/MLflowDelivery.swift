import Exchange
import Experiments
import Foundation
import Presentation
import Tracking

/// A study that was brought to an MLflow server, as `bench export mlflow` says it.
package struct MLflowDelivery: Printable, Sendable {
  private let study: String
  private let outcome: MLflowExport.Outcome

  /// Brings a study's latest revision to a server.
  ///
  /// - Parameters:
  ///   - study: the study's name; `nil` is the one that was at work last.
  ///   - url: where the server is.
  ///   - environment: has the credentials.
  ///   - timeoutSeconds: how long a request may take.
  /// - Throws: ``UsageError`` where the address is none, ``OperationalError`` where the server refuses or is not there.
  package init(
    of study: String?, in storePath: String, to url: String, environment: [String: String], timeoutSeconds: Int
  ) throws {
    let server: MLflowServer
    do {
      server = try MLflowServer(
        url: url, credentials: MLflowCredentials(environment: environment), timeoutSeconds: timeoutSeconds)
    } catch {
      throw UsageError("--to: \(error)")
    }
    let store = try Store(path: storePath, access: .readOnly)
    let record = try store.study(named: StudyChoice(study, in: store).name)
    let export = MLflowExport(record) { key in
      Self.times(of: try store.trial(prefix: key).attempts)
    } snapshot: { key in
      let (details, losses, rates) = try store.trialWithCurves(key)
      let curves = StudyCurves(of: record, rates: { _ in rates }, losses: { _ in losses })
      return MLflowExport.Snapshot(
        record: details.record, curves: try curves.of(details.record), times: Self.times(of: details.attempts))
    }
    do {
      outcome = try export.send(to: server)
    } catch let error as MLflowError {
      throw OperationalError("\(error)")
    }
    self.study = record.name
  }

  private static func times(of attempts: [AttemptRecord]) -> MLflowExport.Times? {
    guard let first = attempts.first, let last = attempts.last else { return nil }
    return MLflowExport.Times(
      startedAt: first.claimedAt, endedAt: last.endedAt ?? (last.state == .stale ? last.heartbeatAt : nil))
  }

  /// A sentence for people, one row for programs.
  package var printout: Printout {
    let numbers: [(String, Int)] = [
      ("created", outcome.created), ("continued", outcome.continued), ("complete", outcome.complete),
      ("planned", outcome.planned), ("values", outcome.values), ("not_finite", outcome.notFinite),
      ("at_work", outcome.atWork), ("replaced", outcome.replaced),
    ]
    return Printout(
      title: "MLflow", sections: [Section(id: "mlflow", title: "MLflow", blocks: [.paragraph(sentence)])],
      table: Table(
        names: ["study"] + numbers.map(\.0), values: [[.string(study)] + numbers.map { .integer($0.1) }]),
      json: .object(
        [.init("schema", 1), .init("study", .string(study))] + numbers.map { .init($0.0, .integer($0.1)) }),
      own: [.text: { sentence + "\n" }])
  }

  private var sentence: String {
    let runs: [(Int, String)] = [
      (outcome.created, "new"), (outcome.continued, "gone on with"), (outcome.complete, "complete before"),
    ]
    let parts = runs.filter { $0.0 > 0 }.map { "\(NumberText.count($0.0)) \($0.1)" }
    let planned = outcome.planned > 0 ? "; \(counted(outcome.planned, "trial")) not begun" : ""
    let atWork = outcome.atWork > 0 ? "; \(counted(outcome.atWork, "trial")) at work left out until the end" : ""
    let replaced =
      outcome.replaced > 0
      ? "; \(counted(outcome.replaced, "trial")) of other values than on the server, in new runs beside the earlier ones"
      : ""
    let left =
      outcome.notFinite > 0
      ? "; \(counted(outcome.notFinite, "value")) left out, NaN or infinite, which MLflow does not take" : ""
    return "\(PlainText.oneLine(study)): \(parts.isEmpty ? "no runs" : "runs: " + parts.joined(separator: ", ")); "
      + "\(counted(outcome.values, "value")) sent\(left)\(replaced)\(atWork)\(planned)"
  }
}
