import Foundation

/// Rows of small pictures, enlarged, each with a caption, on one white page: samples of a data set, mistakes, maps.
public struct PictureSheet: Hashable, Sendable {
  /// What stands above the rows; may be empty.
  public var title: String
  /// The rows, top to bottom.
  public var rows: [Row]

  /// Creates a sheet.
  public init(title: String, rows: [Row]) { (self.title, self.rows) = (title, rows) }

  /// Pictures side by side and what stands to their left.
  public struct Row: Hashable, Sendable {
    /// The row's name; may be empty.
    public var label: String
    /// What stands below the name, paler; may be empty.
    public var note: String
    /// The pictures.
    public var cells: [Cell]

    /// Creates a row.
    public init(label: String = "", note: String = "", cells: [Cell]) {
      (self.label, self.note, self.cells) = (label, note, cells)
    }
  }

  /// A picture and what stands below it.
  public struct Cell: Hashable, Sendable {
    /// The picture.
    public var picture: Picture
    /// The caption; may be empty, and is cut to the picture's width.
    public var caption: String

    /// Creates a cell.
    public init(_ picture: Picture, caption: String = "") { (self.picture, self.caption) = (picture, caption) }
  }

  /// The sheet as a PNG file.
  public func png() -> Data {
    let layout = SheetLayout(self)
    var canvas = Canvas(width: layout.width, height: layout.height)
    canvas.draw(title, x: layout.margin, y: layout.margin, dot: 2, colour: .ink)
    for (row, y) in zip(rows, layout.rowTops) {
      let labelY = y + max(0, (layout.pictureHeight(of: row) - (row.note.isEmpty ? 14 : 34)) / 2)
      canvas.draw(row.label, x: layout.margin, y: labelY, dot: 2, colour: .ink)
      canvas.draw(row.note, x: layout.margin, y: labelY + 20, dot: 2, colour: .pale)
      for (index, cell) in row.cells.enumerated() {
        let x = layout.cellLeft + index * (layout.cellWidth + layout.gap)
        let scale = layout.scale(of: cell.picture)
        canvas.draw(cell.picture, x: x, y: y, scale: scale)
        let width = max(layout.cellWidth, cell.picture.width * scale)
        let caption = BitmapFont.fitted(cell.caption, width: width / layout.captionDot)
        canvas.draw(
          caption, x: x, y: y + layout.pictureHeight(of: row) + 6, dot: layout.captionDot, colour: .ink)
      }
    }
    return Data(PNGEncoder.encoded(width: canvas.width, height: canvas.height, rgb: canvas.rgb))
  }

  /// Writes the PNG file in one step: it is there whole or not at all.
  public func write(to path: String) throws(DatasetError) {
    do { try png().write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
      throw .unwritable(path: path, reason: error.localizedDescription)
    }
  }
}

/// Where everything on a sheet lies, in pixels.
private struct SheetLayout {
  let margin = 24
  let gap = 8
  let captionDot = 2
  /// The width that pictures are enlarged towards.
  private let wanted = 96
  private(set) var cellLeft = 0
  private(set) var cellWidth = 0
  private(set) var width = 0
  private(set) var height = 0
  private(set) var rowTops: [Int] = []

  init(_ sheet: PictureSheet) {
    let labels = sheet.rows.flatMap { [$0.label, $0.note] }.map { BitmapFont.columns(of: $0).count * 2 }
    let labelWidth = labels.max() ?? 0
    cellLeft = margin + (labelWidth > 0 ? labelWidth + 20 : 0)
    cellWidth = sheet.rows.flatMap(\.cells).map { $0.picture.width * scale(of: $0.picture) }.max() ?? wanted
    let columns = sheet.rows.map(\.cells.count).max() ?? 0
    let cells = columns * (cellWidth + gap) - gap
    width = max(cellLeft + cells, margin + BitmapFont.columns(of: sheet.title).count * 2) + margin
    var y = margin + (sheet.title.isEmpty ? 0 : 34)
    for row in sheet.rows {
      rowTops.append(y)
      let hasCaptions = row.cells.contains { !$0.caption.isEmpty }
      y += max(pictureHeight(of: row), row.label.isEmpty ? 0 : 14) + (hasCaptions ? 30 : 0) + gap
    }
    height = y - gap + margin
  }

  func scale(of picture: Picture) -> Int { max(1, wanted / picture.width) }

  func pictureHeight(of row: PictureSheet.Row) -> Int {
    row.cells.map { $0.picture.height * scale(of: $0.picture) }.max() ?? 0
  }
}
