/// Users' names made fit for a path.
package enum FolderName {
  /// A name of lower-case ASCII letters, digits, `-`, `_` and `.`, never hidden, empty, reserved or long.
  ///
  /// A name that is already like that stays as it is. Any other gets a mark made from all of its bytes, so that
  /// distinct names stay distinct, on file systems that ignore case too.
  package static func safe(_ name: String) -> String {
    if isFit(name) { return name }
    var stem = ""
    for scalar in name.unicodeScalars where stem.utf8.count < 40 {
      switch scalar {
      case "a"..."z", "0"..."9", "_": stem.unicodeScalars.append(scalar)
      case "A"..."Z": stem += String(scalar).lowercased()
      default: if stem.last != "-" { stem += "-" }
      }
    }
    stem = stem.trimmed(of: ["-", "_"])
    return "\(stem.isEmpty ? "study" : stem)-\(mark(of: name))"
  }

  private static func isFit(_ name: String) -> Bool {
    guard let first = name.first, let last = name.last, name.utf8.count <= 60 else { return false }
    let isPlain = name.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-_.".utf8.contains($0) }
    let isMarked = name.count > 17 && name.dropLast(16).hasSuffix("-") && name.suffix(16).allSatisfy(\.isHexDigit)
    return isPlain && first != "." && first != "-" && last != "." && !isMarked && !isReserved(name)
  }

  /// Names that Windows keeps for devices, with any extension.
  private static func isReserved(_ name: String) -> Bool {
    let stem = name.prefix { $0 != "." }
    let numbered = stem.count == 4 && (stem.hasPrefix("com") || stem.hasPrefix("lpt")) && stem.last?.isNumber == true
    return numbered || ["con", "prn", "aux", "nul"].contains(stem)
  }

  /// FNV-1a, 64 bits. Source: Fowler, Noll & Vo.
  private static func mark(of name: String) -> String {
    let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return hexadecimal(hash, bytes: 8)
  }
}

extension String {
  fileprivate func trimmed(of characters: Set<Character>) -> String {
    let start = drop { characters.contains($0) }
    return String(start.reversed().drop { characters.contains($0) }.reversed())
  }
}
