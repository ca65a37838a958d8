import Foundation
import Presentation

/// How a shard is started, with the options of `bench run` that were given when the job was submitted.
package struct StartCommand: Sendable {
  /// The program's path on the machines that train.
  let program: String
  /// Options of `bench run` beside the job and the shard, each word by itself.
  let options: [String]

  /// Creates the command of this program.
  package init(options: [String]) {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    self.init(program: own ?? CommandLine.arguments[0], options: options)
  }

  init(program: String, options: [String]) { (self.program, self.options) = (program, options) }

  /// The words behind the program.
  func arguments(_ job: JobFolder, shard: String) -> [String] {
    ["run", "--job", job.path, "--shard", shard] + options
  }

  /// The words behind the program as a shell takes them.
  ///
  /// - Parameter shard: a word of the shell as it stands, such as `"$shard"`.
  func text(_ job: JobFolder, shard: String) -> String {
    (["run", "--job", Shell.quoted(job.path), "--shard", shard] + options.map(Shell.quoted)).joined(separator: " ")
  }
}
