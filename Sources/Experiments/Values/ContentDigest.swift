import Crypto
import Foundation

/// SHA-256 of bytes.
public enum ContentDigest {
  /// The length of a digest in bytes.
  public static let byteCount = SHA256.byteCount

  /// The digest itself.
  public static func bytes(of data: some DataProtocol) -> Data { Data(SHA256.hash(data: data)) }

  /// The digest in hexadecimal.
  public static func hex(of data: some DataProtocol) -> String { hex(SHA256.hash(data: data)) }

  static func hex(_ digest: SHA256.Digest) -> String {
    digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
