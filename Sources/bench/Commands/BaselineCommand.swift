import ArgumentParser
import Files
import Foundation
import Harness
import Presentation

/// `bench baseline …`
struct BaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline", abstract: "Keep a study's results under a name, to compare later ones with.",
    subcommands: [
      SaveBaselineCommand.self, ListBaselinesCommand.self, RemoveBaselineCommand.self, ExportBaselineCommand.self,
    ])
}

/// `bench baseline save NAME [STUDY]`
struct SaveBaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Keep a study's results as they are now under a name.",
    discussion: """
      A baseline of that name is replaced; the old one is named. The results stay whatever becomes of the study.

      The first results saved under a name stay beside the later ones as the anchor: bench compare looks at both, so \
      that small losses that were each accepted with a new baseline still add up to a visible one. --new-anchor starts \
      anew; so does removing the baseline, or saving another study under its name.
      """)

  @Argument(help: "The baseline's name.", completion: Completions.baselines)
  var name: String

  @Argument(help: "The study (default: the one that was at work last).", completion: Completions.studies)
  var study: String?

  @Flag(help: "Make these results the anchor, in the place of the first ones saved under the name.")
  var newAnchor = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let saved = try NamedBaseline(name, in: store.path).save(study: study, newAnchor: newAnchor)
    if !output.quiet { print(saved.sentence) }
  }
}

/// `bench baseline list`
struct ListBaselinesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List the baselines of the store.")

  @OptionGroup var store: StoreOptions

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  func run() throws {
    print(try BaselineList(in: store.path), as: format)
  }
}

/// `bench baseline rm NAME`
struct RemoveBaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove a baseline; the study stays.")

  @Argument(help: "The baseline's name.", completion: Completions.baselines)
  var name: String

  @OptionGroup var store: StoreOptions

  func run() throws {
    try NamedBaseline(name, in: store.path).remove()
  }
}

/// `bench baseline export NAME [FILE]`
struct ExportBaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a baseline as a small JSON file that can live in a repository.",
    discussion: """
      The file carries the baseline's anchor, the first results saved under its name, where they differ. Where FILE is \
      a baseline of the same study already, its anchor is kept, or it becomes the anchor itself: a committed baseline \
      that is written anew keeps its first version for bench compare.
      """)

  @Argument(help: "The baseline's name.", completion: Completions.baselines)
  var name: String

  @Argument(help: "The file (default: standard output).")
  var file: String?

  @Flag(help: "Write no anchor: the file is the first of its kind from now on.")
  var newAnchor = false

  @OptionGroup var store: StoreOptions

  func run() throws {
    let place = file.map { URL(filePath: $0) }
    let text = try NamedBaseline(name, in: store.path).fileText(
      replacing: place, newAnchor: newAnchor, warn: Terminal.say)
    guard let file, let place else {
      try StandardOutput.write(StandardOutput.fit(json: text))
      return
    }
    try WholeFile.write(Data(text.utf8), to: place)
    print(file)
  }
}
