import Presentation

/// Draws a sheet of tiles on a canvas whose coordinates are pixels, from the top left.
struct TileChart {
  private var chart: Chart
  private var labels = 1
  private var blocks = 0
  private var y = 92.0
  private var farthest = 0.0
  private let sheet: TileSheet
  private let tileCount: Int

  private static let narrowest = 960
  private static let left = 176.0
  private static let right = 1176.0
  private static let gap = 8.0

  static func chart(_ sheet: TileSheet) -> Chart {
    var drawing = TileChart(sheet)
    for row in sheet.rows { drawing.draw(row) }
    return drawing.finished()
  }

  private init(_ sheet: TileSheet) {
    self.sheet = sheet
    tileCount = sheet.rows.reduce(0) { $0 + $1.tileCount }
    chart = Chart(
      name: sheet.name, title: sheet.title,
      caption: "Zero is white, positive values are blue, negative ones vermilion; full colour is "
        + (sheet.sharesScale
          ? "±\(NumberText.significant(Double(sheet.largest), 3))." : "the largest magnitude of the row."))
    chart.width = Self.narrowest
    chart.margins = .init(left: 0, right: 0, top: 0, bottom: 0)
    label(chart.caption, x: 14, y: 54, "left font ',12' textcolor rgb '\(ChartPalette.muted)'")
  }

  private func finished() -> Chart {
    var chart = chart
    chart.width = max(Self.narrowest, Int(farthest.rounded(.up)) + 24)
    chart.height = Int(y.rounded(.up)) + 8
    chart.setup =
      [
        "set xrange [0:\(chart.width)]", "set yrange [\(chart.height):0]", "unset grid", "unset border", "unset tics",
        "unset colorbox", "set cbrange [-1:1]",
        "set palette defined (-1 '#7a3300', -0.55 '#d55e00', 0 '#ffffff', 0.55 '#0072b2', 1 '#00304d')",
        "set style fill solid 1 noborder",
      ] + chart.setup
    return chart
  }

  private mutating func draw(_ row: TileSheet.Row) {
    let top = y
    label(PlainText.shortened(row.title, to: 20), x: 14, y: top + 8, "left textcolor rgb '\(ChartPalette.ink)'")
    for (index, note) in row.notes.enumerated() {
      label(
        PlainText.shortened(note, to: 25), x: 14, y: top + 27 + 16 * Double(index),
        "left font ',12' textcolor rgb '\(ChartPalette.muted)'")
    }
    switch row.content {
    case .tiles(let tiles): draw(tiles, of: row)
    case .image(let width, let height, let rgb): draw(width: width, height: height, rgb: rgb)
    case .bars(let bars): draw(bars)
    }
    y = max(y, top + 27 + 16 * Double(row.notes.count)) + 12
  }

  private mutating func draw(_ tiles: [TileSheet.Tile], of row: TileSheet.Row) {
    guard let first = tiles.first else { return }
    let scale = sheet.sharesScale ? sheet.largest : row.largest
    let side = side(first)
    let cell = side / Double(first.width)
    let height = cell * Double(first.height)
    let hasTitles = tiles.contains { !$0.title.isEmpty }
    var x = Self.left
    var lineTop = y
    for tile in tiles {
      if x + side > Self.right, x > Self.left {
        (x, lineTop) = (Self.left, lineTop + height + (hasTitles ? 24 : Self.gap))
      }
      let top = lineTop + (hasTitles ? 16 : 0)
      if hasTitles {
        label(tile.title, x: x, y: lineTop + 6, "left font ',11' textcolor rgb '\(ChartPalette.muted)'")
      }
      draw(tile, x: x, y: top, cell: cell, scale: Double(scale))
      x += side + Self.gap
      y = top + height
    }
  }

  /// The width of a tile: larger where the sheet has few, smaller where it would be high; a vector's is that of its cells.
  private func side(_ tile: TileSheet.Tile) -> Double {
    if tile.height * 3 < tile.width { return min(Double(tile.width) * 14, 64 * 14) }
    let side = tileCount <= 12 ? 150.0 : tileCount <= 40 ? 112 : 54
    return min(side, 200 * Double(tile.width) / Double(max(tile.height, 1)))
  }

  private mutating func draw(_ tile: TileSheet.Tile, x: Double, y: Double, cell: Double, scale: Double) {
    let divisor = scale > 0 ? scale : 1
    let columns = "using (\(text(x + cell / 2))+$1*\(text(cell))):(\(text(y + cell / 2))+$2*\(text(cell)))"
    let value = "($3/\(NumberText.exact(divisor)))"
    let (width, height) = (Double(tile.width) * cell, Double(tile.height) * cell)
    // gnuplot draws no picture of a single row or column, nor with values missing; few are sharper as rectangles.
    let isPicture = tile.values.count > 64 && tile.isFull && tile.width > 1 && tile.height > 1
    plot(
      isPicture
        ? "\(columns):\(value) with image"
        : "\(columns):(\(text(cell / 2))):(\(text(cell / 2))):\(value) with boxxyerror linecolor palette")
    frame(x: x, y: y, width: width, height: height)
    farthest = max(farthest, x + width)
    chart.data += "# \(PlainText.oneLine(tile.title)) column\trow\tvalue\n"
    for (index, number) in tile.values.enumerated() {
      let (column, row) = (index % tile.width, index / tile.width)
      chart.data += "\(column)\t\(row)\t\(number.isFinite ? "\(number)" : "NaN")\n"
      // Five characters, "−0.25", and some air.
      if cell >= 34 {
        label(
          Self.short(number), x: x + (Double(column) + 0.5) * cell, y: y + (Double(row) + 0.5) * cell,
          "center front font ',\(cell >= 46 ? 12 : 9)' textcolor rgb "
            + "'\(abs(Double(number)) / divisor > 0.5 ? "#fefefe" : "#000001")'")
      }
    }
    endBlock()
  }

  private mutating func draw(width: Int, height: Int, rgb: [UInt8]) {
    let cell = 112 / Double(max(width, 1))
    let columns = "using (\(text(Self.left + cell / 2))+$1*\(text(cell))):(\(text(y + cell / 2))+$2*\(text(cell)))"
    plot(
      width > 1 && height > 1
        ? "\(columns):3:4:5 with rgbimage"
        : "\(columns):(\(text(cell / 2))):(\(text(cell / 2))):(65536*$3+256*$4+$5) with boxxyerror linecolor rgb variable"
    )
    frame(x: Self.left, y: y, width: 112, height: Double(height) * cell)
    chart.data += "# column\trow\tred\tgreen\tblue\n"
    for index in 0..<width * height {
      chart.data +=
        "\(index % width)\t\(index / width)\t\(rgb[3 * index])\t\(rgb[3 * index + 1])\t\(rgb[3 * index + 2])\n"
    }
    endBlock()
    y += Double(height) * cell
  }

  private mutating func draw(_ bars: [TileSheet.Bar]) {
    let names = PlainText.distinct(bars.map(\.title), limit: 24)
    let start = Self.left + 12 + 9 * Double(names.map(\.terminalColumns).max() ?? 0)
    plot(
      "using (\(text(start))+$2*150):(\(text(y + 8))+$1*18):($2*150):(6):"
        + "($3>0?\(rgb(ChartPalette.series[0])):\(rgb(ChartPalette.pale))) with boxxyerror linecolor rgb variable")
    chart.data += "# place\tshare\tmarked\n"
    for (index, bar) in bars.enumerated() {
      chart.data += "\(index)\t\(bar.share)\t\(bar.isMarked ? 1 : 0)\n"
      let center = y + 8 + 18 * Double(index)
      label(names[index], x: start - 8, y: center, "right font ',12' textcolor rgb '\(ChartPalette.ink)'")
      label(
        ConfusionMatrix.percent(bar.share), x: start + 300 * min(1, max(0, bar.share)) + 8, y: center,
        "left font ',12' textcolor rgb '\(ChartPalette.muted)'")
    }
    endBlock()
    y += 18 * Double(bars.count)
  }

  private mutating func plot(_ text: String) { chart.plots.append("'\(sheet.name).tsv' index \(blocks) \(text)") }

  private mutating func endBlock() {
    chart.data += "\n\n"
    blocks += 1
  }

  private mutating func frame(x: Double, y: Double, width: Double, height: Double) {
    labels += 1
    chart.setup.append(
      "set object \(labels) rectangle from first \(text(x)),\(text(y)) to first \(text(x + width)),\(text(y + height)) "
        + "front fillstyle empty border linecolor rgb '\(ChartPalette.grid)' linewidth 0.8")
  }

  private mutating func label(_ words: String, x: Double, y: Double, _ style: String) {
    labels += 1
    chart.setup.append(
      "set label \(labels) \(GnuplotText.quoted(words)) at first \(text(x)), first \(text(y)) \(style)")
  }

  /// Two digits after the point, without zeros at the end.
  private static func short(_ number: Float) -> String {
    guard number.isFinite else { return NumberText.fixed(Double(number), 2) }
    let hundredths = (Double(number) * 100).rounded()
    let digits = hundredths.remainder(dividingBy: 100) == 0 ? 0 : hundredths.remainder(dividingBy: 10) == 0 ? 1 : 2
    return NumberText.fixed(Double(number), digits)
  }

  private func text(_ value: Double) -> String { NumberText.exact((value * 1e4).rounded() / 1e4) }

  private func rgb(_ color: String) -> String { "0x\(color.dropFirst())" }
}
