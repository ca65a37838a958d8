import Foundation
import Testing

/// What is built and run is what was looked at: each dependency has an exact version, each action a commit.
@Suite struct PinnedTests {
  private static func text(_ path: String) throws -> String {
    try String(contentsOf: Program.package.appending(path: path), encoding: .utf8)
  }

  @Test func dependenciesHaveExactVersions() throws {
    let packages = try Self.text("Package.swift").split(separator: "\n").filter { $0.contains(".package(url:") }
    #expect(!packages.isEmpty)
    for package in packages {
      #expect(package.contains(/exact: "[0-9]+\.[0-9]+\.[0-9]+"\)/), "\(package)")
    }
  }

  /// The nightly is the template that others copy.
  @Test(arguments: ["nightly.yml", "test.yml"]) func workflowsRunWhatWasLookedAtWithLittleRights(name: String) throws {
    let text = try Self.text(".github/workflows/\(name)")
    let lines = text.split(separator: "\n")
    let actions = lines.filter { $0.contains("uses:") }
    #expect(!actions.isEmpty && actions.allSatisfy { $0.contains(/@[0-9a-f]{40} # v[0-9.]+$/) }, "\(actions)")
    let images = lines.filter { $0.contains("container:") }
    #expect(!images.isEmpty && images.allSatisfy { $0.contains(/swift:[0-9]+\.[0-9]+\.[0-9]+-/) }, "\(images)")
    #expect(text.contains("permissions:") && text.contains("contents: read") && !text.contains("contents: write"))
    #expect(lines.count { $0.contains("timeout-minutes:") } >= images.count)
  }

  /// A token that may write is in no job that runs what a pull request brings.
  @Test func theJobThatWritesRunsNothingOfAPullRequest() throws {
    for text in try [Self.text(".github/workflows/nightly.yml"), Self.text("Sources/bench/bench.docc/Nightly.md")] {
      let job = try #require(text.split(separator: "  comment:\n", maxSplits: 1).dropFirst().first)
      let lines = job.split(separator: "\n", omittingEmptySubsequences: false)
        .prefix { $0.isEmpty || $0.hasPrefix("    ") }
      #expect(
        lines.contains { $0.contains(/permissions: *\{pull-requests: write\}/) || $0 == "      pull-requests: write" })
      #expect(text.ranges(of: ": write").count == 1 + (text.contains("`pull-requests: write`") ? 1 : 0))
      let actions = lines.filter { $0.contains("uses:") }
      #expect(actions.count == 1 && actions.allSatisfy { $0.contains(/actions\/download-artifact@[0-9a-f]{40} # v/) })
      #expect(!lines.contains { $0.contains("checkout") || $0.contains("make ") || $0.contains("pull_request_target") })
      #expect(lines.contains { $0.contains("head.repo.full_name == github.repository") })
    }
  }
}
