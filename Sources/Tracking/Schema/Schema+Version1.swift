extension Schema {
  /// The tables. Integers tie them together; text is what people wrote or read.
  ///
  /// Batch losses are most of a store: 30 million for 10,000 trials of 3,000 iterations. As rows of three small values
  /// in a table that is its own index they take 21 bytes each, page overhead included, and stay readable to all.
  static let version1 = """
    CREATE TABLE format (
      migration TEXT PRIMARY KEY,
      needs     TEXT NOT NULL     -- the first program that can read what the migration made
    ) STRICT;

    CREATE TABLE study (
      id   INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE
    ) STRICT;

    CREATE TABLE revision (
      id         INTEGER PRIMARY KEY,
      study_id   INTEGER NOT NULL REFERENCES study (id),
      number     INTEGER NOT NULL,  -- from 1
      title      TEXT NOT NULL,
      axes       TEXT NOT NULL,     -- JSON: [{"path": …, "values": [ … ]}, … ]
      grid       TEXT NOT NULL,     -- the file as it was read, with --set applied
      created_at REAL NOT NULL,     -- all times are seconds since 1970
      UNIQUE (study_id, number)
    ) STRICT;

    CREATE TABLE configuration (
      id         INTEGER PRIMARY KEY,
      hash       TEXT NOT NULL UNIQUE,
      canonical  TEXT NOT NULL,  -- JSON: what was hashed
      parameters INTEGER NOT NULL
    ) STRICT;

    -- A configuration under the name that a study gives it, with settings, paths and all else.
    CREATE TABLE named_configuration (
      id               INTEGER PRIMARY KEY,
      configuration_id INTEGER NOT NULL REFERENCES configuration (id),
      label            TEXT NOT NULL,
      stored           TEXT NOT NULL  -- JSON
    ) STRICT;
    CREATE INDEX named_configuration_by_configuration ON named_configuration (configuration_id);

    CREATE TABLE revision_configuration (
      revision_id            INTEGER NOT NULL REFERENCES revision (id),
      position               INTEGER NOT NULL,  -- in file order, from 0
      named_configuration_id INTEGER NOT NULL REFERENCES named_configuration (id),
      PRIMARY KEY (revision_id, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE dataset (
      id               INTEGER PRIMARY KEY,
      name             TEXT NOT NULL,
      digest           TEXT NOT NULL,
      shape            TEXT NOT NULL,  -- JSON
      classes          TEXT NOT NULL,  -- JSON
      train_count      INTEGER NOT NULL,
      validation_count INTEGER NOT NULL,
      test_count       INTEGER NOT NULL,
      UNIQUE (digest, name, shape, classes, train_count, validation_count, test_count)
    ) STRICT;

    CREATE TABLE trial (
      id                   INTEGER PRIMARY KEY,
      key                  TEXT NOT NULL UNIQUE,
      configuration_id     INTEGER NOT NULL REFERENCES configuration (id),
      dataset_id           INTEGER NOT NULL REFERENCES dataset (id),
      seed                 INTEGER NOT NULL,  -- the 64 bits of an unsigned number
      numerics             INTEGER NOT NULL,  -- the version of the engine's numbers
      iterations           INTEGER NOT NULL,  -- as planned
      iterations_per_epoch INTEGER NOT NULL,
      attempt_id           INTEGER REFERENCES attempt (id)  -- the latest; null until the first
    ) STRICT;

    CREATE TABLE revision_trial (
      revision_id INTEGER NOT NULL,
      position    INTEGER NOT NULL,  -- of the configuration
      place       INTEGER NOT NULL,  -- of the seed, from 0
      trial_id    INTEGER NOT NULL REFERENCES trial (id),
      PRIMARY KEY (revision_id, position, place),
      FOREIGN KEY (revision_id, position) REFERENCES revision_configuration (revision_id, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX revision_trial_by_trial ON revision_trial (trial_id);

    CREATE TABLE environment (
      id           INTEGER PRIMARY KEY,
      host         TEXT NOT NULL,
      cpu          TEXT NOT NULL,
      cores        INTEGER NOT NULL,
      memory_bytes INTEGER NOT NULL,
      os           TEXT NOT NULL,
      swift        TEXT NOT NULL,
      blas         TEXT NOT NULL,
      program      TEXT NOT NULL,
      workers      INTEGER NOT NULL,
      UNIQUE (host, cpu, cores, memory_bytes, os, swift, blas, program, workers)
    ) STRICT;

    CREATE TABLE source (
      id          INTEGER PRIMARY KEY,
      commit_hash TEXT NOT NULL,
      branch      TEXT,
      diff        TEXT
    ) STRICT;

    -- One command that trains a revision's trials.
    CREATE TABLE run (
      id             INTEGER PRIMARY KEY,
      revision_id    INTEGER NOT NULL REFERENCES revision (id),
      environment_id INTEGER NOT NULL REFERENCES environment (id),
      source_id      INTEGER REFERENCES source (id),
      command_line   TEXT NOT NULL,  -- JSON
      started_at     REAL NOT NULL
    ) STRICT;
    CREATE INDEX run_by_revision ON run (revision_id);

    CREATE TABLE attempt (
      id                INTEGER PRIMARY KEY,
      trial_id          INTEGER NOT NULL REFERENCES trial (id),
      number            INTEGER NOT NULL,  -- from 1
      run_id            INTEGER NOT NULL REFERENCES run (id),
      state             TEXT NOT NULL
        CHECK (state IN ('running', 'done', 'diverged', 'failed', 'cancelled', 'stale')),
      host              TEXT NOT NULL,
      process           INTEGER NOT NULL,
      process_start     INTEGER NOT NULL,
      boot              TEXT NOT NULL,
      process_namespace TEXT NOT NULL,
      claimed_at        REAL NOT NULL,
      heartbeat_at      REAL NOT NULL,
      lease_until       REAL NOT NULL,
      ended_at          REAL,
      resumed_from      INTEGER NOT NULL,  -- 0: from the start
      recorded          INTEGER NOT NULL,  -- all up to this iteration is stored
      checkpoint        INTEGER,           -- the last iteration that can be resumed from
      error             TEXT,
      log_tail          TEXT,
      iterations        INTEGER,           -- from here on: what came of it
      diverged_at       INTEGER,
      wall_seconds      REAL,
      cpu_seconds       REAL,
      peak_bytes        INTEGER,
      images_per_second REAL,
      trace_digest      TEXT,
      UNIQUE (trial_id, number)
    ) STRICT;
    CREATE INDEX running_attempt ON attempt (id) WHERE state = 'running';

    CREATE TABLE confusion (
      attempt_id INTEGER PRIMARY KEY REFERENCES attempt (id),
      counts     TEXT NOT NULL  -- JSON: [truth][guess]
    ) STRICT;

    -- The loss of each batch. NULL is NaN: SQLite knows infinities, but no NaN.
    CREATE TABLE batch_loss (
      trial_id  INTEGER NOT NULL REFERENCES trial (id),
      iteration INTEGER NOT NULL,
      value     REAL,
      PRIMARY KEY (trial_id, iteration)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE series (
      id     INTEGER PRIMARY KEY,
      split  TEXT NOT NULL,
      metric TEXT NOT NULL,
      UNIQUE (split, metric)
    ) STRICT;
    INSERT INTO series (id, split, metric) VALUES
      (0, 'train', 'mean_loss'), (1, 'validation', 'loss'), (2, 'validation', 'accuracy'), (3, 'test', 'loss'),
      (4, 'test', 'accuracy');

    -- What evaluations measured. A row with NULL is NaN; what was not measured has no row.
    CREATE TABLE metric (
      trial_id  INTEGER NOT NULL REFERENCES trial (id),
      series_id INTEGER NOT NULL REFERENCES series (id),
      iteration INTEGER NOT NULL,
      value     REAL,
      PRIMARY KEY (trial_id, series_id, iteration)
    ) STRICT, WITHOUT ROWID;

    -- Kept while a trial runs, so that nobody computes it when reading.
    CREATE TABLE summary (
      trial_id                 INTEGER PRIMARY KEY REFERENCES trial (id),
      iteration                INTEGER NOT NULL,  -- of the last evaluation
      train_loss               REAL,
      validation_loss          REAL,
      validation_accuracy      REAL,
      test_loss                REAL,
      test_accuracy            REAL,
      chosen_on                TEXT CHECK (chosen_on IN ('validation', 'test')),  -- what "best" means
      best_iteration           INTEGER,
      best_validation_loss     REAL,
      best_validation_accuracy REAL,
      best_test_loss           REAL,
      best_test_accuracy       REAL
    ) STRICT;

    CREATE TABLE baseline (
      id         INTEGER PRIMARY KEY,
      name       TEXT NOT NULL UNIQUE,
      study      TEXT NOT NULL,
      revision   INTEGER NOT NULL,
      created_at REAL NOT NULL,
      document   TEXT NOT NULL  -- JSON: what stood in the study when it was saved
    ) STRICT;

    CREATE TABLE comparison (
      id         INTEGER PRIMARY KEY,
      baseline   TEXT NOT NULL,
      candidate  TEXT NOT NULL,
      verdict    TEXT NOT NULL,
      created_at REAL NOT NULL,
      document   TEXT NOT NULL  -- JSON: policy and verdicts
    ) STRICT;

    """
}
