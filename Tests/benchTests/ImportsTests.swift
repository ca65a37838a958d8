import Foundation
import Testing

/// Every source file imports only what the design's table of targets allows.
@Suite struct ImportsTests {
  static let everybody: Set<String> = ["Foundation", "Dispatch", "Synchronization", "Glibc", "Musl", "Darwin"]

  static let allowed: [String: Set<String>] = [
    "Kernels": ["COpenBLAS", "Glibc", "Musl", "Darwin"],
    "Presentation": [],
    "Files": [],
    "Processor": [],
    "Architectures": [],
    "NeuralNetwork": ["Architectures", "Kernels"],
    "Experiments": ["Architectures", "COpenSSL", "Presentation"],
    "Datasets": ["Architectures", "Experiments", "Files", "Presentation"],
    "Training": ["Architectures", "Experiments", "Datasets", "Files", "NeuralNetwork"],
    "Runner": ["Experiments"],
    "Tracking": ["Architectures", "Experiments", "Files", "Presentation", "GRDB"],
    "Statistics": [],
    "Pictures": [],
    "Comparing": ["Experiments", "Presentation", "Statistics"],
    "Reporting": [
      "Architectures", "Comparing", "Experiments", "Files", "Pictures", "Presentation", "Statistics", "Subprocess",
      "Mustache",
    ],
    "Harness": [
      "Architectures", "Comparing", "Datasets", "Experiments", "Files", "NeuralNetwork", "Pictures", "Presentation",
      "Processor", "Reporting", "Runner", "Statistics", "Tracking", "Training", "Subprocess",
    ],
    "bench": [
      "Architectures", "Comparing", "Datasets", "Experiments", "Files", "Harness", "NeuralNetwork", "Pictures",
      "Presentation", "Processor", "Reporting", "Runner", "Tracking", "Training", "ArgumentParser",
    ],
  ]

  static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources")

  @Test(arguments: allowed.keys.sorted())
  func importsOnlyWhatTheDesignAllows(target: String) throws {
    let permitted = try #require(Self.allowed[target])
    let files = try swiftFiles(of: target)
    #expect(!files.isEmpty, "\(target) has no files")
    for file in files {
      for module in try imports(of: file) {
        let isCommon = target != "Kernels" && Self.everybody.contains(module)
        #expect(
          isCommon || permitted.contains(module),
          "\(file.lastPathComponent) of \(target) imports \(module); allowed: \(permitted.sorted())")
      }
    }
  }

  @Test func everyTargetIsInTheTable() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path)
    #expect(Set(folders).subtracting(["COpenBLAS", "COpenSSL"]) == Set(Self.allowed.keys))
  }

  private func swiftFiles(of target: String) throws -> [URL] {
    let folder = Self.sources.appending(path: target)
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
