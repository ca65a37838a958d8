import ArgumentParser
import Datasets
import Experiments
import Foundation
import Tracking

import struct Architectures.Preset

/// What the shell offers behind the tab key: names out of the store, and those that the program knows.
///
/// What can't be read offers nothing: nobody waits for an error while typing.
enum Completions {
  /// Trials that are offered at most: a shell shows no more, and a store may have a hundred thousand.
  private static let mostTrials = 1000

  /// The studies of the store.
  static let studies = CompletionKind.custom { words, _, _ in names(words) { try $0.studies().map(\.name) } }

  /// The baselines of the store.
  static let baselines = CompletionKind.custom { words, _, _ in names(words) { try $0.baselines().map(\.name) } }

  /// The sides of a comparison: baselines, studies as `#NAME`, and files.
  static let sides = CompletionKind.custom { words, _, prefix in
    names(words) { try $0.baselines().map(\.name) + $0.studies().map { "#\($0.name)" } }
      + files(["json", "db"], from: prefix)
  }

  /// The keys of the store's trials, as lists show them.
  static let trials = CompletionKind.custom { words, _, prefix in
    names(words) { try keys(of: $0, prefix) }
  }

  /// Studies, and keys of trials.
  static let studiesAndTrials = CompletionKind.custom { words, _, prefix in
    names(words) { try $0.studies().map(\.name) + keys(of: $0, prefix) }
  }

  /// The presets, and grid files.
  static let models = CompletionKind.custom { _, _, prefix in models(from: prefix) }

  /// The presets, grid files, and keys of trials.
  static let modelsAndTrials = CompletionKind.custom { words, _, prefix in
    models(from: prefix) + names(words) { try keys(of: $0, prefix) }
  }

  private static func models(from prefix: String) -> [String] {
    Preset.all.map(\.name) + files(["json"], from: prefix)
  }

  /// The data sets that can be fetched.
  static let fetchedDatasets = CompletionKind.list(DatasetFetcher.names)

  /// All data sets of the program.
  static let datasets = CompletionKind.list(KnownDataset.all.map(\.name))

  private static func keys(of store: Store, _ prefix: String) throws -> [String] {
    let keys = try store.trials().lazy.map { String($0.key.prefix(12)) }.filter { $0.hasPrefix(prefix) }
    return Array(keys.prefix(mostTrials))
  }

  /// Names out of the store that the words of the command line mean.
  private static func names(_ words: [String], _ read: (Store) throws -> [String]) -> [String] {
    var path = ProcessInfo.processInfo.environment["BENCH_DB"].flatMap { $0.isEmpty ? nil : $0 } ?? ".bench/bench.db"
    for (index, word) in words.enumerated() {
      if word == "--db", index + 1 < words.count { path = words[index + 1] }
      if word.hasPrefix("--db=") { path = String(word.dropFirst(5)) }
    }
    let found = try? read(Store(path: path, access: .readOnly))
    // A shell takes each line as a name.
    return (found ?? []).filter { !$0.contains { $0.isNewline } }
  }

  /// The folders and the files with one of these endings where `prefix` points to.
  private static func files(_ endings: [String], from prefix: String) -> [String] {
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    return entries.filter { !$0.hasPrefix(".") }.sorted().compactMap { entry in
      if endings.contains(where: { entry.hasSuffix(".\($0)") }) { return folder + entry }
      return FileKind(path: folder + entry) == .other("a directory") ? "\(folder)\(entry)/" : nil
    }
  }
}
