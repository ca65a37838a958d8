import Comparing
import Experiments

/// Everything that a report says of a study, worked out once for all formats.
@dynamicMemberLookup
struct StudyAnalysis: Sendable {
  /// The configurations, ranked; its members can be read as the analysis' own.
  let study: RankedStudy
  /// All pairs of a few configurations.
  let pairs: [PairComparison]
  /// The effect of each axis by itself.
  let effects: [AxisEffect]
  /// How much of the variation goes with each axis, where the grid is balanced.
  let shares: AxisShares?
  /// The two axes that move the score most: those of the heat map.
  let leadingAxes: (Axis, Axis)?
  /// The joint effect of the two leading axes.
  let interaction: AxisInteraction?
  /// The uncertainty that other test images would add, where the answers of each trial were kept.
  let imageUncertainty: ImageUncertainty?
  /// Sentences that a reader must know before believing the tables.
  let caveats: [String]
  /// Each configuration at its own best value of an axis, where that was asked for.
  let tuning: Tuning?
  /// The nights of the configurations that the report shows; `nil` where fewer than two have any of them.
  let history: StudyHistory?
  /// The batch losses that charts draw, by the keys of their trials.
  var lossCurves: [String: [LossPoint]]
  /// The learning rates that a chart draws, by the keys of the trials with a scheduler.
  var rateCurves: [String: [RatePoint]]

  init(_ record: StudyRecord, options: ReportOptions, tuning: Tuning? = nil) {
    study = RankedStudy(record, options: options)
    pairs = PairComparison.all(of: study)
    effects = study.axisEffects()
    shares = study.axisShares()
    leadingAxes = study.leadingAxes(by: effects)
    interaction = leadingAxes.flatMap(study.interaction)
    imageUncertainty = study.overTestImages(pairs)
    caveats = study.caveats(imageUncertainty)
    self.tuning = tuning
    history = StudyHistory(
      ofShown: study.configurations.map(\.record.hash), names: study.configurations.map(\.label),
      in: study.record.name, options: options)
    lossCurves = record.lossCurves
    rateCurves = record.rateCurves
  }

  /// A member of the ranked study.
  subscript<Value>(dynamicMember member: KeyPath<RankedStudy, Value>) -> Value { study[keyPath: member] }
}

extension StudyRecord {
  /// The batch losses of the trials that have some, by the trials' keys.
  var lossCurves: [String: [LossPoint]] {
    let trials = configurations.flatMap(\.trials).filter { !$0.lossCurve.isEmpty }
    return Dictionary(trials.map { ($0.key, $0.lossCurve) }) { first, _ in first }
  }

  /// The learning rates of the trials that have some, by the trials' keys.
  var rateCurves: [String: [RatePoint]] {
    let trials = configurations.flatMap(\.trials).filter { !$0.rateCurve.isEmpty }
    return Dictionary(trials.map { ($0.key, $0.rateCurve) }) { first, _ in first }
  }
}
