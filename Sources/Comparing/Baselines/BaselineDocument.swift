import Experiments
import Presentation

/// A baseline file as text that is passed on: what is not known here stays in it.
package struct BaselineDocument: Sendable, Hashable {
  /// The key under which a file carries its anchor: a whole baseline without an anchor of its own.
  package static let anchorKey = "anchor"
  /// The key under which a file carries the digest of all its other members.
  package static let digestKey = "digest"

  /// The members, but for anchor and digest.
  private let members: [JSONValue.Member]
  /// The study.
  package let study: String
  /// The first baseline of the name, where it is another than this one.
  private let anchorMembers: [JSONValue.Member]?

  /// Reads a baseline's text.
  ///
  /// - Throws: ``BaselineError`` where it is none.
  package init(_ text: String) throws(BaselineError) {
    // A later reader needs all of it to be right.
    study = try StudyResults(json: text).study
    var reader = JSONReader(Array(text.utf8))
    guard let root = try? reader.read().value, case .object(let all) = root else {
      throw BaselineError("this is not a baseline")
    }
    members = Self.withoutAnchor(all)
    if case .object(let anchor)? = root[Self.anchorKey] {
      anchorMembers = Self.withoutAnchor(anchor)
    } else {
      anchorMembers = nil
    }
  }

  private init(members: [JSONValue.Member], study: String, anchor: [JSONValue.Member]?) {
    (self.members, self.study) = (members, study)
    anchorMembers = anchor == members ? nil : anchor
  }

  /// This baseline with another one, or that one's own anchor where it has one, as its anchor.
  ///
  /// - Returns: Without an anchor where `earlier` is `nil` or holds the same results.
  package func anchored(to earlier: BaselineDocument?) -> BaselineDocument {
    BaselineDocument(members: members, study: study, anchor: earlier.map { $0.anchorMembers ?? $0.members })
  }

  /// The text in the layout of ``StudyResults/json``: the baseline's own lines are the same with and without an anchor.
  package var text: String {
    JSONValue.object(contents).documentText
  }

  /// All members but the digest.
  private var contents: [JSONValue.Member] {
    members + (anchorMembers.map { [JSONValue.Member(Self.anchorKey, .object($0))] } ?? [])
  }

  /// ``text`` with the digest of its contents as last member, which ``StudyResults/init(json:)`` holds them against.
  package var sealedText: String {
    let digest = JSONValue.Member(Self.digestKey, .string(Self.digest(of: .object(contents))))
    return JSONValue.object(contents + [digest]).documentText
  }

  /// Whether a baseline's text carries a digest; those of older programs do not.
  package static func isSealed(_ text: String) -> Bool {
    var reader = JSONReader(Array(text.utf8))
    return (try? reader.read().value)?[digestKey] != nil
  }

  /// SHA-256 in hexadecimal over a baseline's members but for the digest, as they mean and not as they are laid out:
  /// keys sorted, numbers in their shortest form, no white space.
  static func digest(of root: JSONValue) -> String {
    guard case .object(let members) = root else { return "" }
    let body = JSONValue.object(members.filter { $0.key != digestKey })
    return ContentDigest.hex(of: Array(canonical(body).compactText.utf8))
  }

  private static func canonical(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let items): return .array(items.map(canonical))
    case .object(let members):
      return .object(members.map { .init($0.key, canonical($0.value)) }.sorted { $0.key < $1.key })
    case .number(let number):
      if let whole = number.int { return .integer(whole) }
      return number.uint64.map { .number(JSONNumber($0)) } ?? .double(number.double)
    case .null, .bool, .string: return value
    }
  }

  private static func withoutAnchor(_ members: [JSONValue.Member]) -> [JSONValue.Member] {
    members.filter { $0.key != anchorKey && $0.key != digestKey }
  }
}
