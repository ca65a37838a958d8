/// Rows of small pictures of numbers: a layer's kernels, or what the layers of a network make of an example.
///
/// Zero is white, positive values are blue, negative ones vermilion.
package struct TileSheet: Sendable, Hashable {
  /// The files' name without extension.
  package var name: String
  /// What it shows, in one line.
  package var title: String
  /// The rows, top to bottom.
  package var rows: [Row]
  /// Whether one scale of colour holds for all rows, which can be compared then; otherwise each has its own.
  package var sharesScale: Bool

  /// Creates a sheet.
  package init(name: String, title: String, rows: [Row], sharesScale: Bool = false) {
    (self.name, self.title, self.rows, self.sharesScale) = (name, title, rows, sharesScale)
  }

  /// Pictures side by side and what stands to their left.
  package struct Row: Sendable, Hashable {
    /// The row's name.
    package var title: String
    /// Lines below the title, paler.
    package var notes: [String]
    /// The contents of the row.
    package var content: Content

    /// Creates a row.
    package init(title: String, notes: [String] = [], content: Content) {
      (self.title, self.notes, self.content) = (title, notes, content)
    }
  }

  /// The contents of a row.
  package enum Content: Sendable, Hashable {
    /// Numbers as colours.
    case tiles([Tile])
    /// An example as it looks, three bytes per pixel.
    case image(width: Int, height: Int, rgb: [UInt8])
    /// Named shares in [0, 1].
    case bars([Bar])
  }

  /// Numbers in rows and columns.
  package struct Tile: Sendable, Hashable {
    /// The text above it; may be empty.
    package var title: String
    /// Columns.
    package var width: Int
    /// Values row by row, from the top; the last row may be short.
    package var values: [Float]

    /// Creates a tile.
    package init(title: String = "", width: Int, values: [Float]) {
      precondition(width > 0)
      (self.title, self.width, self.values) = (title, width, values)
    }

    /// Rows.
    var height: Int { (values.count + width - 1) / width }

    /// Whether each of its places has a number.
    var isFull: Bool { values.count == width * height && values.allSatisfy(\.isFinite) }
  }

  /// A named share in [0, 1].
  package struct Bar: Sendable, Hashable {
    /// Its name.
    package var title: String
    /// The length of the bar, in [0, 1].
    package var share: Double
    /// Whether it stands out.
    package var isMarked: Bool

    /// Creates a bar.
    package init(title: String, share: Double, isMarked: Bool = false) {
      (self.title, self.share, self.isMarked) = (title, share, isMarked)
    }
  }
}

extension TileSheet {
  /// The largest magnitude of its finite values.
  var largest: Float { rows.map(\.largest).max() ?? 0 }
}

extension TileSheet.Row {
  private var tiles: [TileSheet.Tile] {
    if case .tiles(let tiles) = content { tiles } else { [] }
  }

  /// The number of its tiles.
  var tileCount: Int { tiles.count }

  /// The largest magnitude of its finite values.
  var largest: Float { tiles.flatMap(\.values).filter(\.isFinite).reduce(0) { max($0, abs($1)) } }
}
