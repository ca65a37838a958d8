import COpenSSL
import Foundation
import Presentation

/// SHA-256, over bytes that come in pieces.
///
/// By the system's libcrypto: nothing of it is compiled here.
package struct ContentDigest: ~Copyable {
  /// The length of a digest in bytes.
  package static let byteCount = 32

  private let context: OpaquePointer

  /// Begins a digest of no bytes.
  package init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto gives no SHA-256: there is no memory, or its configuration forbids it")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Adds bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(status == 1, "libcrypto takes no more bytes")
  }

  /// Adds bytes.
  package mutating func update(_ bytes: some ContiguousBytes) { bytes.withUnsafeBytes { update($0) } }

  /// The digest of all bytes.
  package consuming func bytes() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Self.byteCount)
    let status = EVP_DigestFinal_ex(context, &digest, nil)
    precondition(status == 1, "libcrypto does not end its digest")
    return digest
  }

  /// The digest of all bytes in hexadecimal, 64 small letters and digits.
  package consuming func hex() -> String { hexadecimal(bytes()) }

  /// The digest of `bytes`.
  package static func bytes(of bytes: some ContiguousBytes) -> Data {
    var digest = ContentDigest()
    digest.update(bytes)
    return Data(digest.bytes())
  }

  /// The digest of `bytes` in hexadecimal.
  package static func hex(of bytes: some ContiguousBytes) -> String {
    var digest = ContentDigest()
    digest.update(bytes)
    return digest.hex()
  }
}
