import Experiments
import Presentation
import Statistics

/// What each configuration needs of the machine's memory.
enum MemoryChart {
  /// Rows at most.
  private static let limit = 36

  static func chart(_ analysis: StudyAnalysis, _ choice: SeriesChoice) -> Chart? {
    let all = analysis.configurations.compactMap { row -> DotChart.Row? in
      let peaks = row.trials.compactMap(\.record.result?.peakBytes).filter { $0 > 0 }.map { Double($0) / 1e6 }
      return Summary(peaks).map { summary in
        DotChart.Row(
          label: row.label, color: choice.color(row.index), points: peaks, mean: summary.mean, interval: nil,
          text: NumberText.bytes(Int(summary.mean * 1e6)))
      }
    }
    guard all.count > 1 else { return nil }
    let rows = Array(all.sorted { $0.mean < $1.mean }.prefix(limit))
    let left = all.count > limit ? " The \(limit) that hold least of \(NumberText.count(all.count))." : ""
    return DotChart(
      name: "memory", title: "Memory of a training process",
      caption: "Memory that the process held at its highest while a trial was trained: a point for each seed, a stroke "
        + "for the mean. Trials that run beside each other share a process.\(left)",
      xTitle: "peak memory (MB)", x: .linear(over: rows.flatMap(\.points) + [0], within: 0 ... .infinity), rows: rows
    ).chart
  }
}
