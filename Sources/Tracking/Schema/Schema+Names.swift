extension Schema {
  /// What proves the texts that no trial's digest covers.
  ///
  /// An older store's rows get their proofs when it is brought up to date: see ``RowProof``.
  static let names = """
    ALTER TABLE named_configuration ADD COLUMN proof TEXT;  -- SHA-256 over the label, the settings and their hash
    ALTER TABLE revision ADD COLUMN proof TEXT;             -- over the study's name, its own columns and its trials
    ALTER TABLE environment ADD COLUMN proof TEXT;          -- over all of its columns, as the next
    ALTER TABLE source ADD COLUMN proof TEXT;
    ALTER TABLE night ADD COLUMN proof TEXT;                -- over its columns and its values

    """
}
