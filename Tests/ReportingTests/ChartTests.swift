import Experiments
import Foundation
import Presentation
import Testing

@testable import Reporting

@Suite struct ChartTests {
  @Test func aStudyHasTheChartsThatItsNumbersAllow() {
    func names(_ record: StudyRecord) -> [String] {
      StudyCharts.all(StudyAnalysis(record, options: ReportOptions())).map(\.name)
    }
    #expect(names(Samples.modelABC()) == ["final", "accuracy", "loss", "differences", "time", "speed"])
    #expect(
      names(Samples.grid()) == [
        "final", "accuracy", "loss", "heatmap", "variation", "differences", "learning-rate", "time", "speed",
      ])
    #expect(names(Samples.factorial()).contains("parallel"))
    // What is not balanced has no analysis of variance.
    #expect(names(Samples.search()).contains("parallel") && !names(Samples.search()).contains("variation"))
    #expect(names(Samples.modelABC(seeds: 1)) == ["final", "accuracy", "loss", "time", "speed"])
    #expect(names(Samples.reconstruction()).contains("score"))
  }

  @Test func linearAxisShowsTheDifferences() {
    let scale = ValueScale.linear(over: [0.9314, 0.9693], zoom: 100, within: 0...1)
    #expect(scale.lower > 0.92 && scale.upper < 0.98)
    #expect(scale.tics.map(\.label) == ["93", "94", "95", "96", "97"])
    #expect(scale.position(0.9314) < 0.1 && scale.position(0.9693) > 0.9)
  }

  /// A loss of 1.5e20 that stays the same to six digits is more than an integer holds.
  @Test(arguments: [1.5e20, -1.5e20, 9e18, 1e300, 1.7e308]) func hugeAndNearlyConstantValuesHaveTics(value: Double) {
    for values in [[value], [value, value * (1 - 1e-6)], [value, 0], [value, .infinity, .nan]] {
      let scale = ValueScale.linear(over: values)
      #expect(scale.lower < scale.upper && scale.lower.isFinite && scale.upper.isFinite, "\(values)")
      #expect(!scale.tics.isEmpty && scale.tics.allSatisfy { $0.value.isFinite }, "\(values)")
      #expect(Set(scale.tics.map(\.label)).count == scale.tics.count, "\(values): \(scale.tics.map(\.label))")
    }
  }

  /// What no accuracy can be, of a store that was changed, leaves an axis all the same.
  @Test func valuesBeyondTheLimitsHaveARange() {
    for values in [[-1.0], [-3, -2], [1e19], [2]] {
      let scale = ValueScale.linear(over: values, zoom: 100, within: 0...1)
      #expect(scale.lower < scale.upper, "\(values)")
    }
  }

  @Test func linearAxisOfEqualValuesHasARange() {
    for value in [0.0, 0.9, 1.0, -3, 1e6] {
      let scale = ValueScale.linear(over: [value, value])
      #expect(scale.lower < scale.upper && scale.tics.count > 1, "\(value): \(scale)")
    }
    let none = ValueScale.linear(over: [.nan])
    #expect(none.lower < none.upper)
  }

  @Test func axesOfHugeValuesHaveShortAndDistinctNames() {
    #expect(ValueScale.linear(over: [0, 1e8]).tics.map(\.label) == ["0", "2e7", "4e7", "6e7", "8e7", "1e8"])
    #expect(ValueScale.linear(over: [0, 2e7], isSigned: true).tics.last?.label == "+2e7")
    for values in [[1.2345e9, 1.2346e9], [1e6, 1.0001e6], [0.1, 9e7], [1e-9, 1e9]] {
      for scale in [ValueScale.linear(over: values), ValueScale.logarithmic(over: values), .loss(over: values)] {
        let names = scale.tics.map(\.label)
        #expect(names.count > 1 && Set(names).count == names.count, "\(values): \(names)")
      }
    }
  }

  @Test func ratesThatWereTriedAreNamedAsFarAsTheyFit() {
    let few = [0.003, 0.01, 0.03, 0.1]
    #expect(ValueScale.logarithmic(over: few, naming: few).tics.map(\.value) == few)
    let many = (0..<60).map { 0.001 * pow(1.08, Double($0)) }
    let tics = ValueScale.logarithmic(over: many, naming: many).tics
    #expect(tics.count > 4 && tics.count < 30)
  }

  @Test func namesFarFromTheirPointsAreTiedToThem() {
    let spots = (0..<8).map { (x: 0.5 + 0.002 * Double($0), y: 0.5) }
    let places = SpotLabels.placed(spots, besides: [], widths: spots.map { _ in 0.2 }, height: 0.05, gap: 0.02)
    #expect(places.contains { $0.tie != nil } && places.contains { $0.tie == nil })
    for (place, spot) in zip(places, spots) where place.tie == nil { #expect(abs(place.y - spot.y) <= 0.051) }
  }

  @Test(arguments: [("#fde725", false), ("#440154", true), ("#21918c", false), ("#31688e", true), ("#808080", false)])
  func numbersStandOutFromTheirCells(color: String, isDark: Bool) { #expect(Color(color).isDark == isDark) }

  @Test func axisStaysWithinWhatIsPossible() {
    let scale = ValueScale.linear(over: [0.2, 1.0], zoom: 100, within: 0...1)
    #expect(scale.upper == 1)
    #expect(scale.tics.last?.label == "100")
  }

  @Test func accuracyAxisSpreadsItsUpperEnd() {
    let scale = ValueScale.accuracy(over: [0.1, 0.97, 0.985], testCount: 10_000)
    guard case .errorLogarithmic = scale.kind else {
      Issue.record("expected an axis by the error, found \(scale.kind)")
      return
    }
    #expect(scale.position(0.985) - scale.position(0.97) > 0.1)
    #expect(scale.position(1.0) == 1)
    #expect(scale.tics.count > 4 && scale.tics.map(\.value) == scale.tics.map(\.value).sorted())
    #expect(ValueScale.accuracy(over: [0.96, 0.97], testCount: 10_000).tics.count > 3)
  }

  @Test func logarithmicAxisNamesRoundValues() {
    let scale = ValueScale.logarithmic(over: [0.05, 2.4, 0, .infinity])
    #expect(scale.tics.map(\.label) == ["0.05", "0.1", "0.2", "0.5", "1", "2"])
  }

  @Test(arguments: 0..<30)
  func labelsKeepTheirOrderAndDistance(seed: Int) {
    var state = UInt64(seed + 1)
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24)
    }
    let wanted = (0..<(seed % 9 + 1)).map { _ in next() * (seed % 2 == 0 ? 1 : 0.1) }
    let places = LabelPlaces.spread(wanted, gap: 0.08)
    let order = wanted.indices.sorted { wanted[$0] < wanted[$1] }
    for (below, above) in zip(order, order.dropFirst()) {
      #expect(places[above] - places[below] > 0.08 - 1e-9, "seed \(seed): \(wanted) became \(places)")
    }
    #expect(places.allSatisfy { $0 > -1e-9 && $0 < 1 + 1e-9 })
  }

  @Test func namesBesidePointsDoNotCoverEachOther() {
    let spots = (0..<6).map { (x: 0.5 + 0.001 * Double($0), y: 0.5) }
    let places = SpotLabels.placed(spots, besides: [], widths: spots.map { _ in 0.2 }, height: 0.05, gap: 0.02)
    func left(_ place: SpotLabels.Place) -> Double { place.isLeft ? place.x - 0.2 : place.x }
    for first in places.indices {
      for second in places.indices where second > first {
        let apart =
          abs(places[first].y - places[second].y) >= 0.0499 || abs(left(places[first]) - left(places[second])) >= 0.2
        #expect(apart, "\(places)")
      }
    }
  }

  @Test func manyConfigurationsNameTheBestAndPaleTheRest() {
    let choice = SeriesChoice(StudyAnalysis(Samples.many(34, seeds: 2), options: ReportOptions()))
    #expect(choice.named.count == 6 && choice.pale.count == 28)
    #expect(Set(choice.named.map { choice.color($0) }).count == 6)
    #expect(choice.color(choice.pale[0]) == ChartPalette.pale)
  }

  @Test func divergedTrialsDoNotPullDownTheMean() throws {
    let charts = StudyCharts.all(StudyAnalysis(Samples.troubled(), options: ReportOptions()))
    let accuracy = try #require(charts.first { $0.name == "accuracy" })
    #expect(!accuracy.data.contains("0.098\n") || accuracy.data.contains("not named"))
    #expect(!accuracy.data.contains("NaN"))
  }

  @Test func inlinedPicturesShareNoIdsAndFollowThePagesColours() {
    let svg = """
      <?xml version="1.0"?><svg viewBox="0 0 1 1"><g id="gnuplot_canvas"><circle id='gpPt5'/><use xlink:href='#gpPt5' id='gpPt6'/>\
      <path stroke='rgb(  0, 114, 178)'/><text fill="rgb(31,35,40)"/><g style="fill:url(#textbox)"/></g></svg>
      """
    let inlined = SVG.inlined(svg, id: "loss", title: "a \"b\"")
    #expect(inlined.hasPrefix("<svg role=\"img\" aria-label=\"a &quot;b&quot;\""))
    #expect(
      inlined.contains("href='#loss-gpPt5'") && inlined.contains("id='loss-gpPt6'")
        && inlined.contains("url(#loss-textbox)"))
    #expect(inlined.contains("stroke='var(--series-1)'") && inlined.contains("fill=\"var(--ink)\""))
    #expect(!inlined.contains("'gpPt") && !inlined.contains("#gpPt"))
  }

  @Test(arguments: [
    ("it's", "'it''s'"), ("'lead", "\"'\".'lead'"), ("''", "\"''\".''"), ("a\nb", "'a b'"), ("`x` $(y)", "'`x` $(y)'"),
    ("back\\", "'back\\'"),
    ("🎉 x", "'□ x'"),
  ])
  func gnuplotStringsHoldTheirText(text: String, quoted: String) { #expect(GnuplotText.quoted(text) == quoted) }

  @Test func aScheduleIsDrawn() throws {
    var record = Samples.modelABC()
    for trial in record.configurations[1].trials.indices {
      record.configurations[1].trials[trial].rateCurve = (1...20).map {
        RatePoint(iteration: $0 * 150, rate: 0.1 / Double($0))
      }
    }
    let charts = StudyCharts.all(StudyAnalysis(record, options: ReportOptions()))
    #expect(charts.map(\.name).prefix(4) == ["final", "accuracy", "loss", "schedule"])
    let chart = try #require(charts.first { $0.name == "schedule" })
    #expect(chart.data.contains("150\t0.1\t0.1\t0.1\n") && chart.data.contains("3000\t0.005\t0.005\t0.005\n"))
    #expect(!chart.script.contains("dashtype"))
    // Two lines that are the same are seen both.
    var same = record
    same.configurations[0].trials = record.configurations[1].trials
    let twice = try #require(
      CurveCharts.rate(.init(same, options: ReportOptions()), .init(.init(same, options: ReportOptions())))?.chart)
    #expect(twice.script.contains(" dashtype (8, 8)") && twice.caption.contains("lines that are the same"))
    // Of many rates single ones are drawn, so that no step becomes a slope.
    for trial in record.configurations[1].trials.indices {
      record.configurations[1].trials[trial].rateCurve = (1...3000).map {
        RatePoint(iteration: $0, rate: $0 <= 1500 ? 0.5 : 0.25)
      }
    }
    let many = try #require(
      CurveCharts.rate(.init(record, options: ReportOptions()), .init(.init(record, options: ReportOptions())))?.chart)
    let rates = many.data.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: "\t")[1] }
    #expect(Set(rates) == ["0.5", "0.25"] && (100...150).contains(rates.count))
    // The configurations whose rate stays have no line.
    #expect(chart.data.split(separator: "\n").count { $0.hasPrefix("# Model") } == 1)
  }

  /// The analysis says whose curves are drawn; with these added it draws what it draws when it has all from the start.
  @Test(arguments: [3, 30, 90]) func curvesThatAreAddedLaterDrawTheSameCharts(configurations: Int) {
    let record = Samples.many(configurations, seeds: 1)
    func only(_ labels: Set<String>) -> StudyRecord {
      var part = record
      for row in part.configurations.indices where !labels.contains(part.configurations[row].configuration.label) {
        for trial in part.configurations[row].trials.indices { part.configurations[row].trials[trial].lossCurve = [] }
      }
      return part
    }
    var report = Report(only([]))
    let labels = report.labelsOfCurves
    #expect(configurations > 66 ? labels.count < 66 : labels.count == configurations)
    report.addLossCurves(of: only(labels))
    let scripts = StudyCharts.all(report.analysis).map { $0.script + $0.data }
    #expect(scripts == StudyCharts.all(StudyAnalysis(record, options: ReportOptions())).map { $0.script + $0.data })
  }
}
