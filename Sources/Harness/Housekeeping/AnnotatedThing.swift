import Experiments
import Foundation
import Presentation
import Tracking

/// The tags and notes of a study or a trial, after they were changed.
package struct AnnotatedThing: Printable, Sendable {
  /// The longest tag and the longest note, in characters.
  private static let (longestTag, longestNote) = (100, 10_000)

  private let target: StoreTarget
  private let annotations: Annotations

  /// Changes tags and note; without a change, reads them.
  ///
  /// - Parameters:
  ///   - name: a study, or the beginning of a trial's key.
  ///   - tags: tags to add.
  ///   - untags: tags to take away.
  ///   - note: the note, in the place of an earlier one; `nil` leaves it, an empty text takes it away.
  ///   - path: the store.
  /// - Throws: ``UsageError`` where a tag is empty, too long, or to be taken away and not there; `StoreError` where
  ///   there is no such study or trial.
  package init(_ name: String, tags: [String], untags: [String], note: String?, in path: String) throws {
    for tag in tags where tag.trimmed.isEmpty || tag.count > Self.longestTag || tag.contains(where: \.isNewline) {
      throw UsageError(
        "--tag \(quoted(tag)): expected one line of 1 to \(Self.longestTag) characters; --note takes longer texts")
    }
    if let note, note.count > Self.longestNote {
      throw UsageError(
        "--note has \(NumberText.count(note.count)) characters; expected at most \(NumberText.count(Self.longestNote))")
    }
    if let both = tags.first(where: untags.contains) {
      throw UsageError("--tag \(quoted(both)) is in --untag too; name it in one of them")
    }
    let viewer = try Store(path: path, access: .readOnly)
    switch try viewer.target(named: name) {
    case .study(let study, nil): target = .study(study)
    case .study(let study, let revision?):
      throw UsageError(
        "\(PlainText.oneLine(study))@\(revision): tags and notes belong to all revisions of a study; name the study alone"
      )
    case .trial(let key): target = .trial(key)
    }
    if tags.isEmpty, untags.isEmpty, note == nil {
      annotations = try viewer.annotations(of: target)
      return
    }
    let store = try Store(path: path, access: .readWrite)
    do {
      annotations = try store.annotate(target) { later, grid in
        for tag in untags where !later.remove(tag.trimmed, grid: grid) {
          let known = later.over(grid).tags.map { quoted($0) }
          throw UsageError("--untag \(quoted(tag)): there is no such tag; there are \(listed(known))")
        }
        for tag in tags { later.add(tag.trimmed, grid: grid) }
        if let note { later.note = note }
      }
      try store.close()
    } catch {
      try? store.close()
      throw error
    }
  }

  /// A row for people; for programs the same.
  package var printout: Printout {
    var table = Table([.init(isStudy ? "study" : "trial"), .init("tags"), .init("notes")])
    let members = annotations.members
    table.rows = [
      [
        .init(isStudy ? name : String(name.prefix(12)), value: .string(name)),
        .init(annotations.tags.joined(separator: ", "), value: members[0].value), .name(annotations.notes),
      ]
    ]
    return Printout(
      table, json: .object([.init("schema", 1), .init(isStudy ? "study" : "trial", .string(name))] + members))
  }

  private var isStudy: Bool { if case .study = target { true } else { false } }

  private var name: String {
    switch target {
    case .study(let name, _), .trial(let name): name
    }
  }
}
