import Experiments
import Testing
import TestSupport

@testable import Exchange

@Suite struct EventRecordsTests {
  /// The examples of RFC 3720, B.4, and the check value of the catalogue of CRC algorithms.
  static let examples: [(bytes: [UInt8], check: UInt32)] = [
    (Array(repeating: 0, count: 32), 0x8A91_36AA), (Array(repeating: 0xFF, count: 32), 0x62A8_AB43),
    (Array(0..<32), 0x46DD_794E), ((0..<32).reversed(), 0x113F_DB5C), (Array("123456789".utf8), 0xE306_9283), ([], 0),
  ]

  @Test func checksAreThoseOfTheStandard() {
    for example in Self.examples { #expect(CRC32C.of(example.bytes) == example.check) }
  }

  private func records(_ write: (inout EventRecords) -> Void) -> String {
    var records = EventRecords()
    write(&records)
    return records.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The same events, written by TensorBoard 2.20's own `RecordWriter` and messages.
  @Test func recordsAreThoseOfTensorBoard() {
    #expect(
      records { $0.begin(at: 1) }
        == "1800000000000000a37f4b2209000000000000f03f1a0d627261696e2e4576656e743a3286bf577a")
    #expect(
      records { $0.scalar("loss/train", 0.5, step: 300, at: 2) }
        == "2100000000000000017becf609000000000000004010ac022a130a110a0a6c6f73732f747261696e150000003f3192d42e")
    #expect(
      records { $0.restart(at: 3) } == "0d000000000000003c37b8340900000000000008403a0208017b0a9ffd")
    #expect(
      records { $0.hparams(.end(isSuccess: true, at: 2), at: 2) }
        == "4d000000000000003d63d4a60900000000000000402a420a400a1a5f68706172616d735f2f73657373696f6e5f656e645f696e66"
        + "6f42060801120212004a1a0a180a0768706172616d73120d220b08011100000000000000409bf966b4")
  }

  @Test func valuesThatAreNotFiniteStay() throws {
    var records = EventRecords()
    for (step, value) in [Double.nan, .infinity, -.infinity, -0.0, 1e300, .leastNonzeroMagnitude].enumerated() {
      records.scalar("a", value, step: step, at: 0)
    }
    let found = try eventPoints(in: records.bytes).map(\.value)
    #expect(found[0].isNaN)
    #expect(found[1...] == [.infinity, -.infinity, 0, .infinity, 0])
    #expect(found[3].sign == .minus)
  }
}

@Suite struct TrialSpanTests {
  private let spans = [
    TrialSpan(after: 0, through: 10, begin: 100, end: 200), TrialSpan(after: 4, through: 8, begin: 300, end: 340),
  ]

  @Test func timesAreThoseOfTheExecutionThatCounts() {
    let times = [0, 1, 4, 5, 8, 9].map { spans.time(of: $0) }
    #expect(times == [100, 110, 140, 310, 340, 340])
  }

  @Test func nothingKnownIsZero() {
    #expect([TrialSpan]().time(of: 3) == 0)
    #expect([TrialSpan(after: 3, through: 3, begin: 7, end: 9)].time(of: 4) == 7)
  }
}
