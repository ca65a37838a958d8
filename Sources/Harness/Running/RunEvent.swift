import Runner

/// News of a study at work.
package enum RunEvent: Sendable {
  /// A trial was begun, measured or ended.
  case trial(RunnerEvent)
  /// Something that a person should know: a damaged checkpoint, a store that is busy.
  case notice(String)
}
