import Presentation

/// A shard's process, as its heartbeat tells of it.
struct ShardProgress: Sendable, Equatable {
  /// `running`, `stopped` (it can go on) or `ended`.
  var phase: String
  var host: String
  var process: Int
  var cpu: String
  var program: String
  var workers: Int
  /// Seconds since 1970.
  var beganAt: Double
  /// Seconds since 1970.
  var at: Double
  /// The shard's trials.
  var trials: Int
  /// Trials that had ended before this process began.
  var before: Int
  /// Trials that this process brought to their end, those that failed among them.
  var ended: Int
  var failed: Int
  /// What this process did, in trials; those at work count in part.
  var done: Double

  /// Seconds from one beat to the next: a thousand shards are a file server's thirty-three small files a second.
  static let beatSeconds = 30.0
  /// Seconds without a beat after which the process is taken for gone.
  static let silentSeconds = 180.0

  func isSilent(at now: Double) -> Bool { phase == "running" && now - at > Self.silentSeconds }

  /// Seconds until the shard has ended, from this process's own speed; `nil` where it has done nothing yet.
  func secondsToCome(at now: Double) -> Double? {
    let left = Double(trials - before) - done
    guard phase == "running", done > 0, at > beganAt else { return nil }
    return max(0, left * (at - beganAt) / done - (now - at))
  }

  var json: JSONValue {
    [
      "phase": .string(phase), "host": .string(host), "process": .integer(process), "cpu": .string(cpu),
      "program": .string(program), "workers": .integer(workers), "began_at": .double(beganAt),
      "at": .double(at), "trials": .integer(trials), "before": .integer(before), "ended": .integer(ended),
      "failed": .integer(failed), "done": .double(done),
    ]
  }

  init(
    phase: String, host: String, process: Int, cpu: String, program: String, workers: Int,
    beganAt: Double,
    at: Double, trials: Int, before: Int, ended: Int, failed: Int, done: Double
  ) {
    (self.phase, self.host, self.process, self.cpu) = (phase, host, process, cpu)
    (self.program, self.workers, self.beganAt, self.at) = (program, workers, beganAt, at)
    (self.trials, self.before, self.ended, self.failed, self.done) = (trials, before, ended, failed, done)
  }

  init(json: JSONValue) throws {
    let fields = JobFields(json)
    self.init(
      phase: try fields.text("phase"), host: try fields.text("host"), process: try fields.int("process"),
      cpu: try fields.text("cpu"), program: try fields.text("program"),
      workers: try fields.int("workers"), beganAt: try fields.number("began_at"), at: try fields.number("at"),
      trials: try fields.int("trials"), before: try fields.int("before"), ended: try fields.int("ended"),
      failed: try fields.int("failed"), done: try fields.number("done"))
  }
}
