/// Neighbouring channels that are computed together, in one vector of 16 lanes or of 8.
struct ChannelBlock {
  /// The first channel.
  let first: Int
  /// The number of channels, at most `lanes`.
  let count: Int
  /// The number of lanes, 8 or 16; those past `count` are computed and thrown away.
  let lanes: Int

  /// The block with this index of so many channels: 16 lanes, but 8 for a last block where they are enough.
  init(_ index: Int, of channels: Int) {
    first = index * 16
    count = min(16, channels - first)
    lanes = count <= 8 ? 8 : 16
  }

  /// The number of blocks of so many channels.
  static func count(of channels: Int) -> Int { (channels + 15) / 16 }

  /// The lanes of all these blocks together.
  static func laneCount(_ channels: Int) -> Int { (channels + 7) / 8 * 8 }
}
