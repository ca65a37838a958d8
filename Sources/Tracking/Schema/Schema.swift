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
    /// What the step does beyond SQL.
    var fill: (@Sendable (Database) throws -> Void)?
    /// The digest of the names of all columns after the step, by which a sound store is known without making another to
    /// compare it with; `nil` where that is done.
    var columns: String?
  }

  /// Oldest first.
  var migrations: [Migration]

  /// What this program knows.
  static let current = Schema(migrations: [
    Migration(
      name: "v1", needs: "bench 0.1.0", sql: version1 + trialsView() + curvesView(),
      columns: "2606fa796f2a84875a44885379c9434d7e9f8a1ef1e938bcbec4a4d249f8907e"),
    Migration(
      name: "v2-hits", needs: "bench 0.2.0", isOptionalForReading: true, sql: hits,
      columns: "8bab8ca6c1c49237939204bd79f294fa36d7518ce38d75635d997f40ee001995"),
    Migration(
      name: "v3-nights", needs: "bench 0.2.0", isOptionalForReading: true, sql: nights,
      columns: "c9254a481a9c40e0b99694dd412ef83c84bcbdc2d859446421572fae57dfebeb"),
    Migration(
      name: "v4-proof", needs: "bench 0.2.0", isOptionalForReading: true, sql: proof,
      columns: "b55d1cecb4cef1b256ebe5ea043c96853ff9db37825e8a84378d44cbbd3fba56"),
    Migration(
      name: "v5-loss-interval", needs: "bench 0.2.0", isOptionalForReading: true, sql: lossInterval,
      columns: "e364650e30f3d48803906304fa0216519d07211d5edf6b42fafb60a99825b54d"),
    Migration(
      name: "v6-names", needs: "bench 0.2.0", isOptionalForReading: true, sql: names,
      fill: { try RowProof.fill($0) },
      columns: "529a9a0927621059898b1ea74dfa821c8b80cacd024ede2b997a52d4141a1786"),
    Migration(
      name: "v7-learning-rate", needs: "bench 0.2.0", isOptionalForReading: true, sql: learningRate,
      columns: "529a9a0927621059898b1ea74dfa821c8b80cacd024ede2b997a52d4141a1786"),
    Migration(
      name: "v8-imports", needs: "bench 0.2.0", isOptionalForReading: true, sql: imports,
      columns: "529a9a0927621059898b1ea74dfa821c8b80cacd024ede2b997a52d4141a1786"),
    Migration(
      name: "v9-annotations", needs: "bench 0.2.0", isOptionalForReading: true, sql: annotations,
      columns: "49eb066fe54925ba0e5e62b05e3ffdfa04418fddf512b474c14f5b854bdaff46"),
  ])

  /// `bnch` in ASCII: what tells our files from other programs'.
  static let applicationID: Int32 = 0x626E_6368

  var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    for migration in migrations {
      migrator.registerMigration(migration.name, foreignKeyChecks: .immediate) { database in
        try database.execute(sql: migration.sql)
        try migration.fill?(database)
        try database.execute(
          sql: "INSERT INTO format (migration, needs) VALUES (?, ?)", arguments: [migration.name, migration.needs])
        try database.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
      }
    }
    return migrator
  }
}
