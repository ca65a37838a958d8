import ArgumentParser
import Harness
import Presentation

/// `bench init [FILE]`
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a first grid file, with comments, to be edited.",
    discussion: "It trains small networks on digits that the program draws, in a minute or so, and needs no download.")

  @Argument(help: "The file to write.", completion: .file(extensions: ["json"]))
  var file = "grid.json"

  @Flag(help: "Replace a file that is there.")
  var force = false

  func run() throws {
    try FirstGrid.write(to: file, replaces: force)
    Terminal.say("\(PlainText.oneLine(file)): written; next: bench plan \(Shell.quoted(file))")
  }
}
