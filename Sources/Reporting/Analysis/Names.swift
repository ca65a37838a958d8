import Experiments
import Presentation

extension String {
  /// The text with a capital at its beginning.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// What a setting is called, as people say it; the whole path where two would be called alike.
func shortName(_ path: String, among paths: [String]) -> String {
  PlainText.shortened(Setting.title(of: path, among: paths), to: 40)
}
