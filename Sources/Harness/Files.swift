import Foundation
import Presentation

/// A file's bytes.
///
/// - Throws: ``UsageError`` that says which file and why.
func readFile(_ url: URL) throws -> [UInt8] {
  do {
    return [UInt8](try Data(contentsOf: url))
  } catch {
    throw UsageError("\(url.path): can't be read: \(reasonAgainstReading(url) ?? error.localizedDescription)")
  }
}

/// The system's reason against reading a file; `nil` where it has none.
private func reasonAgainstReading(_ url: URL) -> String? {
  let descriptor = open(url.path, O_RDONLY)
  guard descriptor >= 0 else { return String(cString: strerror(errno)) }
  defer { close(descriptor) }
  var byte: UInt8 = 0
  return read(descriptor, &byte, 1) < 0 ? String(cString: strerror(errno)) : nil
}

/// A word as a shell takes it literally.
package func shellQuoted(_ text: String) -> String {
  let safe =
    !text.isEmpty
    && text.unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "-_./".unicodeScalars.contains($0))
    }
  return safe ? text : "'" + PlainText.oneLine(text).replacing("'", with: "'\\''") + "'"
}
