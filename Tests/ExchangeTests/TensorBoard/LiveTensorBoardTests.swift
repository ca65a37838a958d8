import Experiments
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Exchange

@Suite struct LiveTensorBoardTests {
  private final class Notices: Sendable {
    let texts = Mutex<[String]>([])
  }

  private func live(
    _ place: URL, _ record: StudyRecord = Samples.two
  ) throws -> LiveTensorBoard {
    let curves = Samples.curves(record)
    let trials = Dictionary(uniqueKeysWithValues: record.configurations.flatMap(\.trials).map { ($0.key, $0) })
    return try LiveTensorBoard(TensorBoardStudy(record), in: place, interval: 0.01) { key in
      guard let trial = trials[key] else { return ([], []) }
      return try (curves.of(trial), curves.spans(of: trial))
    }
  }

  private func beginning(
    _ key: String, attempt: Int = 1, resumedFrom: Int = 0, lossInterval: Int = 1
  ) -> LiveTensorBoard.Beginning {
    .init(
      key: key, configuration: 0, seed: 0, attempt: attempt, resumedFrom: resumedFrom, lossInterval: lossInterval,
      time: 1_000)
  }

  @Test func eventsBecomePointsWhileTheTrialIsAtWork() throws {
    try inTemporaryFolder { folder in
      let place = folder.appending(path: "board")
      let live = try live(place)
      live.begin(beginning("a0", lossInterval: 2))
      live.take(.learningRates(first: 1, rates: [0.1, 0.2, 0.3]), of: "a0")
      live.take(.batchLosses(first: 1, losses: [3, .nan, 1, 5]), of: "a0")
      live.flush()
      let early = try points(place, "lr 0.1/seed 0")
      #expect(early.map(\.tag) == ["lr", "loss/train", "loss/train"] && early.map(\.step) == [2, 2, 4])
      #expect(early[0].value == 0.2 && early[1].value.isNaN && early[2].value == 5)
      #expect(early[1].time < early[2].time)
      let scores = Evaluation(
        iteration: 4, epoch: 1, trainLoss: 1, validation: Score(loss: 2, accuracy: nil),
        test: Score(loss: 1, accuracy: 0.25))
      live.take(.evaluation(scores), of: "a0")
      live.end("a0", isSuccess: true)
      live.flush()
      let late = try points(place, "lr 0.1/seed 0").dropFirst(3)
      #expect(
        late.map(\.tag) == ["loss/validation", "loss/test", "accuracy/test"] && late.map(\.value) == [2, 1, 0.25])
      #expect(live.folder.hasEnd("lr 0.1/seed 0"))
    }
  }

  /// Whatever the process before it had written.
  @Test(arguments: [true, false]) func aTrialThatGoesOnHasEachPointOnce(wroteBefore: Bool) throws {
    try inTemporaryFolder { folder in
      let place = folder.appending(path: "board")
      if wroteBefore {
        let killed = try live(place)
        killed.begin(beginning("a0"))
        killed.take(.batchLosses(first: 1, losses: [3, 2, 9]), of: "a0")
        killed.end("a0", isSuccess: nil)
        killed.flush()
        #expect(!killed.folder.hasEnd("lr 0.1/seed 0"))
      }
      let live = try live(place)
      live.begin(beginning("a0", attempt: 2, resumedFrom: 2))
      live.take(.batchLosses(first: 3, losses: [7]), of: "a0")
      live.end("a0", isSuccess: true)
      live.flush()
      let run = place.appending(path: "lr 0.1/seed 0")
      #expect(try files(run).keys.sorted() == [TensorBoardFolder.eventFile(2)])
      let found = try points(place, "lr 0.1/seed 0", file: 2)
      #expect(found.map(\.step) == [1, 2, 3] && found.map(\.value) == [3, 2, 7])
      // A TensorBoard that is at work forgets what it has read.
      let events = try events(in: Array(Data(contentsOf: run.appending(path: TensorBoardFolder.eventFile(2)))))
      #expect(try events[1].message(7).integer(1) == 1 && events[1].integer(2) == 0)
    }
  }

  @Test func anErrorIsSaidOnceAndStopsNothing() throws {
    try inTemporaryFolder { folder in
      let place = folder.appending(path: "board")
      let (live, notices) = (try live(place), Notices())
      live.tell { text in notices.texts.withLock { $0.append(text) } }
      try Data().write(to: place.appending(path: "lr 10"))
      live.begin(.init(key: "b0", configuration: 1, seed: 0, attempt: 1, resumedFrom: 0, lossInterval: 1, time: 1))
      live.flush()
      live.begin(beginning("a0"))
      live.take(.batchLosses(first: 1, losses: [1]), of: "a0")
      live.end("a0", isSuccess: true)
      live.flush()
      #expect(live.hasFailed)
      let texts = notices.texts.withLock { $0 }
      #expect(
        texts == [
          "\(place.path): nothing more is written for TensorBoard, since something can't be written (\(place.path)/lr 10: Not a "
            + "directory); the study goes on, and bench export tensorboard writes it whole later"
        ])
    }
  }

  /// Trials that nobody appended, one that was killed between its end and that of its file, and the means.
  @Test func whatIsMissingIsAdded() throws {
    try inTemporaryFolder { folder in
      let place = folder.appending(path: "board")
      let live = try live(place)
      live.begin(beginning("a0"))
      live.take(.batchLosses(first: 1, losses: [8]), of: "a0")
      live.end("a0", isSuccess: true)
      live.begin(.init(key: "b0", configuration: 1, seed: 0, attempt: 1, resumedFrom: 0, lossInterval: 1, time: 1))
      live.take(.batchLosses(first: 1, losses: [8]), of: "b0")
      live.flush()
      try TensorBoardExport(Samples.curves(Samples.two)).complete(live.folder, appended: live.endedTrials)
      #expect(try points(place, "lr 0.1/seed 0").map(\.value) == [8])
      #expect(try points(place, "lr 10/seed 0").count == 5)
      #expect(try points(place, "lr 0.1/seed \(UInt64.max)").count == 5)
      #expect(try points(place, "lr 0.1/mean", file: 2).count == 5)
      try live.folder.check()
    }
  }

  private func runs(_ place: URL) throws -> Set<String> {
    Set(try files(place).keys.map { ($0 as NSString).deletingLastPathComponent }.filter { !$0.isEmpty })
  }

  /// Runs of another revision: a seed that has another key, a configuration that is gone.
  @Test func whatIsOfOtherTrialsGoesBeforeTheTraining() throws {
    try inTemporaryFolder { folder in
      let place = folder.appending(path: "board")
      try TensorBoardExport(Samples.curves(Samples.two)).write(to: place)
      _ = try live(place)
      let all = try runs(place)
      #expect(all.count == 7, "the same trials stay")
      var changed = Samples.two
      changed.configurations[0].trials[1].key = "a2"
      let live = try live(place, changed)
      #expect(try runs(place) == ["lr 0.1/seed 0", "lr 10/seed 0", "lr 10/seed 1"], "its mean is of the run that went")
      changed.configurations.removeLast()
      _ = try self.live(place, changed)
      #expect(try runs(place) == ["lr 0.1/seed 0"])
      try TensorBoardExport(Samples.curves(changed)).complete(live.folder, appended: [])
      #expect(try runs(place) == all.filter { $0.hasPrefix("lr 0.1") })
      // A folder of an older program does not say which trials its runs show.
      try FileManager.default.removeItem(at: place.appending(path: TensorBoardFolder.marker))
      try Data("{\"schema\": \"bench.tensorboard\", \"study\": \"sample\"}".utf8)
        .write(to: place.appending(path: TensorBoardFolder.marker))
      _ = try self.live(place, changed)
      #expect(try runs(place).isEmpty)
    }
  }

  /// The same trial, trained again while nobody wrote event files, or removed.
  @Test func anotherExecutionTakesThePlaceOfTheOneThatIsThere() throws {
    try inTemporaryFolder { folder in
      let place = folder.appending(path: "board")
      let live = try live(place)
      live.begin(beginning("a0"))
      live.take(.batchLosses(first: 1, losses: [8]), of: "a0")
      live.end("a0", isSuccess: true)
      live.flush()
      let values = { try points(place, "lr 0.1/seed 0").map(\.value) }
      let export = TensorBoardExport(Samples.curves(Samples.two))
      try export.complete(live.folder, appended: live.endedTrials)
      #expect(try values() == [8])
      try export.complete(live.folder, appended: [])
      #expect(try values() == [8], "it is known to be this execution")
      try TensorBoardExport(Samples.curves(Samples.two, begin: 150)).complete(live.folder, appended: [])
      #expect(try values() == [3, 2, 1, 1, 0.5])
      var removed = Samples.two
      removed.configurations[0].trials[0] = Samples.trial("a0", seed: 0, [], state: .planned)
      try TensorBoardExport(Samples.curves(removed)).complete(live.folder, appended: [])
      #expect(try runs(place).filter { $0.hasPrefix("lr 0.1") } == ["lr 0.1/seed \(UInt64.max)"], "nor is there a mean")
    }
  }
}
