/// The page's look.
enum PageStyle {
  static let css: String = {
    let light = variables(dark: false)
    let dark = variables(dark: true)
    return """
      :root { color-scheme: light dark; \(light) }
      @media (prefers-color-scheme: dark) { :root { \(dark) } }
      * { box-sizing: border-box; }
      html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
      body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
      header, main, footer { max-width: 74rem; margin: 0 auto; padding: 0 1.25rem; }
      header { padding-top: 2rem; }
      h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .75rem; overflow-wrap: anywhere; }
      h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-top: .5rem; border-top: 1px solid var(--grid); }
      nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin: 0; padding: 0; }
      a { color: var(--link); }
      .skip { position: absolute; left: -100rem; }
      .skip:focus { left: 1rem; top: 1rem; background: var(--page); padding: .5rem; }
      p, li, figcaption { max-width: 48rem; overflow-wrap: anywhere; }
      li { margin: .3rem 0; }
      #ranking ul, #pairs ul, #images ul, #tuned ul, #history ul, #reading ul { font-size: .92rem; color: var(--muted); padding-left: 1.2rem; }
      .scroll { overflow-x: auto; border-radius: 6px; }
      .scroll:focus-visible, a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
      table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
      th, td { padding: .35rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--grid); }
      td { max-width: 26rem; overflow-wrap: anywhere; }
      th:first-child, td:first-child { padding-left: .2rem; }
      td:not(.right) { min-width: 7.5rem; }
      #trial-table td:first-child, #ranking td:nth-child(2), #tuned td:first-child { min-width: 12rem; }
      #failures td:last-child { min-width: 16rem; }
      td.right, th.right { text-align: right; white-space: nowrap; }
      td.center, th.center { text-align: center; }
      thead th { color: var(--muted); font-weight: 600; border-bottom: 2px solid var(--grid); vertical-align: bottom; }
      tbody th { font-weight: 500; color: var(--muted); white-space: nowrap; }
      tbody tr:hover { background: var(--hover); }
      figure { margin: 0 0 2rem; }
      figure svg { display: block; width: 100%; min-width: 22rem; max-width: 56rem; height: auto; background: var(--paper); border-radius: 6px; }
      figcaption { color: var(--muted); font-size: .92rem; margin-top: .4rem; }
      form { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; margin-bottom: .75rem; }
      input, select, button { font: inherit; color: inherit; background: var(--field); border: 1px solid var(--pale); border-radius: 6px; padding: .3rem .6rem; }
      button { cursor: pointer; }
      thead button { border: 0; background: none; padding: 0; font-weight: 600; color: var(--muted); text-align: inherit; white-space: nowrap; }
      thead button::after { content: " ↕"; color: var(--pale); }
      th[aria-sort="ascending"] button::after { content: " ↑"; color: var(--ink); }
      th[aria-sort="descending"] button::after { content: " ↓"; color: var(--ink); }
      .failed, .diverged, .stale { color: var(--alarm); font-weight: 600; }
      .warning { border-left: 4px solid var(--alarm); padding-left: .75rem; }
      output, footer { color: var(--muted); font-size: .92rem; }
      @media (max-width: 40rem) { body { font-size: 15px; } header, main, footer { padding: 0 .9rem; } header { padding-top: 1.25rem; } h1 { font-size: 1.4rem; } }
      @media print { nav, form, #more, .skip { display: none; } }
      """
  }()

  private static func variables(dark: Bool) -> String {
    let plain: [(String, String)] =
      dark
      ? [
        ("--page", "#0f1318"), ("--paper", "#0f1318"), ("--ink", "#e8ecf1"), ("--muted", "#a3adb8"),
        ("--grid", "#2b323b"), ("--pale", "#59636e"), ("--link", "#6cb6ff"), ("--hover", "#171d25"),
        ("--field", "#171d25"), ("--alarm", "#ff938a"), ("--muted-tint", "#39424d"),
      ]
      : [
        ("--page", ChartPalette.paper), ("--paper", ChartPalette.paper), ("--ink", ChartPalette.ink),
        ("--muted", ChartPalette.muted),
        ("--grid", ChartPalette.grid), ("--pale", ChartPalette.pale), ("--link", "#0a5cad"), ("--hover", "#f5f7f9"),
        ("--field", "#ffffff"), ("--alarm", "#b3261e"), ("--muted-tint", ChartPalette.tint(ChartPalette.muted)),
      ]
    let series = dark ? ["#58b0f5", "#ff9152", "#35cfa2", "#e596d3", "#efb73e", "#9ad4fb"] : ChartPalette.series
    let colors = series.enumerated().flatMap { index, color in
      let tint = dark ? Color(color).mixed(with: Color("#0f1318"), share: 0.6).text : ChartPalette.tint(color)
      return [("--series-\(index + 1)", color), ("--series-\(index + 1)-tint", tint)]
    }
    return (plain + colors).map { "\($0.0): \($0.1);" }.joined(separator: " ")
  }
}
