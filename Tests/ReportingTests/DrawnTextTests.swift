import Experiments
import Files
import Foundation
import Presentation
import Testing

@testable import Reporting

/// What a reader of the pictures can read: the texts of the drawn SVG.
@Suite struct DrawnTextTests {
  /// A text with its box in pixels.
  struct DrawnText: CustomStringConvertible {
    var text: String
    var x: ClosedRange<Double>
    var y: ClosedRange<Double>

    var description: String { "\"\(text)\" \(x) \(y)" }

    func overlaps(_ other: DrawnText) -> Bool { x.overlaps(other.x) && y.overlaps(other.y) }
  }

  @Test(arguments: Sample.allCases) func textsNeitherCoverEachOtherNorLeaveThePicture(sample: Sample) async throws {
    for chart in try await Self.drawn(sample.record) {
      let texts = Self.texts(try #require(chart.svg))
      #expect(texts.count > 3, "\(chart.name)")
      for (index, text) in texts.enumerated() {
        for other in texts.dropFirst(index + 1) where text.overlaps(other) {
          Issue.record("\(sample.rawValue), \(chart.name): \(text) covers \(other)")
        }
        #expect(
          text.x.lowerBound > -8 && text.x.upperBound < Double(chart.width) + 8 && text.y.lowerBound > -4
            && text.y.upperBound < Double(chart.height) + 4,
          "\(sample.rawValue), \(chart.name): \(text) on \(chart.width) × \(chart.height)")
      }
    }
  }

  /// The speeds of the first study that README trains, whose tics collided.
  @Test func speedsOfTheFirstStudyAreNamedApart() async throws {
    let models = [("MLP", 5.4), ("CNN, max pooling", 41.4), ("CNN, average pooling", 47.4)].map { label, seconds in
      Samples.Model(label: label, settings: [("variant", label)], final: 0.9, spread: 0.01, seconds: seconds)
    }
    let record = Samples.study(
      name: "quick", title: "", axes: [Axis(path: "variant", values: models.map(\.label))], models: models, seeds: 6)
    let speed = try #require(try await Self.drawn(record).first { $0.name == "speed" })
    let texts = Self.texts(try #require(speed.svg))
    for (index, text) in texts.enumerated() {
      #expect(!texts.dropFirst(index + 1).contains(where: text.overlaps), "\(text)")
    }
    #expect(texts.contains { $0.text == "10,000" })
  }

  private static func drawn(_ record: StudyRecord) async throws -> [Chart] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bench-drawn-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let charts = StudyCharts.all(StudyAnalysis(record, options: ReportOptions()))
    let (drawn, error) = try await Gnuplot.draw(charts, in: folder, program: "gnuplot")
    #expect(error == nil)
    return drawn
  }

  /// The texts of gnuplot's SVG; a column is taken as half an em, which is a little less than most letters take.
  private static func texts(_ svg: String) -> [DrawnText] {
    let pattern =
      /<g transform="translate\(([-0-9.]+),([-0-9.]+)\)( rotate\(270\))?"[^>]*font-size="([0-9.]+)"\s+text-anchor="(\w+)">\s*<text>(.*?)<\/text>/
    return svg.matches(of: pattern).compactMap { match in
      guard let x = Double(match.1), let y = Double(match.2), let size = Double(match.4) else { return nil }
      let text = String(match.6).replacing(/<[^>]*>/, with: "").replacing(/&[a-z#0-9]+;/, with: "x")
      let width = Double(text.terminalColumns) * size * 0.5
      guard width > 0 else { return nil }
      let before = match.5 == "middle" ? width / 2 : match.5 == "end" ? width : 0
      // Letters stand on the line that the place names, and reach some 0.7 em above it.
      return match.3 == nil
        ? DrawnText(text: text, x: x - before...x - before + width, y: y - 0.7 * size...y)
        : DrawnText(text: text, x: x - 0.7 * size...x, y: y - (width - before)...y + before)
    }
  }
}
