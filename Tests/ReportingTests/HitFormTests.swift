import Experiments
import Presentation
import Testing

@testable import Reporting

@Suite struct HitFormTests {
  @Test func resultsHoldConfusionAndHitsOfEachTrial() throws {
    var record = Samples.modelABC(seeds: 1)
    var mask = HitMask(count: 10)
    for index in [0, 3, 9] { mask[index] = true }
    record.configurations[0].trials[0].result?.confusion = [[1, 4], [3, 2]]
    record.configurations[0].trials[0].result?.hits = mask
    var reader = JSONReader(Array(Report(record).text(.json).utf8))
    let results = try reader.read().value
    let trials = (results["configurations"]?.array ?? []).compactMap { $0["trials"]?.array?.first }
    let trial = try #require(trials.first { $0["trial"]?.string == record.configurations[0].trials[0].key })
    #expect(trial["confusion"] == [[1, 4], [3, 2]])
    #expect(trial["hits"] == ["images": 10, "mask": "CQI="])
    #expect(HitMask(count: 10, base64: trial["hits"]?["mask"]?.string ?? "") == mask)
    #expect(trials.count { $0["hits"] == .null && $0["confusion"] == .null } == 2)
  }
}
