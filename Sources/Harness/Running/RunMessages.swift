import Experiments
import Foundation
import Presentation
import Runner

/// The messages of `bench run` before and after the training: counts, and the commands that go on.
package struct RunMessages {
  private let run: StudyRun
  private let palette: Palette
  /// `--db`, where it was given.
  private let storePath: String?

  /// - Parameter storePath: `--db`, where it was given.
  package init(of run: StudyRun, palette: Palette, storePath: String?) {
    (self.run, self.palette, self.storePath) = (run, palette, storePath)
  }

  /// The number of trials to train, and of those that are done already.
  package var opening: String {
    let ended = [TrialState.done, .diverged].compactMap { state in
      run.before[state].map { "\($0) \(state.rawValue)" }
    }
    let (count, threads) = (run.trials.count, run.threadsPerTrial)
    return "\(PlainText.oneLine(run.study)): \(counted(count, "trial")) to train"
      + (ended.isEmpty || run.settings.rerunsAll ? "" : ", \(ended.joined(separator: " and ")) already")
      + ", \(counted(min(run.settings.workers, count), "worker"))"
      + (threads > 1 ? " with \(threads) threads each" : "")
      + (run.run.isNewRevision && run.run.revision > 1
        ? "\nthe grid has changed: this is revision \(run.run.revision) of the study; reports show the latest one" : "")
      + (run.meaningOfNames.map { "\n\($0)" } ?? "")
  }

  /// Says that weights are gone; `nil` where none are.
  package var weightsLost: String? {
    guard run.withoutWeights > 0 else { return nil }
    let (count, one) = (counted(run.withoutWeights, "trial"), run.withoutWeights == 1)
    return "the weights of \(count) that \(one ? "is" : "are") done are not there any more: copy the files back (bench "
      + "doctor names them), or train \(one ? "it" : "them") again with --rerun"
  }

  /// The ends of the trials, and the next command.
  package func closing(_ summary: RunSummary) -> String {
    if run.trials.isEmpty {
      let (failed, running) = (run.before[.failed] ?? 0, run.before[.running] ?? 0)
      if failed > 0 {
        return "nothing to train; \(counted(failed, "trial")) failed before: \(retry) tries again"
      }
      return running > 0
        ? "nothing to train; another process is at work on \(counted(running, "trial")): bench status"
        : "nothing to train: all is done\nreport: \(reportCommand)"
    }
    if summary.interrupted {
      return palette.warn("interrupted") + "; the same command goes on: \(again)"
    }
    var parts = ["\(counted(summary.finished, "trial")) trained"]
    if summary.skipped > 0 { parts.append("\(summary.skipped) left to another process") }
    if summary.diverged > 0 { parts.append("\(summary.diverged) of them diverged") }
    if summary.failed > 0 { parts.append(palette.bad("\(summary.failed) failed") + " (\(retry))") }
    return parts.joined(separator: ", ") + "\nreport: \(reportCommand)"
  }

  /// The end of a shard's process.
  package func shardEnd(_ summary: RunSummary, _ outcome: StudyRun.Outcome, _ shard: Shard) -> String {
    let counts =
      "\(counted(summary.finished, "trial")) trained"
      + (summary.failed > 0 ? ", " + palette.bad("\(summary.failed) failed") : "")
    return run.hasEnded(outcome)
      ? "\(counts); shard \(shard.index) has ended"
      : "\(counts); " + palette.warn("stopped") + ", and all that was measured is in the job folder: \(again)"
  }

  /// The error of a study that can't go on.
  package func error(_ failure: StudyError) -> OperationalError {
    OperationalError("\(failure)\nthe same command goes on when that is mended: \(again)")
  }

  /// The command that goes on, as it was typed; `--rerun` would begin anew.
  private var again: String {
    Shell.command(run.settings.commandLine.filter { $0 != "--rerun" })
  }

  /// The command that tries failed trials again.
  private var retry: String { again + (run.settings.retriesFailed ? "" : " --retry-failed") }

  /// The command that writes the study's report.
  private var reportCommand: String {
    let place = storePath.map { " --db \(Shell.quoted($0))" } ?? ""
    return "\(Shell.quoted(run.settings.commandLine[0])) report \(Shell.quoted(run.study))\(place)"
  }
}
