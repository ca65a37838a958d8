import Experiments
import Foundation
import GRDB

extension Store {
  /// Configurations up to which ``addHits(to:upTo:)`` loads what it is asked for.
  package static let configurationsWithHits = 6

  /// Adds to the trials which test images their last evaluation classified right; a trial of which the store has none
  /// keeps `nil`. Nothing is loaded for a study of many configurations, whose images nobody looks at one by one.
  ///
  /// - Parameters:
  ///   - record: A study of this store.
  ///   - most: Configurations up to which anything is loaded.
  /// - Complexity: one row per trial; 1.25 KB for 10,000 images.
  package func addHits(to record: inout StudyRecord, upTo most: Int = configurationsWithHits) throws {
    guard record.configurations.count <= most else { return }
    try read { database in
      guard try database.tableExists("hits") else { return }
      let find = try database.cachedStatement(
        sql: """
          SELECT hits.images, hits.mask FROM trial JOIN hits ON hits.attempt_id = trial.attempt_id WHERE trial.key = ?
          """)
      for (index, row) in record.configurations.enumerated() {
        for (place, trial) in row.trials.enumerated() where trial.result != nil {
          guard let found = try Row.fetchOne(find, arguments: [trial.key]) else { continue }
          let (images, mask): (Int, Data) = try (found.count("images"), found.get("mask"))
          guard let hits = HitMask(count: images, bytes: [UInt8](mask)) else {
            throw StoreError.damaged(
              path: path, reason: "the hits of trial \(trial.key) are \(mask.count) bytes for \(images) images")
          }
          let right = trial.result?.confusion.map { matrix in
            matrix.enumerated().reduce(0) { $0 + ($1.element.dropFirst($1.offset).first ?? 0) }
          }
          guard right == nil || right == hits.hits else {
            throw StoreError.damaged(
              path: path,
              reason: "the hits of trial \(trial.key) are \(hits.hits) images, its confusion matrix has \(right ?? 0)")
          }
          record.configurations[index].trials[place].result?.hits = hits
        }
      }
    }
  }
}
