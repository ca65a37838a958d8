import Comparing
import Presentation
import Tracking

/// The baselines of a store, one row each.
package struct BaselineList: Printable {
  private let table: Table

  /// Reads the baselines.
  package init(in storePath: String) throws {
    var table = Table([
      .init("baseline"), .init("study"), .init("revision", isNumeric: true),
      .init("trials", isNumeric: true), .init("done", isNumeric: true), .init("saved"),
      .init("anchor", name: "anchor_saved"),
    ])
    table.rows = try Store(path: storePath, access: .readOnly).baselines().map { baseline in
      let results = try? StudyResults(json: baseline.document)
      func count(_ count: Int?) -> Table.Cell { count.map { .integer($0) } ?? .init("?", value: .null) }
      let anchor = baseline.anchorCreatedAt.map(TimeText.exact)
      return [
        .name(baseline.name), .name(baseline.study), .integer(baseline.revision), count(results?.trialCount),
        count(results?.doneTrials), .name(TimeText.exact(baseline.createdAt)),
        .init(anchor.map { "saved \($0)" } ?? "itself", value: .optional(anchor)),
      ]
    }
    self.table = table
  }

  package var printout: Printout { Printout(table, json: table.json) }
}
