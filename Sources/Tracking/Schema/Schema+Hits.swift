extension Schema {
  /// Which test images each attempt's last evaluation classified right.
  ///
  /// A table of its own, read where somebody asks: 10,000 images take 1.25 KB, so that a store of 10,000 trials grows
  /// by 13 MB, beside some 600 MB of losses.
  static let hits = """
    CREATE TABLE hits (
      attempt_id INTEGER PRIMARY KEY REFERENCES attempt (id),
      images     INTEGER NOT NULL,
      mask       BLOB NOT NULL  -- a bit per test image, in the data set's order, least significant first
    ) STRICT;

    """
}
