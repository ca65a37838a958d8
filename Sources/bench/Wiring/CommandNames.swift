import ArgumentParser
import Presentation

/// The names of commands, for who mistypes one.
enum CommandNames {
  /// What is wrong with the first words of a command line; `nil` where they name a command.
  ///
  /// - Parameter words: the command line without the program.
  static func complaint(_ words: [String], of root: any ParsableCommand.Type = Bench.self) -> String? {
    var command = root
    var path = "bench"
    for word in words {
      let commands = command.configuration.subcommands
      guard !commands.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
      guard let next = commands.first(where: { name(of: $0) == word }) else {
        let names = commands.filter { $0.configuration.shouldDisplay }.map(name)
        return "\(path) has no command \(quoted(word)); expected one of \(names.joined(separator: ", "))"
          + suggestion(for: word, among: names)
      }
      command = next
      path += " \(word)"
    }
    return nil
  }

  private static func name(of command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? "\(command)".lowercased()
  }
}
