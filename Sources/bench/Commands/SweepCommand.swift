import ArgumentParser
import Harness
import Presentation

/// `bench gc`
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Remove files that no trial needs any more, and give the store's space back.",
    discussion: """
      Goes: weight files that no trial of the store names, checkpoints of trials that ended or are gone, files that \
      killed processes left half written, and the space in the store that holds nothing (it takes room for a second \
      copy of the store meanwhile). Files are shown first, and asked for on a terminal. Never while a trial is at work.
      """)

  @Flag(name: .customLong("dry-run"), help: "Only show what would go.")
  var dryRun = false

  @Flag(help: "Don't ask.")
  var yes = false

  @Option(
    help: ArgumentHelp(
      "Remove copies, made before an older store was brought up to date, that are older (default: none).",
      valueName: "days"))
  var backupsOlderThan: Double?

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  func validate() throws {
    if let days = backupsOlderThan, !(0...36_500).contains(days) {
      throw ValidationError("--backups-older-than is \(days); expected 0 to 36500 days")
    }
  }

  func run() throws {
    let sweep = try StoreSweep(store: store.path, backupDays: backupsOlderThan)
    if dryRun { return print(sweep, as: format) }
    if let obstacle = sweep.obstacle { throw OperationalError(obstacle) }
    let mustAsk = !yes && sweep.files > 0
    if mustAsk || !output.quiet { print(sweep, as: format) }
    if mustAsk {
      guard let answer = Terminal.confirms("Remove these files?") else {
        throw UsageError(
          "nobody can be asked whether these files may be removed: give --yes, or --dry-run to look only")
      }
      guard answer else { return Terminal.say("nothing was removed") }
    }
    let bytes = try sweep.perform()
    if !output.quiet {
      Terminal.say(bytes == 0 ? "there was nothing to remove" : "\(NumberText.bytes(bytes)) given back")
    }
  }
}
