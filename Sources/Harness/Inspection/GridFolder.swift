import Foundation
import Tracking

/// The folder from which the paths in a stored trial's grid count.
package struct GridFolder: Sendable {
  /// The folder's path.
  package let path: String

  /// Takes the folder that is given; else that of the grid file with which the latest attempt was started, as far as it
  /// can still be found from here; else this folder.
  package init(_ given: String?, of trial: TrialDetails) {
    let arguments = trial.attempts.last?.commandLine ?? []
    let grid = arguments.drop { $0 != "run" }.first {
      $0.hasSuffix(".json") && FileManager.default.fileExists(atPath: $0)
    }
    path = given ?? grid.map { URL(filePath: $0).deletingLastPathComponent().path } ?? "."
  }
}
