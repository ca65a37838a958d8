import Experiments
import Presentation

/// A baseline file as text that is passed on: what is not known here stays in it.
public struct BaselineDocument: Sendable, Hashable {
  /// The key under which a file carries its anchor: a whole baseline without an anchor of its own.
  public static let anchorKey = "anchor"

  /// The members, but for the anchor.
  private let members: [JSONValue.Member]
  /// The study.
  public let study: String
  /// The first baseline of the name, where it is another than this one.
  private let anchorMembers: [JSONValue.Member]?

  /// Reads a baseline's text.
  ///
  /// - Throws: ``BaselineFault`` where it is none.
  public init(_ text: String) throws(BaselineFault) {
    // Whoever reads the file later will want all of it to be right.
    study = try StudyResults(json: text).study
    var reader = JSONReader(Array(text.utf8))
    guard let root = try? reader.read().value, case .object(let all) = root else {
      throw BaselineFault("this is no baseline")
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
  public func anchored(to earlier: BaselineDocument?) -> BaselineDocument {
    BaselineDocument(members: members, study: study, anchor: earlier.map { $0.anchorMembers ?? $0.members })
  }

  /// Whether the file carries an anchor.
  public var hasAnchor: Bool { anchorMembers != nil }

  /// The text in the layout of ``StudyResults/json``: the baseline's own lines are the same with and without an anchor.
  public var text: String {
    let anchor = anchorMembers.map { [JSONValue.Member(Self.anchorKey, .object($0))] } ?? []
    return JSONValue.object(members + anchor).documentText
  }

  private static func withoutAnchor(_ members: [JSONValue.Member]) -> [JSONValue.Member] {
    members.filter { $0.key != anchorKey }
  }
}
