import Experiments
import Presentation
import Runner

/// What is shown of a study at work: a picture for a terminal that renews it, and lines that stay.
package struct ProgressPicture: Sendable {
  private let palette: Palette

  /// - Parameter palette: the colours of marks and of the bar.
  package init(palette: Palette) { self.palette = palette }

  /// The trials at work, one line each, and the whole; no line reaches the terminal's last column, so that none is broken.
  ///
  /// - Parameters:
  ///   - now: seconds on the clock that the events came by.
  ///   - width, height: the terminal's columns and rows.
  package func lines(_ progress: StudyProgress, now: Double, width: Int, height: Int) -> [Line] {
    let room = max(1, width - 1)
    let names = progress.running.values.map(\.name.terminalColumns).max() ?? 0
    // Names are what tells the rows apart: the other columns take what they leave.
    let nameWidth = max(16, min(names, room - 2 - Self.shareColumns))
    let shown = progress.running.sorted { $0.key < $1.key }.prefix(max(1, height - 4))
    var lines = shown.map { _, trial in
      let loss = trial.loss.map { NumberText.fixed($0, 4) } ?? "–"
      let accuracy = trial.accuracy.map(TerminalText.percent) ?? "–"
      let left = trial.secondsLeft(at: now).map { NumberText.clock($0) + " left" } ?? ""
      let speed = NumberText.count(Int(trial.imagesPerSecond(at: now))) + " images/s"
      let count = "\(NumberText.count(trial.iteration))/\(NumberText.count(trial.iterations))"
      // In a narrow terminal whole columns are left out, the least telling first.
      var line = "  " + trial.name(columns: nameWidth)
      if line.terminalColumns + Self.countColumns > room {
        let share = Double(trial.iteration) / Double(max(trial.iterations, 1))
        return Line(
          String((line + TerminalText.right("\(Int(share * 100)) %", Self.shareColumns)).prefix(terminalColumns: room)))
      }
      var fields = [(count, Self.countColumns), ("loss " + loss, 13), (accuracy, 10), (left, 13), (speed, 17)]
      if let rate = trial.learningRate { fields.append(("lr " + NumberText.significant(rate, 3), 13)) }
      for (text, columns) in fields {
        guard line.terminalColumns + columns <= room else { break }
        line += TerminalText.right(text, columns)
      }
      return Line(String(line.prefix(terminalColumns: room)))
    }
    let more = progress.running.count - shown.count
    if more > 0 { lines.append(Line("  … and \(more) more")) }
    lines += means(of: progress, room: room, rows: min(Self.mostMeans, height - 4 - lines.count))
    let left = progress.secondsLeft(at: now).map { " · about \(NumberText.clock($0)) left" } ?? ""
    let tail =
      " \(progress.ended)/\(progress.total) trials · \(NumberText.clock(progress.elapsed(at: now)))\(left)"
    let barWidth = min(40, room - tail.terminalColumns - 2)
    guard barWidth >= 4 else { return lines + [Line(String(tail.prefix(terminalColumns: room)))] }
    let filled = Int((progress.share * Double(barWidth)).rounded(.down))
    let bar =
      palette.accent(String(repeating: "━", count: filled))
      + palette.faint(String(repeating: "┄", count: barWidth - filled))
    return lines + [Line(text: "  " + bar + tail, columns: 2 + barWidth + tail.terminalColumns)]
  }

  /// The means so far of the best configurations, one line each, below a line that says what they are.
  private func means(of progress: StudyProgress, room: Int, rows: Int) -> [Line] {
    let means = progress.means
    guard rows > 1, !means.isEmpty else { return [] }
    let shown = means.prefix(rows - 1)
    let longest = shown.map(\.name.terminalColumns).max() ?? 0
    let hasCounts = longest + 2 + 10 + 10 <= room
    let width = min(longest, max(16, room - 2 - 10))
    let heading =
      "  mean so far" + (progress.showsValidation ? " on the validation examples" : "")
      + (means.count > shown.count ? ", the best \(shown.count) of \(means.count)" : "")
    return [Line(String(heading.prefix(terminalColumns: room)))]
      + shown.map { mean in
        let numbers =
          TerminalText.right(TerminalText.percent(mean.accuracy), 10)
          + (hasCounts ? "  \(mean.ended) of \(mean.trials)" : "")
        return Line(String("  \(TerminalText.fitted(mean.name, width))\(numbers)".prefix(terminalColumns: room)))
      }
  }

  /// Columns for `1,200/30,000`.
  private static let countColumns = 15
  /// Columns for `100 %`, which stands for it where there is no room.
  private static let shareColumns = 6
  /// Lines for means at most.
  private static let mostMeans = 7

  /// A line of the picture and how wide it is, colours aside.
  package struct Line {
    /// What is printed.
    package let text: String
    /// How wide it is.
    package let columns: Int

    fileprivate init(_ text: String) { self.init(text: text, columns: text.terminalColumns) }

    fileprivate init(text: String, columns: Int) { (self.text, self.columns) = (text, columns) }
  }

  /// How far the study is, in one line.
  package func heartbeat(_ progress: StudyProgress, now: Double) -> String {
    let left = progress.secondsLeft(at: now).map { ", about \(NumberText.clock($0)) left" } ?? ""
    return "… \(progress.ended) of \(progress.total) trials ended, \(progress.running.count) at work, "
      + "\(NumberText.clock(progress.elapsed(at: now))) gone\(left)"
  }

  /// What an evaluation measured.
  package func text(of evaluation: Evaluation) -> String {
    let scores = [("validation", evaluation.validation), ("test", evaluation.test)].compactMap { name, score in
      score.map { score in
        "\(name) loss \(NumberText.fixed(score.loss, 4))"
          + (score.accuracy.map { ", " + TerminalText.percent($0) } ?? "")
          + score.metrics.sorted { $0.key < $1.key }.map { ", \($0.key.title) \(TerminalText.percent($0.value))" }
          .joined()
      }
    }
    return
      ([
        "iteration \(NumberText.count(evaluation.iteration))",
        "train loss \(NumberText.fixed(evaluation.trainLoss, 4))",
      ] + scores).joined(separator: "  ")
  }

  /// The line for a trial that ended; `nil` for one that was not begun.
  ///
  /// - Parameter width: the terminal's columns, where there is one: what does not fit is left out, since a broken line would
  ///   look like another trial.
  package func line(for end: TrialEnd, name: String, width: Int?) -> String? {
    guard let line = outcome(of: end) else { return nil }
    var parts = [name] + line.parts
    while let width, parts.count > 2, parts.joined(separator: "  ").terminalColumns + 2 > width { parts.removeLast() }
    return "\(line.mark) \(parts.joined(separator: "  "))"
  }

  private func outcome(of end: TrialEnd) -> (mark: String, parts: [String])? {
    switch end {
    case .finished(let result):
      let time = NumberText.clock(result.wallSeconds)
      guard case .diverged(let iteration) = result.outcome else { return (palette.good("✓"), finalParts(result, time)) }
      return (palette.warn("✗"), ["diverged at iteration \(iteration)", time])
    case .failed(let message):
      let text = PlainText.oneLine(message)
      return (palette.bad("✗"), text.isEmpty ? [] : [text])
    case .cancelled: return (palette.warn("·"), ["stopped"])
    case .skipped: return nil
    }
  }

  private func finalParts(_ result: TrialResult, _ time: String) -> [String] {
    let accuracy = result.confusion.map { matrix -> String in
      let all = matrix.reduce(0) { $0 + $1.reduce(0, +) }
      let right = matrix.indices.reduce(0) { $0 + matrix[$1][$1] }
      return TerminalText.percent(Double(right) / Double(max(all, 1)))
    }
    return [accuracy, time, "\(NumberText.count(Int(result.imagesPerSecond))) images/s"].compactMap { $0 }
  }
}
