import Presentation

/// A picture as a gnuplot script and the data that it draws.
struct Chart: Sendable {
  /// The files' name without extension.
  var name: String
  /// The title in one line, which is also the text for readers who can't see the picture.
  var title: String
  /// The meaning of its marks.
  var caption: String
  /// The canvas in pixels.
  var width = 760
  var height = 460
  /// The space around the plot in pixels.
  var margins = Margins()
  /// Commands before the plot.
  var setup: [String] = []
  /// The parts of the plot command.
  var plots: [String] = []
  /// Several small plots on the canvas in the place of one; ``setup`` then comes before the first of them.
  var panels: [Panel] = []
  /// Tab-separated columns, blocks apart by two empty lines.
  var data = ""
  /// The picture, once it was drawn.
  var svg: String?

  /// The space around the plot in pixels.
  struct Margins: Sendable {
    var left = 78
    var right = 30
    var top = 58
    var bottom = 66
  }

  /// A small plot.
  struct Panel: Sendable {
    /// Its edges on the canvas in pixels, from the left and from the top.
    var left: Int
    var right: Int
    var top: Int
    var bottom: Int
    /// Commands before the plot.
    var setup: [String]
    /// The parts of the plot command.
    var plots: [String]
  }

  var plotHeight: Int { height - margins.top - margins.bottom }
  var plotWidth: Int { width - margins.left - margins.right }

  /// The whole script: it needs nothing but the data file beside it.
  var script: String {
    // A column of the heading's font is some twelve pixels wide.
    let heading =
      "set label 1 \(GnuplotText.quoted(PlainText.shortened(title, to: (width - 28) * 10 / 118))) at screen \(share(14, of: width)), "
      + "\(share(height - 24, of: height)) left font ',17' textcolor rgb '\(ChartPalette.ink)'"
    let before = panels.isEmpty ? place(margins.left, width - margins.right, margins.top, height - margins.bottom) : []
    let output = ["svg", "png"].flatMap { kind in
      ["", Gnuplot.terminal(kind, width: width, height: height), "set output '\(name).\(kind)'"]
        + (panels.isEmpty ? [kind == "svg" ? plot(plots) : "replot"] : drawnPanels([heading] + setup))
        + ["unset output"]
    }
    return """
      # Draws \(name).svg and \(name).png from \(name).tsv. In this folder: gnuplot -d \(name).gp
      \((Gnuplot.preamble + before + (panels.isEmpty ? [heading] + setup : []) + output).joined(separator: "\n"))

      """
  }

  private func plot(_ parts: [String]) -> String { "plot \\\n  \(parts.joined(separator: ", \\\n  "))" }

  /// The panels one after the other; `setup` is drawn with the first.
  private func drawnPanels(_ setup: [String]) -> [String] {
    ["set multiplot"] + setup
      + panels.flatMap { panel in
        place(panel.left, panel.right, panel.top, panel.bottom) + panel.setup + [
          plot(panel.plots), "unset label", "unset arrow",
        ]
      } + ["unset multiplot"]
  }

  /// The edges of a plot, from the left and from the top.
  private func place(_ left: Int, _ right: Int, _ top: Int, _ bottom: Int) -> [String] {
    [
      "set lmargin at screen \(share(left, of: width))", "set rmargin at screen \(share(right, of: width))",
      "set bmargin at screen \(share(height - bottom, of: height))",
      "set tmargin at screen \(share(height - top, of: height))",
    ]
  }

  /// The picture with its caption in a report's Markdown, and the files that it is made from.
  var markdown: String {
    "![\(Markdown.escaped(title))](charts/\(name).svg)\n\n\(Markdown.escaped(caption)) "
      + "([picture](charts/\(name).png), [script](charts/\(name).gp), [data](charts/\(name).tsv))\n\n"
  }

  /// A line of the data file.
  static func row(_ values: [Double]) -> String { values.map(NumberText.exact).joined(separator: "\t") + "\n" }

  /// The command for the title of the y axis, clear of the tics whatever their width.
  func uprightTitle(_ text: String) -> String {
    "set label 100000 \(GnuplotText.quoted(text)) at screen \(share(20, of: width)), graph 0.5 center rotate "
      + "textcolor rgb '\(ChartPalette.muted)'"
  }

  private func share(_ pixels: Int, of whole: Int) -> String {
    NumberText.exact((Double(pixels) / Double(whole) * 1e4).rounded() / 1e4)
  }
}
