import Foundation
import Presentation

/// A grid file and the files that it extends, one after the other.
struct GridBases {
  /// How many files may extend each other.
  static let maximumFiles = 16

  /// How messages call the files: the grid itself, then what it extends. The k-th is source −k of its positions.
  private(set) var files: [String]
  /// What all of them say together, or the grid alone where it extends none.
  private(set) var root: JSONNode
  /// Keys that stand twice.
  private(set) var duplicates: [JSONReader.DuplicateKey] = []

  /// Reads a grid and follows its `extends`.
  ///
  /// - Parameters:
  ///   - bytes: the grid file.
  ///   - file: how messages call it.
  ///   - folder: the folder from which its `extends` counts; empty is the working folder.
  ///   - load: reads another file.
  /// - Throws: what keeps a file from being JSON, and an `extends` that leads nowhere or in a circle.
  init(
    bytes: [UInt8], file: String, folder: String, load: (String) throws -> [UInt8]
  ) throws(GridErrors) {
    files = [file]
    root = try Self.parse(bytes, files, &duplicates)
    var chain = [root]
    var folder = folder
    while let node = chain[chain.count - 1]["extends"]?.value {
      let log = ErrorLog(files: files, root: chain[chain.count - 1])
      let name = Self.path(node, in: folder, log)
      try log.check()
      if let known = files.firstIndex(where: { Self.identity($0) == Self.identity(name) }) {
        let circle = (files[known...] + [name]).map { escaped($0) }.joined(separator: " → ")
        log.report(node.position, "is \(node.found), which makes a circle: \(circle); a grid can't extend itself")
      } else if files.count == Self.maximumFiles {
        log.report(
          node.position,
          "is \(node.found), and \(files.count) files extend each other already; put some of them together")
      }
      try log.check()
      var bytes: [UInt8] = []
      do { bytes = try load(name) } catch {
        log.report(
          node.position,
          "is \(node.found): \(error); expected the path of another grid, from the folder of this one")
      }
      try log.check()
      files.append(name)
      folder = (name as NSString).deletingLastPathComponent
      let base = try Self.parse(bytes, files, &duplicates)
      if base.members == nil {
        let log = ErrorLog(files: files, root: base)
        log.record(base.position, "a grid is an object; found \(base.found)")
        try log.check()
      }
      chain.append(base)
    }
    guard chain.count > 1 else { return }
    root = chain.dropLast().reversed().reduce(chain[chain.count - 1]) { $1.laid(over: $0) }
  }

  private static func path(_ node: JSONNode, in folder: String, _ log: ErrorLog) -> String {
    guard let text = node.string, !text.isEmpty, text.utf8.count <= 4_096, !text.contains("\0") else {
      log.report(node.position, "is \(node.found); expected the path of another grid, from the folder of this one")
      return ""
    }
    return text.hasPrefix("/") || folder.isEmpty ? text : (folder as NSString).appendingPathComponent(text)
  }

  private static func identity(_ name: String) -> String {
    URL(filePath: name).standardizedFileURL.resolvingSymlinksInPath().path
  }

  private static func parse(
    _ bytes: [UInt8], _ files: [String], _ duplicates: inout [JSONReader.DuplicateKey]
  ) throws(GridErrors) -> JSONNode {
    var reader = JSONReader(bytes, source: -Int32(files.count - 1), allowsComments: true)
    do {
      let root = try reader.read()
      duplicates += reader.duplicates
      return root
    } catch {
      let log = ErrorLog(files: files, root: nil)
      log.record(error.position, error.message, kind: .syntax)
      try log.check()
      preconditionFailure("an error was reported")
    }
  }
}

extension JSONNode {
  /// The grid with what it extends under it: its sections, variants, axes and settings are merged by key, all else
  /// replaces what was there.
  fileprivate func laid(over base: JSONNode) -> JSONNode {
    merged(over: base) { key, old, new in
      if let section = GridSection(rawValue: key) { return new.laid(over: old, section) }
      switch key {
      case "axes", "set": return new.merged(over: old) { $2 }
      case "variants": return new.merged(over: old) { $2.merged(over: $1) { $2 } }
      case "sample": return new.merged(over: old) { $0 == "axes" ? $2.merged(over: $1) { $2 } : $2 }
      default: return new
      }
    }
  }

  /// A section over the one that it extends: a changed choice drops the keys that it has no use for, as a point does.
  private func laid(over base: JSONNode, _ section: GridSection) -> JSONNode {
    guard let members, base.members != nil else { return self }
    var result = base
    for member in members {
      guard let path = try? GridPath("\(section.rawValue).\(member.key)") else { continue }
      let choice = Assignment(path: path, position: member.keyPosition, value: member.value)
      guard choice.mayDropKeys else { continue }
      result = (try? choice.applied(to: result)) ?? result
    }
    return deeplyMerged(over: result)
  }

  /// Objects merged by key at every depth, unless they are named differently.
  private func deeplyMerged(over base: JSONNode) -> JSONNode {
    merged(over: base) { _, old, new in
      old["name"]?.value.value == new["name"]?.value.value ? new.deeplyMerged(over: old) : new
    }
  }

  /// The members of both, those of the base first; `join` makes the value of a key that both have.
  private func merged(over base: JSONNode, _ join: (String, JSONNode, JSONNode) -> JSONNode) -> JSONNode {
    guard let members, let old = base.members else { return self }
    var result = old
    var places = Dictionary(old.indices.map { (old[$0].key, $0) }) { first, _ in first }
    for member in members {
      if let place = places[member.key] {
        result[place].keyPosition = member.keyPosition
        result[place].value = join(member.key, result[place].value, member.value)
      } else {
        places[member.key] = result.count
        result.append(member)
      }
    }
    return JSONNode(position: position, content: .object(result))
  }
}
