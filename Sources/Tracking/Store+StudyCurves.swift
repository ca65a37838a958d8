import Experiments

extension StudyCurves {
  /// A study's curves as a store has them.
  package init(of record: StudyRecord, in store: Store) {
    self.init(
      of: record, rates: { try store.learningRates(of: $0) }, spans: { try store.spans(of: $0) },
      losses: { try store.losses(of: $0) })
  }
}
