@preconcurrency import Dispatch
import Experiments
import Foundation
import Harness
import Presentation
import Runner
import Synchronization

/// Shows a study at work on standard error: a picture that renews itself on a terminal, otherwise one line per
/// finished trial and a heartbeat.
final class ProgressDisplay: Sendable {
  /// How much is shown.
  enum Style: Sendable {
    /// Lines that renew themselves.
    case live
    /// A line for each trial that ended, and one every half minute.
    case lines
    /// Nothing.
    case silent
  }

  private struct State {
    var progress: StudyProgress
    /// How wide each line of the picture on the screen is.
    var widthsDrawn: [Int] = []
  }

  private let state: Mutex<State>
  private let style: Style
  private let palette: Palette
  /// Whether each evaluation is said too.
  private let saysEvaluations: Bool
  private let timer: any DispatchSourceTimer

  /// - Parameter names: the configurations' short names by their labels.
  init(trials: [Trial], names: [String: String] = [:], output: OutputOptions, style: Style? = nil) {
    state = Mutex(State(progress: StudyProgress(trials: trials, names: names, now: Self.now)))
    (self.style, palette, saysEvaluations) = (
      style ?? output.progressStyle, output.palette, output.verbose && !output.quiet
    )
    let style = self.style
    timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "bench.display"))
    let interval = style == .live ? 0.1 : 30.0
    timer.schedule(deadline: .now() + interval, repeating: interval)
    timer.setEventHandler { [weak self] in self?.tick() }
    timer.activate()
  }

  /// Takes an event in; quick, from any thread.
  func take(_ event: RunnerEvent) {
    state.withLock { state in
      state.progress.take(event, now: Self.now)
      switch event {
      case .trial(let index, .evaluation(let evaluation)) where saysEvaluations:
        write("  \(state.progress.name(of: index))  \(text(of: evaluation))\n", above: &state)
      case .ended(let index, let end):
        // Failures are shown even in silence.
        if style == .silent, case .finished = end { return }
        guard let line = line(for: end) else { return }
        // On a terminal what does not fit is left out: a broken line would look like another trial.
        var parts = [state.progress.name(of: index)] + line.parts
        while style == .live, parts.count > 2, parts.joined(separator: "  ").terminalColumns + 2 > Terminal.width {
          parts.removeLast()
        }
        write("\(line.mark) \(parts.joined(separator: "  "))\n", above: &state)
      default: return
      }
    }
  }

  /// Prints a line above the display.
  func say(_ text: String) {
    state.withLock { write(PlainText.lines(text) + "\n", above: &$0) }
  }

  /// Ends the display; lines that were printed stay.
  func end() {
    timer.cancel()
    state.withLock { write(erasure(&$0)) }
  }

  private func tick() {
    state.withLock { state in
      let now = Self.now
      switch style {
      case .silent: return
      case .lines:
        let progress = state.progress
        let left = progress.secondsLeft(at: now).map { ", about \(NumberText.clock($0)) left" } ?? ""
        write(
          "… \(progress.ended) of \(progress.total) trials ended, \(progress.running.count) at work, "
            + "\(NumberText.clock(progress.elapsed(at: now))) gone\(left)\n")
      case .live: write("", above: &state, at: now)
      }
    }
  }

  /// Writes lines that stay, and on a terminal the picture anew below them.
  private func write(_ text: String, above state: inout State, at now: Double = ProgressDisplay.now) {
    let erasure = erasure(&state)
    guard style == .live, !timer.isCancelled else { return write(erasure + text) }
    let lines = picture(of: state.progress, now: now, width: Terminal.width)
    write(erasure + text + lines.map { $0.text + "\n" }.joined())
    state.widthsDrawn = lines.map(\.columns)
  }

  /// The trials at work, one line each, and the whole; no line reaches the terminal's last column, so that none is broken.
  private func picture(of progress: StudyProgress, now: Double, width: Int) -> [Line] {
    let room = max(1, width - 1)
    let names = progress.running.values.map(\.name.terminalColumns).max() ?? 0
    // Names are what tells the rows apart: the other columns take what they leave.
    let nameWidth = max(16, min(names, room - 2 - Self.shareColumns))
    let height = Terminal.height
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
  private struct Line {
    let text: String
    let columns: Int

    init(_ text: String) { self.init(text: text, columns: text.terminalColumns) }

    init(text: String, columns: Int) { (self.text, self.columns) = (text, columns) }
  }

  private func text(of evaluation: Evaluation) -> String {
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
  private func line(for end: TrialEnd) -> (mark: String, parts: [String])? {
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

  /// The codes that take the display off the screen. A terminal that was made narrower has broken its lines.
  private func erasure(_ state: inout State) -> String {
    guard !state.widthsDrawn.isEmpty else { return "" }
    let width = Terminal.width
    let rows = state.widthsDrawn.reduce(0) { $0 + max(1, ($1 + width - 1) / width) }
    state.widthsDrawn = []
    return Terminal.clear(lines: rows)
  }

  private func write(_ text: String) {
    guard !text.isEmpty else { return }
    Terminal.write(text)
  }

  private static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
}
