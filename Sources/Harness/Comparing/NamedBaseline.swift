import Comparing
import Experiments
import Foundation
import Presentation
import Reporting
import Tracking

/// A study's results under a name in a store.
package struct NamedBaseline: Sendable {
  private let name: String
  private let storePath: String

  /// Names a baseline; the store need not have it yet.
  package init(_ name: String, in storePath: String) { (self.name, self.storePath) = (name, storePath) }

  /// A baseline that was saved just now.
  package struct Saved: Sendable {
    /// The study's results.
    package let results: StudyResults
    /// The baseline as the store has it now.
    package let baseline: Baseline
    /// The baseline that had the name before.
    package let replaced: Baseline?

    /// What was saved, what it replaced, and which results are the anchor.
    package var sentence: String {
      let (ended, all) = (results.endedTrials, results.trialCount)
      return "\(PlainText.oneLine(baseline.name)): \(PlainText.oneLine(results.study)), revision \(results.revision), "
        + (ended < all ? "\(ended) of \(all) trials done" : "\(all) trials")
        + (replaced.map { "; replaced \(PlainText.oneLine($0.study)), revision \($0.revision)" } ?? "") + anchorText
    }

    private var anchorText: String {
      if let date = baseline.anchorCreatedAt { return "; the anchor of \(TimeText.exact(date)) is kept" }
      return isNewAnchor && replaced != nil ? "; it is the anchor from now on" : ""
    }

    fileprivate let isNewAnchor: Bool
  }

  /// Saves a study's results as they are now.
  ///
  /// - Parameters:
  ///   - study: the study's name; `nil` is the one that was at work last.
  ///   - newAnchor: whether the results take the place of the first ones that were saved under the name.
  /// - Throws: ``UsageError`` where none of the study's trials is done.
  package func save(study: String?, newAnchor: Bool) throws -> Saved {
    let store = try Store(path: storePath, access: .readWrite)
    let study = try StudyChoice(study, in: store).name
    let results = try CompareSource.results(ofStudy: study, in: store)
    guard results.doneTrials > 0 else {
      throw UsageError(
        "study \(PlainText.oneLine(study)): no trial is done, so there is nothing to compare with later; let bench run "
          + "finish some, or name another study (bench list)")
    }
    let replaced = try store.baselines().first { $0.name == name }
    try store.saveBaseline(
      named: name, study: study, revision: results.revision,
      document: try BaselineDocument(results.json).sealedText, newAnchor: newAnchor)
    let saved = Saved(
      results: results, baseline: try store.baseline(named: name), replaced: replaced, isNewAnchor: newAnchor)
    try store.close()
    return saved
  }

  /// Removes the baseline; its study stays.
  package func remove() throws {
    let store = try Store(path: storePath, access: .readWrite)
    try store.removeBaseline(named: name)
    try store.close()
  }

  /// The baseline as the text of a file, with its anchor where that differs.
  ///
  /// - Parameters:
  ///   - place: the file that will be replaced: where it is a baseline of the same study, its anchor is kept, or it
  ///     becomes the anchor itself.
  ///   - newAnchor: whether the text is without an anchor.
  ///   - warn: hears where the file to replace is something else, whose anchor, if it had one, is lost.
  package func fileText(replacing place: URL?, newAnchor: Bool, warn: (String) -> Void) throws -> String {
    let baseline = try Store(path: storePath, access: .readOnly).baseline(named: name)
    let earlier = newAnchor ? nil : place.flatMap { Self.earlier(at: $0, study: baseline.study, warn) }
    do {
      let document = try BaselineDocument(baseline.document)
      if newAnchor { return document.sealedText }
      if let earlier { return document.anchored(to: earlier).sealedText }
      return try document.anchored(to: baseline.anchor.map(BaselineDocument.init)).sealedText
    } catch {
      throw OperationalError("baseline \(PlainText.oneLine(name)): \(error); save it anew with bench baseline save")
    }
  }

  private static func earlier(at place: URL, study: String, _ warn: (String) -> Void) -> BaselineDocument? {
    guard FileKind(path: place.path) == .file, let text = try? String(contentsOf: place, encoding: .utf8) else {
      return nil
    }
    do {
      let document = try BaselineDocument(text)
      if document.study == study { return document }
      warn(
        "\(place.relativePath): was a baseline of study \(PlainText.oneLine(document.study)); it is replaced, anchor "
          + "and all")
    } catch {
      warn("\(place.relativePath): was not a baseline (\(error)); it is replaced, and there is no anchor to keep")
    }
    return nil
  }
}
