import Experiments
import Foundation
import Testing

@Suite struct ContentDigestTests {
  /// The examples of FIPS 180-4, as NIST publishes them.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func agreesWithThePublishedExamples(text: String, digest: String) {
    #expect(ContentDigest.hex(of: Array(text.utf8)) == digest)
    #expect(ContentDigest.bytes(of: Data(text.utf8)).map { String(format: "%02x", $0) }.joined() == digest)
  }

  @Test func piecesAreTheWhole() {
    let bytes = (0..<1000).map { UInt8($0 % 251) }
    var digest = ContentDigest()
    for start in stride(from: 0, to: bytes.count, by: 63) {
      digest.update(Array(bytes[start..<min(bytes.count, start + 63)]))
    }
    #expect(digest.hex() == ContentDigest.hex(of: bytes))
  }
}
