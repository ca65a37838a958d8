import Comparing
import Experiments
import Foundation
import Statistics
import TestSupport
import Testing

@testable import Reporting

/// What charts and intervals must not do: run away, drop a point, reach beyond what can be.
@Suite struct HonestChartTests {
  private func charts(_ record: StudyRecord) -> [String: Chart] {
    let all = StudyCharts.all(StudyAnalysis(record, options: ReportOptions()))
    return Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The upper end of a chart's y axis, as gnuplot plots it.
  private func top(_ chart: Chart) throws -> Double {
    let command = try #require((chart.setup + chart.panels.flatMap(\.setup)).first { $0.hasPrefix("set yrange") })
    let end = try #require(command.firstMatch(of: /:([^\]]+)\]/))
    return try #require(Double(end.1))
  }

  /// Model A's runs all leave for 1e35 and diverge.
  private static var runaway: StudyRecord {
    var record = Samples.modelABC()
    for trial in record.configurations[0].trials.indices {
      var changed = record.configurations[0].trials[trial]
      changed.state = .diverged
      changed.result?.outcome = .diverged(iteration: 1200)
      changed.lossCurve = changed.lossCurve.prefix(120).enumerated().map { index, point in
        LossPoint(iteration: point.iteration, loss: index < 60 ? point.loss : pow(10, Double(index - 60) * 0.6))
      }
      record.configurations[0].trials[trial] = changed
    }
    return record
  }

  @Test func oneDivergedConfigurationCutsTheAxisAndIsMarked() throws {
    let loss = try #require(charts(Self.runaway)["loss"])
    let plain = try #require(charts(Samples.modelABC())["loss"])
    let (cut, whole) = (try top(loss), try top(plain))
    #expect(cut < whole + 1.5, "\(cut) beside \(whole)")
    #expect(loss.setup.contains { $0.contains("'▲'") } && loss.caption.contains("▲"))
    #expect(loss.data.contains("# Model A"))
    #expect(!plain.setup.contains { $0.contains("'▲'") } && !plain.caption.contains("▲"))
  }

  /// A configuration that ended, however large its loss, is within the axis.
  @Test func whatEndedStaysWithinTheAxis() throws {
    let loss = try #require(charts(Samples.exploding())["loss"])
    let largest = try loss.data.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      try #require(Double(line.split(separator: "\t")[1]))
    }.max()
    #expect(try top(loss) > log10(try #require(largest)) - 2)
  }

  @Test func aSettingWithOneRateIsAPointOfTheRateChart() throws {
    var record = Samples.grid()
    // Of "full" the best rate alone ran to its end.
    for index in record.configurations.indices
    where index > 2 && record.configurations[index].configuration.label.contains("full") {
      for trial in record.configurations[index].trials.indices {
        record.configurations[index].trials[trial].state = .diverged
        record.configurations[index].trials[trial].result?.outcome = .diverged(iteration: 5)
        record.configurations[index].trials[trial].evaluations = []
      }
    }
    let chart = try #require(charts(record)["learning-rate"])
    let block = try #require(chart.data.components(separatedBy: "\n\n\n").first { $0.contains("# full") })
    #expect(block.split(separator: "\n").filter { !$0.hasPrefix("#") }.count == 1)
    #expect(chart.plots.contains { $0.contains("linespoints") })
    #expect(chart.setup.filter { $0.contains("'▲'") }.count == 3, "the rates at which it diverged")
  }

  @Test func fromFiveBandsOnEachHasAPlot() throws {
    let accuracy = try #require(charts(Samples.grid())["accuracy"])
    #expect(accuracy.panels.count == 6 && accuracy.caption.contains("A plot for each of the best 6"))
    for panel in accuracy.panels { #expect(panel.plots.count { $0.contains("filledcurves") } == 1) }
    let few = try #require(charts(Samples.modelABC())["accuracy"])
    #expect(few.panels.isEmpty && few.plots.count { $0.contains("filledcurves") } == 3)
  }

  @Test func anAxisThatIsNotEvenSaysSoAndWhy() throws {
    let accuracy = try #require(charts(Samples.grid())["accuracy"])
    #expect(accuracy.setup.contains { $0.contains("test accuracy (%), log of 100 − accuracy") })
    #expect(accuracy.caption.contains("equal ratios of the error, 100 − accuracy, because"))
    let rates = try #require(charts(Samples.grid())["learning-rate"])
    #expect(rates.setup.contains { $0.contains("learning rate, logarithmic") })
    #expect(ValueScale.linear(over: [1, 2]).reason("x").isEmpty && ValueScale.linear(over: [1, 2]).note.isEmpty)
  }

  @Test(arguments: 0..<200) func namesOfTicsHaveRoom(seed: Int) {
    var random = TestSupport.SeededGenerator(seed: UInt64(seed))
    let size = pow(10, Double.random(in: -6...9, using: &random))
    let values = (0..<4).map { _ in size * pow(10, Double.random(in: 0...2, using: &random)) }
    let pixels = Int.random(in: 120...700, using: &random)
    for scale in [ValueScale.linear(over: values + [0]), .linear(over: values), .logarithmic(over: values)] {
      let tics = scale.named(within: pixels).tics
      let (kept, all) = (tics.map { $0.label }, scale.tics.map { $0.label })
      #expect(!kept.isEmpty && Set(kept).isSubset(of: all))
      for (first, second) in zip(tics, tics.dropFirst()) {
        let apart = (scale.position(second.value) - scale.position(first.value)) * Double(pixels)
        #expect(apart >= 4.5 * Double(first.label.count + second.label.count), "\(first) \(second) on \(pixels)")
      }
      if let zero = scale.tics.first(where: { $0.value == 0 }) { #expect(tics.contains { $0.label == zero.label }) }
    }
  }

  /// Two seeds near the ends give intervals of Student's that reach far beyond; nothing that is shown does.
  @Test(arguments: 0..<60) func noIntervalOfAnAccuracyLeavesWhatIsPossible(seed: Int) {
    var random = TestSupport.SeededGenerator(seed: UInt64(seed))
    var record = Samples.grid(seeds: Int.random(in: 2...3, using: &random))
    for row in record.configurations.indices {
      for trial in record.configurations[row].trials.indices {
        let accuracy = [Double.random(in: 0...1, using: &random), 0, 1, 0.999].randomElement(using: &random) ?? 0
        for place in record.configurations[row].trials[trial].evaluations.indices {
          record.configurations[row].trials[trial].evaluations[place].test?.accuracy = accuracy
        }
      }
    }
    let analysis = StudyAnalysis(record, options: ReportOptions())
    for row in analysis.configurations {
      if let interval = row.interval { #expect(interval.lower >= 0 && interval.upper <= 1, "\(interval)") }
      if let interval = row.comparison?.interval { #expect(interval.lower >= -1 && interval.upper <= 1, "\(interval)") }
    }
    for text in Report(record).text(.md).matches(of: /\[([−+]?)([0-9.]+), ([−+]?)([0-9.]+)\]/) {
      #expect((Double(text.2) ?? 0) <= 100 && (Double(text.4) ?? 0) <= 100, "\(text.0)")
    }
  }
}
