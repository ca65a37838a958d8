/// Colours of a terminal, or none.
package struct Palette: Sendable {
  /// Whether anything is coloured.
  package let isColoured: Bool

  /// Creates colours, or none.
  package init(isColoured: Bool) { self.isColoured = isColoured }

  package func good(_ text: String) -> String { coloured(text, 32) }
  package func warn(_ text: String) -> String { coloured(text, 33) }
  package func bad(_ text: String) -> String { coloured(text, 31) }
  package func accent(_ text: String) -> String { coloured(text, 36) }
  package func faint(_ text: String) -> String { coloured(text, 90) }

  private func coloured(_ text: String, _ code: Int) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
