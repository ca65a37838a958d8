import GRDB

/// The store's shape, and how older stores come to it.
///
/// Migrations are named, run forward only, and are never changed once a release has them. Each says in `format` which
/// program can read what it made, so that an older program can say what it lacks.
struct Schema: Sendable {
  /// One step from an older shape to a newer one.
  struct Migration: Sendable {
    var name: String
    /// The first program that can read what the step makes.
    var needs: String
    /// Whether this program can read a store that has not had the step, as one without what the step adds.
    var isOptionalForReading = false
    var sql: String
  }

  /// Oldest first.
  var migrations: [Migration]

  /// What this program knows.
  static let current = Schema(migrations: [
    Migration(name: "v1", needs: "bench 0.1.0", sql: version1 + trialsView + curvesView),
    Migration(name: "v2-hits", needs: "bench 0.2.0", isOptionalForReading: true, sql: hits),
    Migration(name: "v3-nights", needs: "bench 0.2.0", isOptionalForReading: true, sql: nights),
    Migration(name: "v4-proof", needs: "bench 0.2.0", isOptionalForReading: true, sql: proof),
    Migration(name: "v5-loss-interval", needs: "bench 0.2.0", isOptionalForReading: true, sql: lossInterval),
  ])

  /// `bnch` in ASCII: what tells our files from other programs'.
  static let applicationID: Int32 = 0x626E_6368

  var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    for migration in migrations {
      migrator.registerMigration(migration.name, foreignKeyChecks: .immediate) { database in
        try database.execute(sql: migration.sql)
        try database.execute(
          sql: "INSERT INTO format (migration, needs) VALUES (?, ?)", arguments: [migration.name, migration.needs])
        try database.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
      }
    }
    return migrator
  }
}
