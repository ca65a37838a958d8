/// Why a data set can't be described.
package protocol DatasetDescriptionError: Error {
  /// Whether the grid asks for what can't be had, and not the data set is missing or damaged.
  var isOfSelection: Bool { get }
}
