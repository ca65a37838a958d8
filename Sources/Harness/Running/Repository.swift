import Experiments
import Files
import Foundation
import Presentation

/// The git repository around the working directory, looked at without running anything that its settings name and without
/// taking its lock.
///
/// A repository can name programs that git starts: a monitor of the file system, filters that clean files before they are
/// compared, programs that turn files into text, hooks, helpers that fetch missing objects. Whoever unpacks an archive
/// with a `.git` folder in it and trains there would run them.
struct Repository {
  /// Bytes of a diff that git may make.
  private static let diffLimit = 16_000_000

  private var settings = [
    "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0",
  ]

  /// Looks for the repository's filters; `nil` where git is not installed.
  init?() {
    // Exit code 1 says that there are none.
    guard let names = run(["config", "--null", "--name-only", "--get-regexp", #"^filter\."#], codes: [0, 1])
    else { return nil }
    settings.merge(Self.withoutFilters(names.split(separator: "\0").map(String.init))) { $1 }
  }

  /// The commit, the branch and what was not committed; `nil` outside of a repository.
  ///
  /// - Parameter keepsDiff: whether the changes are kept, or only that there are some.
  func source(keepsDiff: Bool) -> Source? {
    guard let commit = line("rev-parse", "--verify", "HEAD") else { return nil }
    let branch = line("symbolic-ref", "--short", "-q", "HEAD")
    // A diff that is too long to be made, or that git fails to make, is not a clean tree.
    let diff = run([
      "diff", "--no-color", "--no-ext-diff", "--no-textconv", "--submodule=short", "--ignore-submodules=dirty",
      "--src-prefix=a/", "--dst-prefix=b/", "HEAD", "--",
    ])
    let untracked = run(["ls-files", "--others", "--exclude-standard"])
    let changes = UncommittedChanges(
      diff: diff ?? "the diff could not be had from git, or is longer than \(NumberText.bytes(Self.diffLimit))\n",
      untracked: (untracked ?? "").split(separator: "\n").map(String.init))
    guard !changes.isEmpty else { return Source(commit: commit, branch: branch, diff: nil) }
    return Source(
      commit: commit, branch: branch,
      diff: keepsDiff ? changes.text() : "there were changes; --no-diff was given, so they were not kept\n")
  }

  /// Settings that go over the repository's own: git starts no program of an empty name.
  private static func withoutFilters(_ names: [String]) -> [(String, String)] {
    let drivers = Set(names.compactMap { name in name.lastIndex(of: ".").map { String(name[..<$0]) } })
    let settings = drivers.sorted().flatMap { driver in
      [("clean", ""), ("smudge", ""), ("process", ""), ("required", "false")].map { ("\(driver).\($0)", $1) }
    }
    return [("GIT_CONFIG_COUNT", "\(settings.count)")]
      + settings.enumerated().flatMap { index, setting in
        [("GIT_CONFIG_KEY_\(index)", setting.0), ("GIT_CONFIG_VALUE_\(index)", setting.1)]
      }
  }

  private func line(_ arguments: String...) -> String? {
    run(arguments)?.trimmingCharacters(in: .newlines)
  }

  /// What git prints; `nil` where it fails or prints more than the limit.
  private func run(_ arguments: [String], codes: Set<Int32> = [0]) -> String? {
    let fixed = [
      "--no-optional-locks", "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null",
    ]
    guard let git = try? ChildProcess("git", fixed + arguments, settings: settings),
      case .ended(let code, let output, _) = git.outcome(limit: Self.diffLimit), codes.contains(code)
    else { return nil }
    return output
  }
}
