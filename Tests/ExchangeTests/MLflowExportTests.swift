import Experiments
import Testing

@testable import Exchange

/// What a server has after one export and after more; `Tests/Exchange/mlflow_check.py` asks a real one.
@Suite struct MLflowExportTests {
  /// A trial with a loss at every so many-th of its iterations, and its record beside others'.
  private static func study(_ trials: [TrialRecord], settings: [Setting] = []) -> StudyRecord {
    let named = Samples.configuration("A", [Setting(path: "optimizer.lr", value: "0.1")] + settings)
    return Samples.study([(named, trials)])
  }

  private static func trial(_ losses: Int, every interval: Int = 1, state: TrialState = .done) -> TrialRecord {
    var trial = Samples.trial("a0", seed: 0, (1...losses).map { 1 / Double($0) }, state: state)
    trial.lossCurve = trial.lossCurve.filter { $0.iteration % interval == 0 }
    return trial
  }

  private static func send(_ record: StudyRecord, to server: FakeMLflow, now: [TrialRecord] = []) throws
    -> MLflowExport.Outcome
  {
    let trials = Dictionary(
      record.configurations.flatMap(\.trials).map { ($0.key, $0) } + now.map { ($0.key, $0) }
    ) { $1 }
    @Sendable func times(_ trial: TrialRecord?) -> MLflowExport.Times? {
      guard let trial, trial.state != .planned else { return nil }
      return .init(startedAt: 100, endedAt: trial.state == .running ? nil : 200)
    }
    let export = MLflowExport(record) {
      times(trials[$0])
    } snapshot: { key in
      let trial = try #require(trials[key])
      return .init(
        record: trial, curves: try StudyCurves(of: record, losses: { _ in trial.lossCurve }).of(trial),
        times: times(trial))
    }
    return try export.send(to: server.client)
  }

  private func run(_ server: FakeMLflow) throws -> FakeMLflow.Run {
    try #require(server.runs.last { $0.tags["bench.trial"] == "a0" })
  }

  @Test func aSecondExportAddsNothing() throws {
    let server = try FakeMLflow()
    let record = Self.study([Self.trial(2500)])
    let first = try Self.send(record, to: server)
    #expect(first.created == 1 && first.values == 2502)
    #expect(try run(server).hasEachOnce && run(server).values.count == 2502 && run(server).status == "FINISHED")
    let second = try Self.send(record, to: server)
    #expect(second.complete == 1 && second.values == 0 && server.runs.count == 2)
  }

  /// What a trial at work has measured may be taken back, and record and losses are of two moments.
  @Test func aTrialAtWorkIsLeftOutUntilItsEnd() throws {
    let server = try FakeMLflow()
    let begun = Self.study([Self.trial(1200, state: .running)])
    let first = try Self.send(begun, to: server)
    #expect(first.atWork == 1 && first.values == 0 && server.runs.isEmpty)
    // Taken up again between the look at the study and that at the trial.
    let between = try Self.send(
      Self.study([Self.trial(1200, state: .cancelled)]), to: server, now: begun.configurations[0].trials)
    #expect(between.atWork == 1 && between.values == 0)
    let last = try Self.send(Self.study([Self.trial(3000)]), to: server)
    #expect(last.created == 1 && last.atWork == 0)
    #expect(try run(server).hasEachOnce && run(server).values.count == 3002)
  }

  @Test func aTrialThatWasStoppedGoesOn() throws {
    let server = try FakeMLflow()
    var stopped = Self.trial(1300, state: .cancelled)
    stopped.evaluations = []
    _ = try Self.send(Self.study([stopped]), to: server)
    let last = try Self.send(Self.study([Self.trial(3000)]), to: server)
    #expect(last.continued == 1 && last.replaced == 0 && last.values == 3002 - 1300)
    #expect(try run(server).hasEachOnce && run(server).values.count == 3002 && run(server).status == "FINISHED")
  }

  /// `--rerun`, and `rm TRIAL` with a new run: the key is the same, the points may be others.
  @Test func otherValuesGetARunOfTheirOwn() throws {
    let server = try FakeMLflow()
    _ = try Self.send(Self.study([Self.trial(2000, every: 2)]), to: server)
    let earlier = try run(server)
    let outcome = try Self.send(Self.study([Self.trial(2000)]), to: server)
    #expect(outcome.created == 1 && outcome.replaced == 1 && outcome.values == 2002)
    let runs = server.runs.filter { $0.tags["bench.trial"] == "a0" }
    #expect(runs.map(\.values.count) == [1002, 2002] && runs.allSatisfy(\.hasEachOnce))
    #expect(runs[0].tags == earlier.tags)
    // And back: the earlier run has just these.
    let back = try Self.send(Self.study([Self.trial(2000, every: 2)]), to: server)
    #expect(back.complete == 1 && back.values == 0)
  }

  @Test func anExportThatWasStoppedIsMadeWhole() throws {
    let server = try FakeMLflow()
    let record = Self.study([Self.trial(2500)])
    server.refuse("runs/log-batch")
    #expect(throws: MLflowError.self) { try Self.send(record, to: server) }
    #expect(server.runs.map(\.parameters) == [[:]])
    // The parent's parameters come, then the trial's do not.
    server.refuse("runs/log-batch", after: 1)
    #expect(throws: MLflowError.self) { try Self.send(record, to: server) }
    server.refuse("runs/log-batch", after: 2)
    #expect(throws: MLflowError.self) { try Self.send(record, to: server) }
    server.refuse(nil)
    let outcome = try Self.send(record, to: server)
    #expect(outcome.continued == 1 && outcome.values == 2502 - 998)
    #expect(server.runs.map(\.parameters) == [["optimizer.lr": "0.1"], ["optimizer.lr": "0.1", "seed": "0"]])
    #expect(try run(server).hasEachOnce && run(server).values.count == 2502)
  }

  /// MLflow counts code points; a flag has two, and a letter may have any number of marks.
  @Test func longParametersEndAtTheServersLimit() throws {
    let server = try FakeMLflow()
    let long = String(repeating: "🇫🇷", count: 300)
    _ = try Self.send(Self.study([Self.trial(3)], settings: [Setting(path: "flags", value: long)]), to: server)
    let value = try #require(try run(server).parameters["flags"])
    #expect(value.unicodeScalars.count == 500 && value.hasSuffix("…"))
  }

  @Test(arguments: ["-5", "many"]) func aTagThatIsNoCountIsNamed(tag: String) throws {
    let server = try FakeMLflow()
    let record = Self.study([Self.trial(5)])
    _ = try Self.send(record, to: server)
    server.change { runs in runs[1].tags["bench.values"] = tag }
    let error = #expect(throws: MLflowError.self) { try Self.send(record, to: server) }
    #expect(
      error?.description
        == "the run run1 on the server has \"\(tag)\" as its tag bench.values; expected how many values "
        + "were sent, which bench wrote there: remove the run or mend the tag")
  }

  @Test func aTagBeyondAllValuesIsOfOtherValues() throws {
    let server = try FakeMLflow()
    let record = Self.study([Self.trial(5)])
    _ = try Self.send(record, to: server)
    server.change { runs in runs[1].tags["bench.values"] = "\(Int.max)" }
    #expect(try Self.send(record, to: server).replaced == 1)
  }
}
