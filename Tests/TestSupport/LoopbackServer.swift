import Foundation
import Synchronization

/// A small HTTP server on the loopback interface, on a port that the system chooses.
///
/// It answers one request a connection, as the closure says; it can break off, dawdle and ignore `Range`.
package final class LoopbackServer: Sendable {
  package struct Request: Hashable, Sendable {
    package var path: String
    /// Where a `Range: bytes=N-` begins.
    package var rangeStart: Int?
    package var body: [UInt8]
  }

  package struct Response {
    package var status: Int
    package var body: [UInt8]
    /// A header's name and value for a line of its own.
    package var header: (name: String, value: String)?
    /// How many bytes of the body are announced; `nil` announces all.
    package var announced: Int?
    /// After how many bytes of the body the connection is closed; `nil` sends all.
    package var breaksOffAfter: Int?
    /// How long it waits before the rest of the body once half is sent.
    package var pauseMicroseconds: UInt32

    package init(
      status: Int = 200, body: [UInt8] = [], header: (name: String, value: String)? = nil, announced: Int? = nil,
      breaksOffAfter: Int? = nil, pauseMicroseconds: UInt32 = 0
    ) {
      (self.status, self.body, self.header, self.announced) = (status, body, header, announced)
      (self.breaksOffAfter, self.pauseMicroseconds) = (breaksOffAfter, pauseMicroseconds)
    }
  }

  private let descriptor: Int32
  package let port: Int
  private let log = Mutex<[Request]>([])
  private let answer: @Sendable (Request) -> Response

  package var requests: [Request] { log.withLock { $0 } }
  package var address: String { "http://127.0.0.1:\(port)/" }

  package init(answer: @escaping @Sendable (Request) -> Response) throws {
    self.answer = answer
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(descriptor, generic, length) == 0 && listen(descriptor, 16) == 0
          && getsockname(descriptor, generic, &length) == 0
      }
    }
    port = Int(UInt16(bigEndian: address.sin_port))
    guard bound else { throw CocoaError(.fileReadUnknown) }
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0, let self else { return }
        Thread.detachNewThread { self.serve(connection) }
      }
    }
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }

  /// Answers like a file server that knows `Range`.
  package static func ranged(_ body: [UInt8], _ request: Request) -> Response {
    guard let start = request.rangeStart else { return Response(body: body) }
    return start < body.count ? Response(status: 206, body: Array(body[start...])) : Response(status: 416)
  }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    guard let request = Self.readRequest(connection) else { return }
    log.withLock { $0.append(request) }
    let response = answer(request)
    var head = "HTTP/1.1 \(response.status) Answer\r\nConnection: close\r\n"
    head += "Content-Length: \(response.announced ?? response.body.count)\r\n"
    if let header = response.header { head += "\(header.name): \(header.value)\r\n" }
    if response.status == 206, let start = request.rangeStart {
      let total = start + response.body.count
      head += "Content-Range: bytes \(start)-\(total - 1)/\(total)\r\n"
    }
    Self.send(Array((head + "\r\n").utf8), to: connection)
    let body = response.body.prefix(response.breaksOffAfter ?? .max)
    Self.send(Array(body.prefix(body.count / 2)), to: connection)
    usleep(response.pauseMicroseconds)
    Self.send(Array(body.dropFirst(body.count / 2)), to: connection)
  }

  private static func readRequest(_ connection: Int32) -> Request? {
    var (bytes, buffer) = (Data(), [UInt8](repeating: 0, count: 4096))
    var head: Range<Data.Index>?
    while head == nil {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0, bytes.count < 65536 else { return nil }
      bytes += buffer.prefix(count)
      head = bytes.range(of: Data("\r\n\r\n".utf8))
    }
    guard let head else { return nil }
    let text = String(decoding: bytes[..<head.lowerBound], as: UTF8.self) + "\r\n"
    let length = text.lowercased().firstMatch(of: /content-length: *([0-9]+)/).flatMap { Int($0.1) } ?? 0
    var body = Array(bytes[head.upperBound...])
    while body.count < length {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      body += buffer.prefix(count)
    }
    let words = text.split(separator: " ")
    guard words.count > 1 else { return nil }
    let range = text.split(separator: "\r\n").first { $0.lowercased().hasPrefix("range: bytes=") }
    return Request(
      path: String(words[1]), rangeStart: range.flatMap { Int($0.dropFirst(13).dropLast()) }, body: body)
  }

  private static func send(_ bytes: [UInt8], to connection: Int32) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        let rest = UnsafeRawBufferPointer(rebasing: buffer[sent...])
        return Foundation.send(connection, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }
}
