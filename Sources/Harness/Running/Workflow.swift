import Experiments
import Files
import Foundation

/// The GitHub workflow that the program runs in, and the page that it shows of a step.
package enum Workflow {
  /// GitHub refuses a step's whole summary above 1 MiB.
  private static let maximumBytes = 1 << 20

  /// Whether a workflow reads the output.
  package static var isAtWork: Bool { ProcessInfo.processInfo.environment["GITHUB_ACTIONS"] == "true" }

  /// The address of the workflow's run; `nil` outside of one.
  package static var run: String? {
    let environment = ProcessInfo.processInfo.environment
    guard let server = environment["GITHUB_SERVER_URL"], server.wholeMatch(of: /https?:\/\/[\w.:-]+/) != nil,
      let repository = environment["GITHUB_REPOSITORY"], repository.wholeMatch(of: /[\w.-]+\/[\w.-]+/) != nil,
      let number = environment["GITHUB_RUN_ID"], number.wholeMatch(of: /[0-9]+/) != nil
    else { return nil }
    return "\(server)/\(repository)/actions/runs/\(number)"
  }

  /// Appends a text to the file that `GITHUB_STEP_SUMMARY` names, if it names one.
  ///
  /// - Parameter text: makes the text from the bytes that it may take.
  package static func append(_ text: (_ maximumBytes: Int) -> String) throws {
    guard let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty else { return }
    let before = (try? Data(contentsOf: URL(filePath: path))) ?? Data()
    let text = text(max(0, maximumBytes - before.count - 1))
    guard !text.isEmpty else { return }
    do {
      try (before + (before.isEmpty ? Data() : Data("\n".utf8)) + Data(text.utf8)).write(to: URL(filePath: path))
    } catch {
      throw OperationalError("GITHUB_STEP_SUMMARY names \(path), which can't be written: \(SystemReason.of(error))")
    }
  }
}
