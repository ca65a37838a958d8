import Experiments
import Foundation
import StudySupport
import TestSupport
import Testing
import Tracking

@testable import Harness

/// Event files that are appended to while a study trains.
@Suite struct TensorBoardTests {
  private func points(_ folder: URL, _ trial: TrialRecord) throws -> [EventPoint] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    return try names.filter { $0.contains("/seed \(trial.seed)/events.") }.flatMap { name in
      try eventPoints(in: Array(Data(contentsOf: folder.appending(path: name))))
    }
  }

  /// Stopped in the middle, once with event files and once without, and then trained to the end.
  @Test(arguments: [true, false]) func aStudyThatGoesOnHasEachPointOnceAndTheBitsOfAnyOther(fromBegin: Bool)
    async throws
  {
    try await Workspace.inTemporaryFolder { space in
      let folder = space.folder.appending(path: "board")
      try space.write(SmallGrid(rates: [0.1], seeds: [0, 1], iterations: 400).text, to: "g.json")
      _ = try await space.stopInTheMiddle(after: 2) { if fromBegin { $0.tensorBoard = folder } }
      let outcome = try await space.run { $0.tensorBoard = folder }
      let plain = try await space.run(store: space.folder.appending(path: "plain.db").path)
      let store = try space.store()
      let curves = StudyCurves(of: outcome.record, in: store)
      for (trial, other) in zip(outcome.record.configurations[0].trials, plain.record.configurations[0].trials) {
        #expect(trial.result?.traceDigest == other.result?.traceDigest)
        #expect(try store.spans(of: trial.key).count == 2)
        var found: [String: [Int: Float]] = [:]
        for point in try points(folder, trial) {
          #expect(found[point.tag, default: [:]].updateValue(point.value, forKey: point.step) == nil, "\(point)")
        }
        for curve in try curves.of(trial) {
          let wanted = Dictionary(uniqueKeysWithValues: curve.points.map { ($0.iteration, Float($0.value)) })
          #expect(found["\(curve.metric)/\(curve.split)"] == wanted)
        }
      }
      let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      #expect(names.count { $0.contains("mean") && $0.hasSuffix(".bench") } == 3)
    }
  }

  /// Trained again without event files, with another interval of losses: the folder shows the execution that counts.
  @Test func aTrialThatWasTrainedAgainIsShownAsItIs() async throws {
    try await Workspace.inTemporaryFolder { space in
      let folder = space.folder.appending(path: "board")
      try space.write(SmallGrid(rates: [0.1], seeds: [0]).text, to: "g.json")
      try await space.run { $0.tensorBoard = folder }
      try await space.run { ($0.rerunsAll, $0.lossInterval) = (true, 5) }
      let outcome = try await space.run { $0.tensorBoard = folder }
      let trial = outcome.record.configurations[0].trials[0]
      let stored = try space.store().losses(of: trial.key).map(\.iteration)
      let found = try points(folder, trial).filter { $0.tag == "loss/train" }
      #expect(found.map(\.step) == stored && stored.first == 5)
    }
  }

  /// A folder that can't be written to stops no study; one of somebody else's is refused before it begins.
  @Test func noStudyDiesOfItsEventFiles() async throws {
    try await Workspace.inTemporaryFolder { space in
      let folder = space.folder.appending(path: "board")
      try space.write(SmallGrid(rates: [0.1], seeds: [0], iterations: 40).text, to: "g.json")
      let run = try space.start { $0.tensorBoard = folder }
      let names = Notices()
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) { names.append(name) }
      #expect(names.all.contains("bench-study.json"))
      try FileManager.default.removeItem(at: folder)
      try Data().write(to: folder)
      let notices = Notices()
      let summary = await run.train { if case .notice(let text) = $0 { notices.append(text) } }
      let outcome = try run.finish(summary)
      #expect(outcome.record.configurations[0].trials[0].state == .done)
      #expect(notices.all.count { $0.contains("nothing more is written for TensorBoard") } == 1, "\(notices.all)")
      #expect(throws: (any Error).self) { try space.start { $0.tensorBoard = folder } }
    }
  }
}
