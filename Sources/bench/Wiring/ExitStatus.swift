import ArgumentParser

/// The program's exit codes.
enum ExitStatus: Int32 {
  /// All is well.
  case fine = 0
  /// Something outside the grid went wrong: a file, the store, the data.
  case operational = 1
  /// `compare` found a regression.
  case regression = 2
  /// Some trials failed.
  case trialsFailed = 3
  /// `compare --strict` could not tell.
  case undecided = 4
  /// The command line or the grid is wrong.
  case usage = 64
  /// Stopped by the user; the same command goes on.
  case interrupted = 130

  /// The error that a command throws to end with this code, having said why.
  var exit: ExitCode { ExitCode(rawValue) }
}
