extension Schema {
  /// Tags and notes that people gave to studies and trials after they were trained.
  ///
  /// They belong to a study as a whole, beside what the grids of its revisions say, or to a trial, in whichever study.
  static let annotations = """
    CREATE TABLE annotation (
      id       INTEGER PRIMARY KEY,
      study_id INTEGER UNIQUE REFERENCES study (id),
      trial_id INTEGER UNIQUE REFERENCES trial (id),
      tags     TEXT NOT NULL,  -- JSON: in the order in which they were given
      untagged TEXT NOT NULL,  -- JSON: tags of the grid that were taken away
      note     TEXT NOT NULL,  -- may be empty
      proof    TEXT,           -- SHA-256 over the study's name or the trial's key, and the columns before
      CHECK ((study_id IS NULL) <> (trial_id IS NULL))
    ) STRICT;

    """
}
