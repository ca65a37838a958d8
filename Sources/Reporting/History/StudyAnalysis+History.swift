extension StudyAnalysis {
  /// The nights of the configurations that the report shows; `nil` where fewer than two have any of them.
  var history: StudyHistory? {
    guard options.nights.count > 1 else { return nil }
    let history = StudyHistory(
      options.nights, study: record.name, hashes: configurations.map(\.record.hash), alpha: options.alpha)
    let nights = Set(history.rows.flatMap { row in row.series.flatMap { $0.points.map(\.night) } })
    return nights.count > 1 ? history : nil
  }
}

extension Chart {
  /// Whether it belongs to a report's history, which stands apart from the study's own charts.
  var isOfHistory: Bool { name.hasPrefix(HistoryChart.namePrefix) }
}
