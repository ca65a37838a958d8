@preconcurrency import Dispatch
import Experiments
import Foundation
import Presentation
import Runner
import Synchronization

/// Shows a study at work: a picture that renews itself on a terminal, otherwise one line per finished trial and a
/// heartbeat.
package final class ProgressDisplay: Sendable {
  /// How much is shown.
  package enum Style: Sendable {
    /// Lines that renew themselves.
    case live
    /// A line for each trial that ended, and one every half minute.
    case lines
    /// Nothing.
    case silent
  }

  /// Where it is shown.
  package struct Screen: Sendable {
    private let columnsAndRows: @Sendable () -> (columns: Int, rows: Int)
    fileprivate let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - size: the terminal's columns and rows now.
    ///   - write: takes text whose names are clean already, with codes of a terminal where the style is live.
    package init(
      size: @escaping @Sendable () -> (columns: Int, rows: Int), write: @escaping @Sendable (String) -> Void
    ) {
      (columnsAndRows, self.write) = (size, write)
    }

    fileprivate var size: (columns: Int, rows: Int) { columnsAndRows() }

    /// The code that takes away the last lines.
    fileprivate static func clear(lines: Int) -> String { "\u{1B}[\(lines)A\r\u{1B}[J" }
  }

  private struct State {
    var progress: StudyProgress
    /// How wide each line of the picture on the screen is.
    var widthsDrawn: [Int] = []
  }

  private let state: Mutex<State>
  private let style: Style
  private let picture: ProgressPicture
  private let screen: Screen
  /// Whether each evaluation is said too.
  private let saysEvaluations: Bool
  private let timer: any DispatchSourceTimer

  /// Begins to show a study.
  ///
  /// - Parameters:
  ///   - names: the configurations' short names by their labels.
  ///   - saysEvaluations: whether each evaluation is said too.
  package init(
    trials: [Trial], names: [String: String] = [:], style: Style, palette: Palette, saysEvaluations: Bool = false,
    on screen: Screen
  ) {
    state = Mutex(State(progress: StudyProgress(trials: trials, names: names, now: Self.now)))
    (self.style, picture, self.screen) = (style, ProgressPicture(palette: palette), screen)
    self.saysEvaluations = saysEvaluations
    timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "bench.display"))
    let interval = style == .live ? 0.1 : 30.0
    timer.schedule(deadline: .now() + interval, repeating: interval)
    timer.setEventHandler { [weak self] in self?.tick() }
    timer.activate()
  }

  /// Takes an event in; quick, from any thread.
  package func take(_ event: RunnerEvent) {
    state.withLock { state in
      state.progress.take(event, now: Self.now)
      switch event {
      case .trial(let index, .evaluation(let evaluation)) where saysEvaluations:
        write("  \(state.progress.name(of: index))  \(picture.text(of: evaluation))\n", above: &state)
      case .ended(let index, let end):
        // Failures are shown even in silence.
        if style == .silent, case .finished = end { return }
        let width = style == .live ? screen.size.columns : nil
        guard let line = picture.line(for: end, name: state.progress.name(of: index), width: width) else { return }
        write(line + "\n", above: &state)
      default: return
      }
    }
  }

  /// Prints a line above the display.
  package func say(_ text: String) {
    state.withLock { write(PlainText.lines(text) + "\n", above: &$0) }
  }

  /// Ends the display; lines that were printed stay.
  package func end() {
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
    let size = screen.size
    let lines = picture.lines(state.progress, now: now, width: size.columns, height: size.rows)
    write(erasure + text + lines.map { $0.text + "\n" }.joined())
    state.widthsDrawn = lines.map(\.columns)
  }

  /// The codes that take the display off the screen. A terminal that was made narrower has broken its lines.
  private func erasure(_ state: inout State) -> String {
    guard !state.widthsDrawn.isEmpty else { return "" }
    let width = screen.size.columns
    let rows = state.widthsDrawn.reduce(0) { $0 + max(1, ($1 + width - 1) / width) }
    state.widthsDrawn = []
    return Screen.clear(lines: rows)
  }

  private func write(_ text: String) {
    guard !text.isEmpty else { return }
    screen.write(text)
  }

  private static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
}
