/// XML in which names are never markup.
package enum XML {
  /// `text` for quoted attributes. Characters that XML 1.0 does not allow at all become spaces or go.
  package static func escaped(_ text: String) -> String {
    let allowed = text.unicodeScalars.filter { $0.value != 0xFFFE && $0.value != 0xFFFF }
    return HTML.escaped(String(String.UnicodeScalarView(allowed)))
  }
}
