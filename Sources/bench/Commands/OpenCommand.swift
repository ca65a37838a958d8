import ArgumentParser
import Foundation
import Harness
import Presentation
import Reporting
import Tracking

/// `bench open [STUDY]`
struct OpenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open",
    abstract: "Open the page of a study's report in the browser.",
    discussion: """
      It opens the page that bench report has written, and prints its path. Without a screen, or without a program \
      that opens files (xdg-open), it prints the path alone.
      """)

  @Argument(help: "The study's name (default: the one that was at work last).", completion: Completions.studies)
  var study: String?

  @Option(help: ArgumentHelp("Where reports are.", valueName: "dir"))
  var out = "reports"

  @OptionGroup var store: StoreOptions

  func run() throws {
    let name = try study ?? StudyChoice(nil, in: Store(path: store.path, access: .readOnly)).name
    let page = ReportFolder.place(of: name, revision: nil, in: URL(filePath: out, directoryHint: .isDirectory))
      .appending(path: ReportFolder.page)
    guard FileManager.default.fileExists(atPath: page.path(percentEncoded: false)) else {
      throw OperationalError(
        "\(page.relativePath): there is no such page; bench report \(Shell.quoted(name)) writes it")
    }
    print(page.relativePath)
    Viewer.open(page)
  }
}
