/// How wide text for people may be.
///
/// Formats are values made of closures that know no terminal; whoever prints one says here, around the making of the
/// text, what the terminal has. Files and pipes have no width: their lines are as long as they are.
package enum TextWidth {
  /// Columns that a line may take; `nil` where any number does.
  @TaskLocal package static var columns: Int?
}
