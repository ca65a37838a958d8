import Foundation
import Testing

/// SciPy's values; `Fixtures/scipy_reference.py` writes them and says with which version.
struct SciPyReference: Decodable {
  struct Numbers: Decodable {
    let mean, sd, median, lower, upper: Double
    let t: [Double]
  }
  struct Comparisons: Decodable {
    struct Pair: Decodable {
      let first, second: Int
      let p, corrected: Double
      let bounds: [Double]
    }
    let groups: [String]
    let best: Int
    let pairs: [Pair]
  }
  struct Improvement: Decodable {
    let first, second: String
    let probability: Double
    let interval: [Double]
  }
  struct Correlation: Decodable {
    let first, second: String
    let r: Double
  }

  let samples: [String: [Double]]
  let summaries: [String: Numbers]
  let comparisons: [Comparisons]
  let improvement: [Improvement]
  let correlation: [Correlation]
  let beta, expectedMaximum, tUpper, tQuantile, noncentralT, normal: [[Double]]

  static func load() throws -> SciPyReference {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appending(path: "Fixtures/scipy.json"))
    return try JSONDecoder().decode(SciPyReference.self, from: data)
  }

  func sample(_ name: String) throws -> [Double] { try #require(samples[name]) }
}

/// Expects agreement to a relative tolerance, and says both values where there is none.
func expectClose(
  _ found: Double, _ wanted: Double, within tolerance: Double = 1e-10, _ context: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let scale = max(abs(wanted), 1e-300)
  #expect(
    found == wanted || abs(found - wanted) <= tolerance * scale, "\(context): found \(found), SciPy has \(wanted)",
    sourceLocation: sourceLocation)
}
