import Experiments
import Foundation
import GRDB
import Testing

@testable import Tracking

@Suite final class HitTests: RegisteredStore {
  /// All are hits but one.
  private func mask(missing miss: Int = 7) -> HitMask {
    var mask = HitMask(count: 20)
    for index in 0..<20 where index != miss { mask[index] = true }
    return mask
  }

  @Test func hitsComeBackWhereTheyAreAskedFor() throws {
    let attempt = try #require(try store.claim(sample.key(0, 1), for: run))
    try store.finish(attempt, result: Sample.result(hits: mask()))
    let other = try #require(try store.claim(sample.key(1, 0), for: run))
    try store.finish(other, result: Sample.result())

    var record = try store.study(named: "sample")
    #expect(record.configurations[0].trials[1].result == Sample.result())
    try store.addHits(to: &record, upTo: 1)
    #expect(record.configurations[0].trials[1].result?.hits == nil)
    try store.addHits(to: &record)
    #expect(record.configurations[0].trials[1].result == Sample.result(hits: mask()))
    #expect(record.configurations[1].trials[0].result == Sample.result())
    #expect(record.configurations[0].trials[0].result == nil)
    let row = try store.rows("SELECT images, hex(mask) FROM hits")
    #expect(row == [[20.databaseValue, "7FFF0F".databaseValue]])
  }

  @Test func hitsOfAnEarlierAttemptAreNotTheTrials() throws {
    let first = try #require(try store.claim(sample.key(0, 0), for: run))
    try store.finish(first, result: Sample.result(hits: mask()))
    try store.write { try $0.execute(sql: "UPDATE attempt SET state = 'failed' WHERE id = ?", arguments: [first.id]) }
    let second = try #require(try store.claim(sample.key(0, 0), for: run, again: [.failed]))
    try store.finish(second, result: Sample.result(hits: mask(missing: 3)))
    var record = try store.study(named: "sample")
    try store.addHits(to: &record)
    #expect(record.configurations[0].trials[0].result?.hits == mask(missing: 3))
  }

  /// The result digest proves the matrix, and the matrix how many hits there are.
  @Test func hitsThatDoNotFitTheConfusionMatrixAreDamage() throws {
    let attempt = try #require(try store.claim(sample.key(0, 0), for: run))
    try store.finish(attempt, result: Sample.result(hits: mask()))
    try store.write { try $0.execute(sql: "UPDATE hits SET mask = x'7FFF0E'") }
    var record = try store.study(named: "sample")
    let error = #expect(throws: StoreError.self) { try store.addHits(to: &record) }
    #expect(error?.description.contains("are 18 images, its confusion matrix has 19") == true)
  }

  @Test func hitsThatDoNotFitTheirImagesAreDamage() throws {
    let attempt = try #require(try store.claim(sample.key(0, 0), for: run))
    try store.finish(attempt, result: Sample.result(hits: mask()))
    try store.write { try $0.execute(sql: "UPDATE hits SET images = 30") }
    var record = try store.study(named: "sample")
    let error = #expect(throws: StoreError.self) { try store.addHits(to: &record) }
    #expect(error?.description.contains("3 bytes for 30 images") == true)
  }
}
