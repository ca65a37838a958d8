/// The page's look: colours for light and dark, then the rules in `Resources`.
enum PageStyle {
  static let css: String = {
    let (light, dark) = (variables(dark: false), variables(dark: true))
    return """
      :root { color-scheme: light dark; \(light) }
      @media screen and (prefers-color-scheme: dark) { :root { \(dark) } }
      \(PageSource.style)
      """
  }()

  private static func variables(dark: Bool) -> String {
    let plain: [(String, String)] =
      dark
      ? [
        ("--page", "#0f1318"), ("--paper", "#0f1318"), ("--ink", "#e8ecf1"), ("--muted", "#a3adb8"),
        ("--grid", "#2b323b"), ("--pale", "#59636e"), ("--link", "#6cb6ff"), ("--hover", "#171d25"),
        ("--field", "#171d25"), ("--alarm", "#ff938a"), ("--mark", "#3a3213"), ("--shade", "rgba(0, 0, 0, .9)"),
        ("--muted-tint", "#39424d"),
      ]
      : [
        ("--page", ChartPalette.paper), ("--paper", ChartPalette.paper), ("--ink", ChartPalette.ink),
        ("--muted", ChartPalette.muted), ("--grid", ChartPalette.grid), ("--pale", ChartPalette.pale),
        ("--link", "#0a5cad"), ("--hover", "#f5f7f9"), ("--field", "#ffffff"), ("--alarm", "#b3261e"),
        ("--mark", "#fff3c4"), ("--shade", "rgba(31, 35, 40, .28)"),
        ("--muted-tint", ChartPalette.tint(ChartPalette.muted)),
      ]
    let series = dark ? ["#58b0f5", "#ff9152", "#35cfa2", "#e596d3", "#efb73e", "#9ad4fb"] : ChartPalette.series
    let colors = series.enumerated().flatMap { index, color in
      let tint = dark ? Color(color).mixed(with: Color("#0f1318"), share: 0.6).text : ChartPalette.tint(color)
      return [("--series-\(index + 1)", color), ("--series-\(index + 1)-tint", tint)]
    }
    return (plain + colors).map { "\($0.0): \($0.1);" }.joined(separator: " ")
  }
}
