extension Schema {
  /// What proves a trial's result when it is read, and its weights.
  ///
  /// Both are null for trials of older programs, whose trace digest is all there is to hold their numbers against.
  static let proof = """
    ALTER TABLE attempt ADD COLUMN result_digest TEXT;   -- SHA-256 over scores, times, confusion and the next two
    ALTER TABLE attempt ADD COLUMN weights_digest TEXT;  -- SHA-256 of the file of the trained weights, where kept

    """
}
