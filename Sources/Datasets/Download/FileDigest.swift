import Crypto
import Foundation

extension RemoteFile {
  /// SHA-256 of a file here, over what this file's digest is over.
  func digest(at path: String) throws(DatasetError) -> String {
    let source = try ByteSource(path: path, unpacks: digestOf == .contents)
    var hash = SHA256()
    while true {
      let bytes = try source.read(1 << 18)
      if bytes.isEmpty { break }
      hash.update(data: bytes)
    }
    return hash.finalize().hexadecimal
  }
}
