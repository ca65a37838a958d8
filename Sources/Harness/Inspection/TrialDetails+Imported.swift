import Experiments
import Presentation
import Tracking

extension TrialDetails {
  /// The configuration, for what needs the network that was trained.
  ///
  /// - Parameter complaint: what can't be done without it: `it can't be trained again`.
  /// - Throws: ``OperationalError`` where another program trained it.
  package func trainable(to complaint: String) throws -> StudyConfiguration {
    if let named = configuration.trainable { return named }
    let file = studies.lazy.compactMap(\.importedFile).first
    throw OperationalError(
      "trial \(record.key.prefix(12)) was \(file?.sentence ?? "imported, trained elsewhere"): nobody here knows its "
        + "network and its data, so \(complaint)")
  }
}
