extension Schema {
  /// What a study came to night by night, and the anchors of baselines.
  ///
  /// A night's values stand in plain text columns, a row for each number, so that `sqlite3` and pandas can read a
  /// history without the program.
  static let nights = """
    CREATE TABLE night (
      id          INTEGER PRIMARY KEY,
      recorded_at REAL NOT NULL,
      study       TEXT NOT NULL,
      revision    INTEGER NOT NULL,
      commit_hash TEXT,     -- with + where something had not been committed
      host        TEXT,     -- this and the next four: null where trials ran in several places
      cpu         TEXT,
      cores       INTEGER,
      workers     INTEGER,
      program     TEXT,
      numerics    INTEGER,  -- the version of the engine's numbers
      baseline    TEXT NOT NULL,
      verdict     TEXT NOT NULL
    ) STRICT;
    CREATE INDEX night_by_study ON night (study, recorded_at);

    CREATE TABLE night_value (
      night_id      INTEGER NOT NULL REFERENCES night (id) ON DELETE CASCADE,
      position      INTEGER NOT NULL,  -- of the configuration in the study, from 0
      metric        TEXT NOT NULL,     -- as the view `trials` names it
      configuration TEXT NOT NULL,     -- its hash
      label         TEXT NOT NULL,
      mean          REAL,              -- over seeds; null where it is NaN
      sd            REAL,              -- null for one seed
      seeds         INTEGER NOT NULL,
      PRIMARY KEY (night_id, position, metric)
    ) STRICT, WITHOUT ROWID;

    -- The first document that was saved under the name; null where the baseline's own is the first.
    ALTER TABLE baseline ADD COLUMN anchor TEXT;
    ALTER TABLE baseline ADD COLUMN anchor_created_at REAL;

    """
}
