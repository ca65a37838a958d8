/// Neighbouring channels that are computed together, in one or two vectors.
struct ChannelBlock {
  /// The first channel.
  let first: Int
  /// The number of channels, at most `lanes`.
  let count: Int
  /// The number of lanes; those past `count` are computed and thrown away.
  let lanes: Int

  /// The block with this index of so many channels: the most lanes that a block has, but a last one as few as will do.
  init(_ index: Int, of channels: Int) {
    first = index * Self.mostLanes
    count = min(Self.mostLanes, channels - first)
    lanes = Self.lanes(count)
  }

  /// The number of blocks of so many channels.
  static func count(of channels: Int) -> Int { (channels + mostLanes - 1) / mostLanes }

  /// The lanes of all these blocks together.
  static func laneCount(_ channels: Int) -> Int {
    channels / mostLanes * mostLanes + lanes(channels % mostLanes)
  }

  /// The lanes of the largest block: two registers, so that each float that is read meets two vectors. One vector would
  /// wait for the reading: a processor reads no more floats at once than it multiplies vectors.
  static let mostLanes = 2 * floatsPerRegister

  private static func lanes(_ count: Int) -> Int {
    switch count {
    case 0: 0
    case ...8: 8
    case ...16: 16
    default: 32
    }
  }
}
