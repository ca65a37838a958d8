import Experiments
import Files
import Foundation
import Presentation

/// A file's bytes, or what a pipe brings until it is closed.
///
/// - Parameter pipeLimit: how many bytes of a pipe are read at most; a pipe is refused where it is 0.
/// - Throws: ``UsageError`` that says which file and why.
package func readFile(_ url: URL, pipeLimit: Int = 0) throws -> [UInt8] {
  let kind = FileKind(path: url.path)
  if kind == .pipe, pipeLimit > 0 { return try readPipe(url, limit: pipeLimit) }
  if let complaint = kind?.complaint { throw UsageError("\(url.path): can't be read: \(complaint)") }
  do {
    return [UInt8](try Data(contentsOf: url))
  } catch {
    throw UsageError("\(url.path): can't be read: \(reasonAgainstReading(url) ?? SystemReason.of(error))")
  }
}

/// Reads a pipe to its end. One that nobody writes to would be waited for in vain.
private func readPipe(_ url: URL, limit: Int) throws -> [UInt8] {
  func refusal(_ reason: String) -> UsageError { UsageError("\(url.path): can't be read: \(reason)") }
  let patience = 10
  let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  guard descriptor >= 0 else { throw refusal(SystemReason.of()) }
  defer { close(descriptor) }
  var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
  while bytes.count <= limit {
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let ready = poll(&state, 1, Int32(patience * 1000))
    if ready < 0, errno == EINTR { continue }
    guard ready > 0 else { throw refusal("it is a pipe to which nobody wrote for \(patience) seconds") }
    let count = read(descriptor, &buffer, buffer.count)
    if count == 0 { return bytes }
    if count < 0, errno != EINTR, errno != EAGAIN { throw refusal(SystemReason.of()) }
    bytes += buffer.prefix(max(0, count))
  }
  throw refusal("the pipe brings more than \(limit) bytes")
}

/// The system's reason against reading a file; `nil` where it has none.
private func reasonAgainstReading(_ url: URL) -> String? {
  let descriptor = open(url.path, O_RDONLY)
  guard descriptor >= 0 else { return SystemReason.of() }
  defer { close(descriptor) }
  var byte: UInt8 = 0
  return read(descriptor, &byte, 1) < 0 ? SystemReason.of() : nil
}
