import Experiments
import Presentation
import Tracking

/// The studies of a store, as `bench list` shows them.
package struct StudyList: Printable, Sendable {
  private let studies: [StudySummary]

  /// Reads the studies.
  ///
  /// - Parameter tags: the tags that a study has all of; empty is any.
  package init(_ store: Store, tagged tags: [String] = []) throws {
    studies = try store.studies().filter { Set($0.annotations.tags).isSuperset(of: tags) }
  }

  /// One row per study; for programs an array.
  package var printout: Printout {
    let hasTags = studies.contains { !$0.annotations.tags.isEmpty }
    return Printout(table(withTags: hasTags), programs: table(withTags: true), json: .array(studies.map(\.json)))
  }

  private func table(withTags: Bool) -> Table {
    var table = Table([
      .init("study"), .init("configurations", isNumeric: true, leaveOut: 3), .init("trials", isNumeric: true),
      .init("done", isNumeric: true), .init("diverged", isNumeric: true, leaveOut: 4),
      .init("running", isNumeric: true, leaveOut: 2), .init("failed", isNumeric: true, leaveOut: 1),
      .init("last activity", name: "last_activity", leaveOut: 5), .init("title", leaveOut: 6),
    ])
    if withTags { table.columns.append(.init("tags", leaveOut: 7)) }
    table.rows = studies.map { study in
      [.name(study.name), .integer(study.configurations), .integer(study.trials)]
        + [TrialState.done, .diverged, .running, .failed].map { .integer(study.counts[$0] ?? 0) } + [
          .init(TimeText.exact(study.lastActivity), value: .double(study.lastActivity)), .name(study.title),
        ] + (withTags ? [Self.tags(study.annotations)] : [])
    }
    return table
  }

  private static func tags(_ annotations: Annotations) -> Table.Cell {
    .init(annotations.tags.joined(separator: ", "), value: annotations.members[0].value)
  }
}

extension StudySummary {
  /// The study for programs.
  var json: JSONValue {
    .object(
      [.init("study", .string(name)), .init("title", .string(title))] + annotations.members + [
        .init("revision", .integer(revision)),
        .init("configurations", .integer(configurations)), .init("trials", .integer(trials)),
        .init(
          "states",
          .object(
            TrialState.allCases.compactMap { state in
              counts[state].map { .init(state.rawValue, .integer($0)) }
            })),
        .init("last_activity", .double(lastActivity)),
      ])
  }
}
