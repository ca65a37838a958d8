import Experiments

extension RemoteFile {
  /// SHA-256 of a file here, over what this file's digest is over.
  func digest(at path: String) throws(DatasetError) -> String {
    let source = try ByteSource(path: path, unpacks: digestOf == .contents)
    var hash = ContentDigest()
    while true {
      let bytes = try source.read(1 << 18)
      if bytes.isEmpty { break }
      hash.update(bytes)
    }
    return hash.hex()
  }
}
