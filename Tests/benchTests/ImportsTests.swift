import Foundation
import Testing

/// Every source file imports, and every target of Package.swift depends on, only what the table of the design allows.
@Suite struct ImportsTests {
  static let libc: Set<String> = ["Glibc", "Musl", "Darwin"]
  static let everybody = libc.union(["Foundation", "Dispatch", "Synchronization"])

  /// The table of `Sources/bench/bench.docc/Design.md`: each target, and what it may import.
  static let allowed: [String: Set<String>] = {
    let page = sources.appending(path: "bench/bench.docc/Design.md")
    let rows = ((try? String(contentsOf: page, encoding: .utf8)) ?? "").split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      return cells.count == 4 && cells[0].hasPrefix("`") ? cells : nil
    }
    return Dictionary(
      uniqueKeysWithValues: rows.map { cells in
        let names = (cells[2] + ", " + cells[3]).split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        return (cells[0].trimmingCharacters(in: ["`"]), Set(names).subtracting(["–"]))
      })
  }()

  static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources")

  @Test(arguments: allowed.keys.sorted())
  func importsOnlyWhatTheDesignAllows(target: String) throws {
    let permitted = try #require(Self.allowed[target])
    let files = try swiftFiles(of: target)
    #expect(!files.isEmpty, "\(target) has no files")
    for file in files {
      for module in try imports(of: file) {
        let isCommon = (target == "Kernels" ? Self.libc : Self.everybody).contains(module)
        #expect(
          isCommon || permitted.contains(module),
          "\(file.lastPathComponent) of \(target) imports \(module); allowed: \(permitted.sorted())")
      }
    }
  }

  @Test func everyTargetIsInTheTable() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path)
    let own = folders.filter { folder in
      // The others stand for libraries of the system.
      !FileManager.default.fileExists(atPath: Self.sources.appending(path: "\(folder)/module.modulemap").path)
    }
    #expect(Set(own) == Set(Self.allowed.keys))
  }

  @Test(arguments: allowed.keys.sorted())
  func dependsOnlyOnWhatTheDesignAllows(target: String) throws {
    let package = Self.sources.deletingLastPathComponent().appending(path: "Package.swift")
    let text = try String(contentsOf: package, encoding: .utf8)
    let entries = text.split(separator: /\.(?:target|executableTarget|testTarget|systemLibrary)\(/).dropFirst()
    let entry = try #require(entries.first { $0.drop(while: \.isWhitespace).hasPrefix("name: \"\(target)\"") })
    let list = entry.firstMatch(of: /dependencies: \[([^\]]*)\]/)?.output.1 ?? ""
    let products = [
      "grdb": "GRDB", "argumentParser": "ArgumentParser", "mustache": "Mustache",
    ]
    let names = list.split(separator: ",").map { $0.trimmingCharacters(in: ["\"", " ", "\n"]) }.filter { !$0.isEmpty }
    #expect(try #require(Self.allowed[target]).isSuperset(of: names.map { products[$0] ?? $0 }), "\(names)")
  }

  private func swiftFiles(of target: String) throws -> [URL] {
    // Two targets of one source: one of the folders is a link to the other.
    let folder = Self.sources.appending(path: target).resolvingSymlinksInPath()
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    return names.filter { $0.hasSuffix(".swift") }.map { folder.appending(path: $0) }
  }

  /// The modules that a file imports, whatever stands before or after the word.
  private func imports(of file: URL) throws -> [String] {
    let line =
      #/^\s*(?:@\w+(?:\(\w+\))?\s+)*(?:public |package |internal |private |fileprivate )?import\s+(?:struct |class |enum |func |protocol |typealias |let |var )?(\w+)/#
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { text in
      text.prefixMatch(of: line).map { String($0.1) }
    }
  }
}
