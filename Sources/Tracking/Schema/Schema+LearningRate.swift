extension Schema {
  /// The learning rate of each training step of trials with a scheduler, as one more curve.
  ///
  /// It is thinned as the batch losses are, and stands in `metric`, so that the view `curves` has it.
  static let learningRate = """
    INSERT INTO series (id, split, metric) VALUES (\(Series.learningRateID), 'train', 'lr');

    """
}
