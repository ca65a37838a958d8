import Experiments
import Presentation

extension String {
  /// The text with a capital at its beginning.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// What a setting is called, as people say it; the whole path where two would be called alike.
func shortName(_ path: String, among paths: [String]) -> String {
  let name = Setting.name(of: path, among: paths)
  return PlainText.shortened(
    name == path && path.contains(".") ? path : name == "lr" ? "learning rate" : name.replacing("_", with: " "), to: 40)
}
