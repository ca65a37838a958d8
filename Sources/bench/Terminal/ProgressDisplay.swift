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
  private let picture: ProgressPicture
  /// Whether each evaluation is said too.
  private let saysEvaluations: Bool
  private let timer: any DispatchSourceTimer

  /// - Parameter names: the configurations' short names by their labels.
  init(trials: [Trial], names: [String: String] = [:], output: OutputOptions, style: Style? = nil) {
    state = Mutex(State(progress: StudyProgress(trials: trials, names: names, now: Self.now)))
    let style = style ?? output.progressStyle
    (self.style, picture) = (style, ProgressPicture(palette: output.palette))
    saysEvaluations = output.verbose && !output.quiet
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
        write("  \(state.progress.name(of: index))  \(picture.text(of: evaluation))\n", above: &state)
      case .ended(let index, let end):
        // Failures are shown even in silence.
        if style == .silent, case .finished = end { return }
        let width = style == .live ? Terminal.width : nil
        guard let line = picture.line(for: end, name: state.progress.name(of: index), width: width) else { return }
        write(line + "\n", above: &state)
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
      case .lines: write(picture.heartbeat(state.progress, now: now) + "\n")
      case .live: write("", above: &state, at: now)
      }
    }
  }

  /// Writes lines that stay, and on a terminal the picture anew below them.
  private func write(_ text: String, above state: inout State, at now: Double = ProgressDisplay.now) {
    let erasure = erasure(&state)
    guard style == .live, !timer.isCancelled else { return write(erasure + text) }
    let lines = picture.lines(state.progress, now: now, width: Terminal.width, height: Terminal.height)
    write(erasure + text + lines.map { $0.text + "\n" }.joined())
    state.widthsDrawn = lines.map(\.columns)
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
