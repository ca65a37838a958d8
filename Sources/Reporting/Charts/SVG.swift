import Presentation

/// gnuplot's SVG made fit for pages.
enum SVG {
  /// The picture with its own title in place of gnuplot's.
  static func titled(_ svg: String, _ title: String) -> String {
    // The titles of its parts are lines of the script: as tooltips they would only puzzle.
    svg.replacing("<title>Gnuplot</title>", with: "<title>\(HTML.escaped(title))</title>", maxReplacements: 1)
      .replacing(/(<g id="gnuplot_plot_[^>]*>)<title>[^<]*<\/title>/) { String($0.1) }
  }

  /// The picture as a part of a page: ids unlike those of any other picture, and colours that follow the page's.
  ///
  /// Every picture of gnuplot's defines the same ids; a page with several would use the first one's for all.
  static func inlined(_ svg: String, id: String, title: String) -> String {
    guard let start = svg.range(of: "<svg") else { return "" }
    let parts = [
      ("id='gp", "id='\(id)-gp"), ("id=\"gp", "id=\"\(id)-gp"), ("href='#gp", "href='#\(id)-gp"),
      ("href=\"#gp", "href=\"#\(id)-gp"), ("id=\"gnuplot_", "id=\"\(id)-gnuplot_"),
      ("id='textbox'", "id='\(id)-textbox'"), ("id='greybox'", "id='\(id)-greybox'"),
      ("url(#textbox)", "url(#\(id)-textbox)"), ("url(#greybox)", "url(#\(id)-greybox)"),
    ]
    let colors = themed.flatMap { color, variable in forms(of: Color(color)).map { ($0, "var(\(variable))") } }
    let opening = "<svg role=\"img\" aria-label=\"\(HTML.escaped(title))\""
    return opening + Replacements(parts + colors).text(of: Array(svg.utf8[start.upperBound...]))
  }

  /// Colours of the charts and the page's variables for them.
  static let themed: [(color: String, variable: String)] =
    [
      (ChartPalette.ink, "--ink"), (ChartPalette.muted, "--muted"), (ChartPalette.grid, "--grid"),
      (ChartPalette.pale, "--pale"),
      (ChartPalette.paper, "--paper"),
      (ChartPalette.tint(ChartPalette.muted), "--muted-tint"),
    ] + ChartPalette.series.enumerated().map { ($1, "--series-\($0 + 1)") }
    + ChartPalette.series.enumerated().map { (ChartPalette.tint($1), "--series-\($0 + 1)-tint") }

  /// The ways in which gnuplot writes a colour.
  private static func forms(of color: Color) -> [String] {
    let parts = [color.red, color.green, color.blue].map { String(Int(($0 * 255).rounded())) }
    let padded = parts.map { TerminalText.right($0, 3) }
    return [
      "rgb(\(padded.joined(separator: ", ")))", "rgb(\(parts.joined(separator: ",")))", color.text,
      color.text.uppercased(),
    ]
  }
}
