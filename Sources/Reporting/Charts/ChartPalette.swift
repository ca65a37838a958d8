/// Colours that stay apart for colour-blind readers, after Okabe & Ito 2008, "Color universal design".
enum ChartPalette {
  static let ink = "#1f2328"
  static let muted = "#59636e"
  static let grid = "#dfe4ea"
  /// For what is shown but not named.
  static let pale = "#b6bec7"
  static let paper = "#ffffff"
  /// Blue, vermilion, green, purple, orange, sky blue; the yellow is too pale for lines.
  static let series = ["#0072b2", "#d55e00", "#009e73", "#b4559a", "#c98a00", "#3fa0dc"]

  /// A third of the colour on white, for what lies behind marks.
  static func tint(_ color: String) -> String { Color(color).mixed(with: Color(paper), share: 0.65).text }
}
