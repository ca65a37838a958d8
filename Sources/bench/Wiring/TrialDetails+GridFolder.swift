import Foundation
import Tracking

extension TrialDetails {
  /// The folder from which the paths in the trial's grid count.
  ///
  /// - Parameter given: what the user says it is; where nothing is said, it is the folder of the grid file that the
  ///   latest attempt was started with, as far as that can still be found from here, and otherwise this folder.
  func gridFolder(_ given: String?) -> String {
    if let given { return given }
    let arguments = attempts.last?.commandLine ?? []
    let grid = arguments.drop { $0 != "run" }.first {
      $0.hasSuffix(".json") && FileManager.default.fileExists(atPath: $0)
    }
    return grid.map { URL(filePath: $0).deletingLastPathComponent().path } ?? "."
  }
}
