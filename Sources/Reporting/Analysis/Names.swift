import Presentation

extension String {
  /// The text with a capital at its beginning.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// The last part of a path, as people say it; the whole path where two end alike.
func shortName(_ path: String, among paths: [String]) -> String {
  let name = path.split(separator: ".").last.map(String.init) ?? path
  let isUnique = paths.filter { $0 == name || $0.hasSuffix(".\(name)") }.count <= 1
  let words = name == "lr" ? "learning rate" : name.replacing("_", with: " ")
  return PlainText.shortened(isUnique ? words : path, to: 40)
}
