import Presentation

/// How to read a comparison: a note on each verdict and number that it has.
enum ComparisonNotes {
  static func section(_ comparison: StudyComparison) -> Section {
    let policy = comparison.policy
    let all = comparison.rows + comparison.anchorRows
    let verdicts = Set(all.map(\.verdict))
    var notes: [String] = []
    if comparison.familySize > 0 {
      let hasAnchor = !comparison.anchorRows.isEmpty
      let alpha = hasAnchor ? policy.alpha / 2 : policy.alpha
      notes += [
        "Brackets: where the mean difference lies. Without any change a bound is wrong in some row of this table in at "
          + "most \(NumberText.percent(alpha)) of nights, for the lower and the upper bounds each (Student's t of the "
          + "differences by seed, corrected for "
          + "\(counted(comparison.familySize, "tested row"))\(hasAnchor ? ", and for those since the anchor" : "")).",
        "Worse: the whole bracket is a loss beyond the tolerance. Worse, within tolerance: all of it is a loss, and none "
          + "of it beyond the tolerance. Within tolerance: none of it is a loss beyond the tolerance; a smaller one, or a "
          + "gain, may be there. Better: all of it is a gain. Not decided: none of these.",
      ]
    }
    if verdicts.contains(.collapsed) {
      notes.append(
        "Collapsed: single seeds lost more than the tolerance and at least \(Int(QualityFamily.fewestSpreads)) times the "
          + "standard deviation between the baseline's seeds (its own, or the middle one of all configurations where that "
          + "is larger; with one seed, ten times the tolerance), or their score is no longer a number.")
    }
    let blind = all.filter { row in
      row.metric.isShare && (row.collapseLimit ?? 0) >= (row.baselineMean ?? .infinity)
    }
    if let first = blind.first {
      let more = blind.count > 1 ? " and \(counted(blind.count - 1, "more row"))" : ""
      notes.append(
        "The baseline's own seeds of \(ComparisonSections.names([first], of: comparison)[0])\(more) lie so far apart that a single "
          + "seed that collapsed could not be told.")
    }
    if all.contains(where: \.isSuspect) {
      notes.append(
        "Bold and not decided: the measured loss exceeds the tolerance, but so few or so different seeds do not show that "
          + "it is not chance. More seeds decide it; until then it is not a pass.")
    }
    if all.contains(where: \.metric.isCost) {
      notes.append(
        "Times, speeds and memory are judged by the tolerance, without a test: the seeds of one night share the machine's mood, so "
          + "that no test over them means anything. They are only compared where host, processor, -j and program are the "
          + "same, times and speeds only of seeds that had the same share of the processor, within a tenth. Where "
          + "\(NightSpreads.fewestNights) nights or more are recorded, a change must also exceed what lies between those."
      )
    }
    if !comparison.anchorRows.isEmpty {
      notes.append(
        "The anchor is the first baseline of this name: where each new baseline is a little worse than the one before, it "
          + "shows the sum. `bench baseline save NAME --new-anchor` sets it anew after a change that was meant.")
    }
    return Section(id: "reading", title: "How to read this", blocks: notes.isEmpty ? [] : [.list(notes)])
  }
}
