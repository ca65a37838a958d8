import Presentation

/// The folders of a study's configurations: names that people know, fit for a path, no two alike.
enum RunFolders {
  /// A folder's name for each configuration.
  ///
  /// A name of letters, digits, spaces and a few signs stays as it is, a `·` becomes a comma. Any other is changed and
  /// gets a mark, and names that are alike where capitals count for nothing get the configuration's hash.
  ///
  /// - Parameter hashes: the configurations' hashes, no two alike.
  static func names(_ names: [String], hashes: [String]) -> [String] {
    let plain = names.map { Self.plain($0) ?? FolderName.safe($0) }
    if areDistinct(plain) { return plain }
    var counts: [String: Int] = [:]
    for name in plain { counts[name.lowercased(), default: 0] += 1 }
    let short = hashes.map { String($0.prefix(12)) }
    let hashed = zip(plain, areDistinct(short) ? short : hashes).map {
      counts[$0.lowercased()] == 1 ? $0 : "\($0) \($1)"
    }
    // A name may look like another with its hash.
    return areDistinct(hashed) ? hashed : hashes
  }

  /// A name that is fit for a path on any file system; `nil` where one is not.
  private static func plain(_ name: String) -> String? {
    let name = name.replacing(" · ", with: ", ")
    let isFit =
      !name.isEmpty && name.utf8.count <= 60
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: " ,-_.=+()#".utf8.contains(byte)
        }
      }
    // Windows drops spaces and points at the end, and a point at the beginning hides.
    guard isFit, let first = name.first, let last = name.last, !" .-".contains(first), !" .".contains(last) else {
      return nil
    }
    // Devices of Windows, and what was made safe before.
    let lower = name.lowercased()
    return lower.contains(" ") || FolderName.safe(lower) == lower || name.contains(where: { ",=+()#".contains($0) })
      ? name : nil
  }

  private static func areDistinct(_ names: [String]) -> Bool { Set(names.map { $0.lowercased() }).count == names.count }
}
