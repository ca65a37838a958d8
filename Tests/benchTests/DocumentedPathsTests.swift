import Foundation
import Testing

/// The reports and grids that the docs name come with the repository. A fresh clone is what counts: a folder that is
/// ignored is there for who made it, and for nobody else.
@Suite struct DocumentedPathsTests {
  @Test func reportsAndGridsThatAreNamedExist() throws {
    let docs = Program.package.appending(path: "Sources/bench/bench.docc")
    let pages = try FileManager.default.contentsOfDirectory(at: docs, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "md" }
    var named: Set<String> = []
    for page in pages + [Program.package.appending(path: "README.md")] {
      let text = try String(contentsOf: page, encoding: .utf8)
      // What stands in capitals is a placeholder.
      named.formUnion(text.matches(of: /`((?:reports|experiments)\/[a-z0-9.\/-]+)`/).map { String($0.output.1) })
    }
    #expect(named.contains("reports/mnist-99-7"))
    for path in named.sorted() {
      let exists = FileManager.default.fileExists(atPath: Program.package.appending(path: path).path)
      #expect(exists, "\(path) is named in the docs and not in the repository")
    }
  }
}
