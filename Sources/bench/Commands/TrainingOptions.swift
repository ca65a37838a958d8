import ArgumentParser
import Experiments
import Harness
import Training

/// How each trial is trained and kept: what `bench run` takes, and `bench submit` hands on to the shards.
struct TrainingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep a checkpoint every so often: 60s, 5m, or 200 for iterations (default: 60s).", valueName: "interval"))
  var checkpointEvery: CheckpointEvery?

  @Option(help: ArgumentHelp("Store the loss of every n-th batch only (default: 1).", valueName: "n"))
  var keepLossEvery: Int?

  @Flag(help: "Keep no weights of the trained networks.")
  var noWeights = false

  @Option(help: ArgumentHelp("Stop a trial as failed after so many seconds.", valueName: "seconds"))
  var timeout: Double?

  @Flag(help: "Try failed trials again.")
  var retryFailed = false

  func validate() throws {
    if let keepLossEvery, keepLossEvery < 1 {
      throw ValidationError("--keep-loss-every is \(keepLossEvery); expected at least 1")
    }
    if let timeout, !(timeout > 0) { throw ValidationError("--timeout is \(timeout); expected more than 0 seconds") }
  }

  /// The run's settings, those of other options as they are by default.
  var settings: RunSettings {
    var settings = RunSettings()
    if let checkpointEvery { settings.checkpointInterval = checkpointEvery.interval }
    if let keepLossEvery { settings.lossInterval = keepLossEvery }
    settings.keepsWeights = !noWeights
    settings.timeout = timeout
    settings.retriesFailed = retryFailed
    return settings
  }

  /// The options as they are typed.
  var words: [String] {
    var words: [String] = []
    if let checkpointEvery { words += ["--checkpoint-every", checkpointEvery.text] }
    if let keepLossEvery { words += ["--keep-loss-every", "\(keepLossEvery)"] }
    if noWeights { words.append("--no-weights") }
    if let timeout { words += ["--timeout", "\(timeout)"] }
    if retryFailed { words.append("--retry-failed") }
    return words
  }
}

/// A checkpoint interval as it is written on the command line.
struct CheckpointEvery: ExpressibleByArgument {
  let interval: CheckpointInterval
  /// As it was typed.
  let text: String

  init?(argument: String) {
    text = argument
    if let iterations = Int(argument), iterations > 0 {
      interval = .iterations(iterations)
    } else if let unit = argument.last, let scale = ["s": 1.0, "m": 60.0, "h": 3600.0][unit],
      let value = Double(argument.dropLast()), value > 0
    {
      interval = .seconds(value * scale)
    } else {
      return nil
    }
  }
}
