extension Schema {
  /// How dense an attempt's curve of losses is.
  ///
  /// Null for attempts of older programs, of which only the command line tells whether losses were left out.
  static let lossInterval = """
    ALTER TABLE attempt ADD COLUMN loss_interval INTEGER;  -- every so many-th batch loss is stored

    """
}
