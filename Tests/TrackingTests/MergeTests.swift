import Experiments
import Foundation
import GRDB
import Testing

@testable import Tracking

/// Of a trial that two stores have, the one that came further counts; two results must be equal.
@Suite struct MergeTests {
  private let sample = Sample()
  private let folders: (here: Folder, there: Folder)
  private let here: Store
  private let there: Store
  private let run: Run

  init() throws {
    folders = (try Folder(), try Folder())
    here = try Store(path: folders.here.store, access: .readWrite)
    there = try Store(path: folders.there.store, access: .readWrite)
    run = try sample.register(in: there)
  }

  private func finish(_ key: String, in store: Store, run: Run, loss: Float = 0.5, weights: String? = nil) throws {
    let attempt = try #require(try store.claim(key, for: run))
    let evaluation = Sample.evaluation(2, accuracy: 0.75)
    var result = Sample.result(
      iterations: 2, hits: HitMask(count: 2, bytes: [1]),
      traceDigest: TraceDigest.of(losses: [1, loss], evaluations: [evaluation]))
    result.confusion = [[1, 1], [0, 0]]
    result.weightsDigest = weights
    try store.finish(
      attempt, result: result, events: [.batchLosses(first: 1, losses: [1, loss]), .evaluation(evaluation)])
  }

  /// What a store shows of its trials, with host, times and row numbers left out.
  private func contents(_ store: Store) throws -> [[DatabaseValue]] {
    try store.rows(
      "SELECT study, trial, label, seed, state, iterations, train_loss, test_accuracy FROM trials ORDER BY 2")
      + store.rows("SELECT trial, split, metric, iteration, value FROM curves ORDER BY 1, 2, 3, 4")
      + store.rows(
        """
        SELECT trial.key, attempt.number, attempt.state, confusion.counts, hits.mask, environment.host, source.commit_hash
        FROM trial JOIN attempt ON attempt.trial_id = trial.id JOIN run ON run.id = run_id
        JOIN environment ON environment.id = environment_id LEFT JOIN source ON source.id = source_id
        LEFT JOIN confusion ON confusion.attempt_id = attempt.id LEFT JOIN hits ON hits.attempt_id = attempt.id
        ORDER BY 1, 2
        """)
  }

  @Test func aMergedStoreIsLikeTheOther() throws {
    try finish(sample.key(0, 0), in: there, run: run)
    try finish(sample.key(1, 2), in: there, run: run)
    let failing = try #require(try there.claim(sample.key(0, 1), for: run))
    try there.fail(failing, message: "no memory")
    let part = try #require(try there.claim(sample.key(1, 0), for: run))
    try there.record(part, events: [.batchLosses(first: 1, losses: [3, 2, 1])])
    try there.cancel(part)

    try here.mergeStudies(from: there)
    #expect(try here.mergeResults(from: there) == .init(taken: 4, equal: 0))
    #expect(try contents(here) == contents(there))
    #expect(try here.study(named: "sample").configurations == there.study(named: "sample").configurations)
    #expect(try here.integrityErrors() == [])
    #expect(try here.proof() == .init())
    // Again: what ran to its end is equal, nothing is doubled.
    try here.mergeStudies(from: there)
    #expect(try here.mergeResults(from: there) == .init(taken: 0, equal: 2))
    #expect(try contents(here) == contents(there))
  }

  @Test func scoresThatAreNewHereAreTaken() throws {
    let attempt = try #require(try there.claim(sample.key(0, 0), for: run))
    var evaluation = Sample.evaluation(2, accuracy: 0.75, validation: 0.5)
    evaluation.test?.metrics = [.macroF1: 0.625, .topAccuracy(5): 0.875, .expectedCalibrationError: .nan]
    evaluation.validation?.metrics = [.macroF1: 0.25]
    let trace = TraceDigest.of(losses: [1, 0.5], evaluations: [evaluation])
    try there.finish(
      attempt, result: Sample.result(iterations: 2, traceDigest: trace),
      events: [.batchLosses(first: 1, losses: [1, 0.5]), .evaluation(evaluation)])
    try here.mergeStudies(from: there)
    #expect(try here.mergeResults(from: there) == .init(taken: 1, equal: 0))
    #expect(try contents(here) == contents(there))
    #expect(try here.proof() == .init())
    let read = try #require(try here.study(named: "sample").configurations[0].trials[0].evaluations.last)
    #expect(read.validation == evaluation.validation)
    #expect(read.test?.metrics[.macroF1] == 0.625 && read.test?.metrics[.topAccuracy(5)] == 0.875)
    #expect(try #require(read.test?.metrics[.expectedCalibrationError]).isNaN, "NaN survives")
    let curves = try here.rows("SELECT split, metric, value, kind FROM curves WHERE metric LIKE '%a%' ORDER BY 1, 2")
    #expect(
      curves.map { String.fromDatabaseValue($0[1]) } == [
        "accuracy", "expected_calibration_error", "f1_macro", "top_5_accuracy", "accuracy", "f1_macro",
      ])
    try here.write { database in
      try database.execute(sql: "UPDATE metric SET value = 1.5 WHERE series_id = 11")
      try database.execute(sql: "UPDATE attempt SET state = 'running', lease_until = 9e12")
    }
    #expect(throws: (any Error).self) { try here.study(named: "sample") }
  }

  @Test func whatCameFurtherCounts() throws {
    let key = sample.key(0, 0)
    try here.mergeStudies(from: there)
    let part = try #require(try there.claim(key, for: run, owner: .elsewhere, leaseSeconds: -5))
    try there.record(part, events: [.batchLosses(first: 1, losses: [3, 2, 1])])
    #expect(try here.mergeResults(from: there).taken == 1)
    #expect(try here.rows("SELECT count(*) FROM batch_loss") == [[3.databaseValue]])
    try finish(key, in: there, run: run)
    #expect(try here.mergeResults(from: there).taken == 1)
    #expect(try here.rows("SELECT count(*) FROM batch_loss") == [[2.databaseValue]])
    #expect(
      try here.rows("SELECT state FROM attempt ORDER BY number").map { $0[0] } == [
        "stale".databaseValue, "done".databaseValue,
      ])
    // A result stays when another store has only a failure.
    let third = try Store(path: folders.there.path + "/third.db", access: .readWrite)
    let other = try sample.register(in: third)
    try third.fail(try #require(try third.claim(key, for: other)), message: "no memory")
    #expect(try here.mergeResults(from: third) == .init())
    #expect(try here.states(of: [key]) == [key: .done])
  }

  @Test func otherBitsAreAnError() throws {
    let key = sample.key(0, 0)
    try here.mergeStudies(from: there)
    try finish(key, in: there, run: run)
    let third = try Store(path: folders.there.path + "/third.db", access: .readWrite)
    try finish(key, in: third, run: try sample.register(in: third), loss: 0.25)
    try finish(sample.key(0, 1), in: third, run: try sample.register(in: third))
    #expect(try here.mergeResults(from: there).taken == 1)
    let before = try contents(here)
    let host = ProcessInfo.processInfo.hostName
    #expect(
      throws: StoreError.differentBits(
        trial: key, places: [.init(host: host, path: here.path), .init(host: host, path: third.path)])
    ) { try here.mergeResults(from: third) }
    #expect(try contents(here) == before, "nothing of that store is taken over")
  }

  @Test func aStoreWhoseNumbersDontFitTheirDigestsIsRefused() throws {
    try here.mergeStudies(from: there)
    try finish(sample.key(0, 0), in: there, run: run)
    try there.write { try $0.execute(sql: "UPDATE batch_loss SET value = 0.125 WHERE iteration = 2") }
    let error = #expect(throws: StoreError.self) { try here.mergeResults(from: there) }
    guard case .unproven(let path, _)? = error else { return #expect(Bool(false), "\(String(describing: error))") }
    #expect(path == there.path)
    #expect(try here.rows("SELECT count(*) FROM attempt") == [[0.databaseValue]])
  }

  @Test func weightsComeBeforeTheRowsThatNameThem() throws {
    try here.mergeStudies(from: there)
    try finish(sample.key(0, 0), in: there, run: run, weights: "cafe")
    struct NoRoom: Error {}
    #expect(throws: NoRoom.self) { try here.mergeResults(from: there) { _ in throw NoRoom() } }
    #expect(try here.rows("SELECT count(*) FROM attempt") == [[0.databaseValue]])
    var kept: [String] = []
    _ = try here.mergeResults(from: there) { kept.append($0) }
    #expect(kept == ["cafe"])
  }

  @Test func revisionsThatAreNotHereBecomeTheLatest() throws {
    try here.mergeStudies(from: there)
    let grown = Sample(labels: ["Model A", "Model B", "Model C"])
    try grown.register(in: there)
    for _ in 0..<2 {
      try here.mergeStudies(from: there)
      #expect(try here.study(named: "sample").revision == 2)
      #expect(try here.study(named: "sample").configurations.map(\.configuration.label).last == "Model C")
    }
    // The other way round, the older one does not come back.
    try there.mergeStudies(from: here)
    #expect(try there.study(named: "sample").revision == 2)
  }

  @Test func aPartOfARevisionIsNoRevisionOfItsOwn() throws {
    let part = try Store(path: folders.there.path + "/part.db", access: .readWrite)
    _ = try part.register(
      sample.study, identity: sample.identity, environment: Sample.environment, source: nil, commandLine: [],
      only: [sample.key(1, 0), sample.key(1, 2)])
    #expect(try part.study(named: "sample").configurations.map(\.trials.count) == [2])
    try here.mergeStudies(from: there)
    try here.mergeStudies(from: part)
    #expect(try here.study(named: "sample").revision == 1)
    #expect(try here.study(named: "sample").configurations.map(\.trials.count) == [3, 3])
    // The other way round, the whole becomes the latest.
    try part.mergeStudies(from: there)
    #expect(try part.study(named: "sample").revision == 2)
    #expect(try part.study(named: "sample").configurations.map(\.trials.count) == [3, 3])
  }

  @Test func aCopyOfAStoreAtWorkIsWhole() throws {
    try finish(sample.key(0, 0), in: there, run: run)
    let copy = folders.here.path + "/copy.db"
    try Store(path: there.path, access: .readOnly).copy(to: copy)
    let store = try Store(path: copy, access: .unchanging)
    #expect(try contents(store) == contents(there))
    try here.mergeStudies(from: store)
    #expect(try here.mergeResults(from: store).taken == 1)
  }

  @Test func ofASharedFileSystemTheStoreSaysWhere() throws {
    var status = stat()
    #expect(stat(folders.here.path, &status) == 0)
    let device = UInt64(status.st_dev)
    let number = "\(device >> 8 & 0xFFF):\(device & 0xFF | device >> 12 & ~0xFF)"
    func line(_ kind: String) -> String { "36 35 \(number) /mnt1 /mnt2 rw,noatime master:1 - \(kind) /dev/root rw\n" }
    #expect(FileSystemKind.shared(at: folders.here.path, mounts: line("ext4")) == nil)
    #expect(FileSystemKind.shared(at: folders.here.path, mounts: line("fuseblk")) == nil)
    for kind in ["nfs4", "lustre", "gpfs", "fuse.sshfs", "fuse", "cifs"] {
      #expect(FileSystemKind.shared(at: folders.here.path, mounts: "1 1 0:0 / / rw - proc p rw\n" + line(kind)) == kind)
    }
  }
}
