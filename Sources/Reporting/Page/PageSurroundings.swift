/// What lies beside a page, and whether it is written anew while its study runs.
struct PageSurroundings: Sendable {
  /// Files of the report that the page links to.
  var links: [String] = []
  /// Whether charts lie beside the page, in `charts/`.
  var hasFiles: Bool { !links.isEmpty }
  /// The folders in `trials/` that hold pictures of single trials: beginnings of their keys.
  var trialFolders: [String] = []
  /// How often an open page looks for a newer one; `nil` where nobody writes one.
  var renewalSeconds: Int?

  /// A page by itself.
  static let nothing = PageSurroundings()
}
