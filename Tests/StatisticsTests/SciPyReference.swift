import Foundation
import Testing

/// SciPy's values; `Fixtures/scipy_reference.py` writes them and says with which version.
struct SciPyReference: Decodable {
  struct Numbers: Decodable {
    let mean, sd, median, lower, upper: Double
    let t, bca: [Double]
  }
  struct SignFlip: Decodable {
    let values: [Double]
    let tail: String
    let p: Double
  }
  struct JointFlips: Decodable {
    let rows: [[Double]]
    let studentized: Bool
    let p: [Double]
  }
  struct Welch: Decodable {
    let first, second, tail: String
    let t, df, p: Double
    let interval: [Double]
  }
  struct MannWhitney: Decodable {
    let first, second, tail: String
    let u, p: Double
  }

  let samples: [String: [Double]]
  let summaries: [String: Numbers]
  let signFlip: [SignFlip]
  let maxT: [JointFlips]
  let welch: [Welch]
  let mannWhitney: [MannWhitney]
  let beta, gamma, tUpper, tQuantile, noncentralT, normal: [[Double]]

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
