import Foundation

/// Rows of small pictures, enlarged, each with a caption, on one white page: samples of a data set, mistakes, maps.
package struct PictureSheet: Hashable, Sendable {
  /// The text above the rows; may be empty.
  package var title: String
  /// The rows, top to bottom.
  package var rows: [Row]

  /// Creates a sheet.
  package init(title: String, rows: [Row]) { (self.title, self.rows) = (title, rows) }

  /// Pictures side by side and what stands to their left.
  package struct Row: Hashable, Sendable {
    /// The row's name; may be empty.
    package var label: String
    /// The text below the name, paler; may be empty.
    package var note: String
    /// The pictures.
    package var cells: [Cell]

    /// Creates a row.
    package init(label: String = "", note: String = "", cells: [Cell]) {
      (self.label, self.note, self.cells) = (label, note, cells)
    }
  }

  /// A picture and what stands below it.
  package struct Cell: Hashable, Sendable {
    /// The picture.
    package var picture: Picture
    /// The caption, up to three lines; may be empty. The cells grow with it to half again a picture's width, from there
    /// on it is cut.
    package var caption: String

    /// Creates a cell.
    package init(_ picture: Picture, caption: String = "") { (self.picture, self.caption) = (picture, caption) }
  }

  /// A sheet with one row per class: its first examples.
  ///
  /// - Parameters:
  ///   - classes: the classes' names, with a note for each.
  ///   - labels: the class of each example, as an index.
  ///   - columns: how many examples a row shows at most.
  ///   - picture: the picture of an example.
  package static func samples(
    title: String, classes: [(name: String, note: String)], labels: [Int], columns: Int, picture: (Int) -> Picture
  ) -> PictureSheet {
    var indices = [[Int]](repeating: [], count: classes.count)
    for (index, label) in labels.enumerated() where indices[label].count < columns { indices[label].append(index) }
    let rows = zip(classes, indices).map { of, indices in
      Row(label: of.name, note: of.note, cells: indices.map { Cell(picture($0)) })
    }
    return PictureSheet(title: title, rows: rows)
  }

  /// The sheet as a PNG file.
  package func png() -> Data {
    let layout = SheetLayout(self)
    var canvas = Canvas(width: layout.width, height: layout.height)
    let titleWidth = (layout.width - 2 * layout.margin) / 2
    canvas.draw(BitmapFont.fitted(title, width: titleWidth), x: layout.margin, y: layout.margin, dot: 2, colour: .ink)
    for (row, y) in zip(rows, layout.rowTops) {
      let labelY = y + max(0, (layout.pictureHeight(of: row) - (row.note.isEmpty ? 14 : 34)) / 2)
      for (text, line, colour) in [(row.label, 0, Canvas.Colour.ink), (row.note, 1, .pale)] {
        canvas.draw(
          BitmapFont.fitted(text, width: layout.labelLimit / 2), x: layout.margin,
          y: labelY + line * layout.lineHeight, dot: 2, colour: colour)
      }
      for (index, cell) in row.cells.enumerated() {
        let x = layout.cellLeft + index * (layout.cellWidth + layout.gap)
        canvas.draw(cell.picture, x: x, y: y, scale: layout.scale(of: cell.picture))
        for (line, text) in cell.captionLines.enumerated() {
          canvas.draw(
            BitmapFont.fitted(text, width: layout.cellWidth / 2), x: x,
            y: y + layout.pictureHeight(of: row) + 6 + line * layout.lineHeight, dot: 2, colour: .ink)
        }
      }
    }
    return Data(PNGEncoder.encoded(width: canvas.width, height: canvas.height, rgb: canvas.rgb))
  }
}

extension PictureSheet.Cell {
  fileprivate var captionLines: [String] { caption.split(separator: "\n").prefix(3).map(String.init) }
}

/// Where everything on a sheet lies, in pixels. Text has dots of two pixels.
private struct SheetLayout {
  let margin = 24
  let gap = 10
  let lineHeight = 2 * BitmapFont.lineHeight
  /// The widest that a label may be.
  let labelLimit = 300
  /// The width that pictures are enlarged towards.
  private let wanted = 96
  /// The least height, in pixels, of an enlarged picture that is one pixel high, a vector.
  private let lowest = 12
  private(set) var cellLeft = 0
  private(set) var cellWidth = 0
  private(set) var width = 0
  private(set) var height = 0
  private(set) var rowTops: [Int] = []

  init(_ sheet: PictureSheet) {
    func textWidth(_ text: String) -> Int { BitmapFont.columns(of: text).count * 2 }
    let labelWidth = sheet.rows.flatMap { [$0.label, $0.note] }.map(textWidth).max() ?? 0
    cellLeft = margin + (labelWidth > 0 ? min(labelWidth, labelLimit) + 20 : 0)
    let cells = sheet.rows.flatMap(\.cells)
    let pictureWidth = cells.map { $0.picture.width * scale(of: $0.picture).x }.max() ?? wanted
    let captionWidth = cells.flatMap(\.captionLines).map(textWidth).max() ?? 0
    cellWidth = max(pictureWidth, min(captionWidth, wanted * 3 / 2))
    let columns = max(1, sheet.rows.map(\.cells.count).max() ?? 1)
    let cellRight = cellLeft + columns * (cellWidth + gap) - gap
    width = max(cellRight, min(margin + textWidth(sheet.title), 800)) + margin
    var y = margin + (sheet.title.isEmpty ? 0 : 34)
    for row in sheet.rows {
      rowTops.append(y)
      let lines = row.cells.map(\.captionLines.count).max() ?? 0
      let text = row.label.isEmpty && row.note.isEmpty ? 0 : 2 * lineHeight
      y += max(pictureHeight(of: row) + (lines > 0 ? lines * lineHeight + 12 : 0), text) + gap
    }
    height = y - (sheet.rows.isEmpty ? 0 : gap) + margin
  }

  /// The width and height, in pixels, of each of a picture's pixels.
  func scale(of picture: Picture) -> (x: Int, y: Int) {
    let scale = max(1, wanted / picture.width)
    return (scale, picture.height * scale < lowest ? lowest / picture.height : scale)
  }

  func pictureHeight(of row: PictureSheet.Row) -> Int {
    row.cells.map { $0.picture.height * scale(of: $0.picture).y }.max() ?? 0
  }
}
