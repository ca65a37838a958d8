/// Rows of small pictures of numbers: a layer's kernels, or what the layers of a network make of an example.
///
/// Zero is white, positive values are blue, negative ones vermilion.
public struct TileSheet: Sendable, Hashable {
  /// The files' name without extension.
  public var name: String
  /// What it shows, in one line.
  public var title: String
  /// The rows, top to bottom.
  public var rows: [Row]
  /// Whether one scale of colour holds for all rows, which can be compared then; otherwise each has its own.
  public var sharesScale: Bool

  /// Creates a sheet.
  public init(name: String, title: String, rows: [Row], sharesScale: Bool = false) {
    (self.name, self.title, self.rows, self.sharesScale) = (name, title, rows, sharesScale)
  }

  /// Pictures side by side and what stands to their left.
  public struct Row: Sendable, Hashable {
    /// The row's name.
    public var title: String
    /// Lines below the title, paler.
    public var notes: [String]
    /// The contents of the row.
    public var content: Content

    /// Creates a row.
    public init(title: String, notes: [String] = [], content: Content) {
      (self.title, self.notes, self.content) = (title, notes, content)
    }
  }

  /// The contents of a row.
  public enum Content: Sendable, Hashable {
    /// Numbers as colours.
    case tiles([Tile])
    /// An example as it looks, three bytes per pixel.
    case image(width: Int, height: Int, rgb: [UInt8])
    /// Named shares in [0, 1].
    case bars([Bar])
  }

  /// Numbers in rows and columns.
  public struct Tile: Sendable, Hashable {
    /// The text above it; may be empty.
    public var title: String
    /// Columns.
    public var width: Int
    /// Values row by row, from the top; the last row may be short.
    public var values: [Float]

    /// Creates a tile.
    public init(title: String = "", width: Int, values: [Float]) {
      precondition(width > 0)
      (self.title, self.width, self.values) = (title, width, values)
    }

    /// Rows.
    var height: Int { (values.count + width - 1) / width }

    /// Whether each of its places has a number.
    var isFull: Bool { values.count == width * height && values.allSatisfy(\.isFinite) }
  }

  /// A named share in [0, 1].
  public struct Bar: Sendable, Hashable {
    /// Its name.
    public var title: String
    /// The length of the bar, in [0, 1].
    public var share: Double
    /// Whether it stands out.
    public var isMarked: Bool

    /// Creates a bar.
    public init(title: String, share: Double, isMarked: Bool = false) {
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
