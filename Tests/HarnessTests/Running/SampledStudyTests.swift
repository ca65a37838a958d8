import StudySupport
import Testing

/// Studies whose epochs are drawn by samplers.
@Suite struct SampledStudyTests {
  private static let grid = """
    {"name": "sampled",
     "dataset": {"name": "digits", "train": 200, "test": 40, "validation": 50, "split_seed": 5},
     "model": {"layers": [{"type": "flatten"}, {"type": "dropout"}, {"type": "linear", "out_features": 10}]},
     "optimizer": {"name": "sgd", "lr": 0.1}, "training": {"batch_size": 40, "epochs": 2}, "seeds": [3, 4],
     "variants": {
       "shuffled": {}, "replaced": {"dataset.sampler": {"name": "random_sampler", "replacement": true, "num_samples": 170}},
       "balanced": {"dataset.sampler": {"name": "weighted_random_sampler", "weights": "balanced"}}}}
    """

  @Test func workersAndInterruptionsChangeNoBit() async throws {
    var found: [[String: String]] = []
    for workers in [1, 4] {
      try await Workspace.inTemporaryFolder { space in
        try space.write(Self.grid, to: "g.json")
        if workers == 4 { _ = try await space.stopInTheMiddle(after: 2) }
        try await space.run { $0.workers = workers }
        found.append(try space.traceDigests())
      }
    }
    #expect(found[0] == found[1] && Set(found[0].values).count == 6)
  }
}
