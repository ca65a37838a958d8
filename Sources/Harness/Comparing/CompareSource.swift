import Comparing
import Experiments
import Files
import Foundation
import Presentation
import Reporting
import Tracking

/// One side of a comparison as it is named on the command line: a store, a study in one, a baseline of the store, or a
/// baseline file.
package struct CompareSource: Sendable {
  private let defaultStore: String
  private let warn: @Sendable (String) -> Void

  /// - Parameters:
  ///   - defaultStore: the store in which names without a path are looked up.
  ///   - warn: hears of a baseline file that can't be checked, because it carries no digest.
  package init(defaultStore: String, warn: @escaping @Sendable (String) -> Void) {
    (self.defaultStore, self.warn) = (defaultStore, warn)
  }

  /// Reads the results that `text` names.
  ///
  /// - Parameter preferred: the study that is taken out of a store where none is named, if the store has it.
  package func results(_ text: String, preferring preferred: String? = nil) throws -> StudyResults {
    if let place = try Self.existingFile(text) {
      return try Self.isSQLite(place)
        ? read(store: text, study: nil, preferring: preferred) : read(baselineFile: place)
    }
    if let mark = text.lastIndex(of: "#") {
      let path = String(text[..<mark])
      return try read(
        store: path.isEmpty ? defaultStore : path, study: String(text[text.index(after: mark)...]), preferring: nil)
    }
    guard FileManager.default.fileExists(atPath: defaultStore) else {
      throw UsageError(
        "\(text): no such file, and there is no store at \(defaultStore) that could have a baseline of that name")
    }
    let store = try Store(path: defaultStore, access: .readOnly)
    let baselines = try store.baselines()
    if let baseline = baselines.first(where: { $0.name == text }) {
      return try Self.read(baseline.document, from: "baseline \(PlainText.oneLine(text))")
    }
    let studies = try store.studies().map(\.name)
    if studies.contains(text) { return try Self.results(ofStudy: text, in: store) }
    if let mark = text.lastIndex(of: "@"), studies.contains(String(text[..<mark])) {
      throw UsageError(
        "\(PlainText.oneLine(text)) is a revision, and studies are compared by their latest one; bench diff says what "
          + "changed between two revisions, and a baseline (bench baseline save) keeps one to compare with")
    }
    throw UsageError(
      "\(PlainText.oneLine(text)): no such file, and no baseline or study of that name in \(defaultStore). Baselines: "
        + "\(listed(baselines.map { PlainText.oneLine($0.name) })); studies: \(listed(studies.map(PlainText.oneLine)))")
  }

  /// The first baseline of the name that `text` stands for, where it was renewed since: of a baseline file or of a
  /// baseline of the store.
  func anchor(_ text: String) throws -> StudyResults? {
    func read(_ name: String, _ body: () throws(BaselineError) -> StudyResults?) throws -> StudyResults? {
      do {
        return try body()
      } catch {
        throw OperationalError(
          "\(name), its anchor: \(error); save it anew with bench baseline save --new-anchor")
      }
    }
    if let place = try Self.existingFile(text) {
      guard !Self.isSQLite(place) else { return nil }
      let document = try Self.text(of: place)
      return try read(place.relativePath) { () throws(BaselineError) in try StudyResults.anchor(json: document) }
    }
    guard !text.contains("#"), FileManager.default.fileExists(atPath: defaultStore) else { return nil }
    let baselines = try Store(path: defaultStore, access: .readOnly).baselines()
    guard let anchor = baselines.first(where: { $0.name == text })?.anchor else { return nil }
    return try read("baseline \(PlainText.oneLine(text))") { () throws(BaselineError) in
      try StudyResults(json: anchor)
    }
  }

  /// The study of the default store that was at work last, or `preferred` where the store has it.
  func latest(preferring preferred: String?) throws -> StudyResults {
    try read(store: defaultStore, study: nil, preferring: preferred)
  }

  private func read(store path: String, study: String?, preferring preferred: String?) throws -> StudyResults {
    let store = try Store(path: path, access: .readOnly)
    return try Self.results(ofStudy: StudyChoice(study, preferring: preferred, in: store).name, in: store)
  }

  /// The results of a study of a store.
  static func results(ofStudy name: String, in store: Store) throws -> StudyResults {
    try results(store.study(named: name), in: store)
  }

  /// The results of a study's record, which the store has.
  static func results(_ record: StudyRecord, in store: Store) throws -> StudyResults {
    let origins = try store.origins(ofStudy: record.name, revision: record.revision)
      .mapValues { ($0.dataDigest, $0.environment) }
    var results = StudyResults(record, origins: origins)
    let names = ShortNames(record.configurations.map(\.configuration), axes: record.axes).names
    results.names = Dictionary(zip(record.configurations.map(\.hash), names)) { first, _ in first }
    return results
  }

  private func read(baselineFile place: URL) throws -> StudyResults {
    let text = try Self.text(of: place)
    let results = try Self.read(text, from: place.relativePath)
    if !BaselineDocument.isSealed(text) {
      warn(
        "warning: \(PlainText.oneLine(place.relativePath)) carries no digest, so nobody can tell whether it was changed; "
          + "bench baseline export writes one")
    }
    return results
  }

  private static func text(of place: URL) throws -> String {
    do {
      return try String(contentsOf: place, encoding: .utf8)
    } catch {
      throw OperationalError("\(place.relativePath): can't be read as text: \(SystemReason.of(error))")
    }
  }

  private static func read(_ document: String, from name: String) throws -> StudyResults {
    do {
      return try StudyResults(json: document)
    } catch {
      throw OperationalError("\(name): \(error); bench baseline export writes such a file")
    }
  }

  /// - Throws: ``UsageError`` where something else than a file lies there, which could be waited for for ever.
  private static func existingFile(_ path: String) throws -> URL? {
    switch FileKind(path: path) {
    case nil, .other("a directory"): return nil
    case .file: return URL(filePath: path)
    case let kind?:
      throw UsageError("\(PlainText.oneLine(path)): can't be compared with: \(kind.complaint ?? "it is not a file")")
    }
  }

  private static func isSQLite(_ place: URL) -> Bool {
    guard let file = try? FileHandle(forReadingFrom: place) else { return false }
    defer { try? file.close() }
    return (try? file.read(upToCount: 16)) == Data("SQLite format 3\0".utf8)
  }
}
