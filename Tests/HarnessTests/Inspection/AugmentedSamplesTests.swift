import Harness
import StudySupport
import Testing

/// `bench data show GRID --augmented`, and studies whose images are augmented.
@Suite struct AugmentedSamplesTests {
  private static let grid = """
    {"name": "augmented",
     "dataset": {"name": "digits", "train": 200, "test": 40, "validation": {"fold": 1, "of": 4}, "split_seed": 5,
       "normalize": {"mean": [0.1], "std": [0.3]}, "transform": [{"name": "pad", "padding": 2}]},
     "model": {"layers": [{"type": "flatten"}, {"type": "dropout"}, {"type": "linear", "out_features": 10}]},
     "optimizer": {"name": "sgd", "lr": 0.1}, "training": {"batch_size": 40, "epochs": 2}, "seeds": [3, 4],
     "variants": {"plain": {}, "cut": {"dataset.augment": [{"name": "random_crop", "size": 32, "padding": 4},
       {"name": "random_erasing", "value": "random"}, {"name": "random_rotation", "degrees": 10}]}}}
    """

  @Test func theSheetHasSoManyExamplesOfEachClass() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(Self.grid, to: "g.json")
      let path = space.folder.appending(path: "g.json").path
      let samples = try AugmentedSamples(ModelChoice(path, label: "cut", data: Workspace.data))
      let sheet = try samples.sheet(columns: 3)
      #expect(sheet.title == "digits: augmented training examples of 1 × 32 × 32")
      #expect(sheet.rows.map(\.cells.count) == Array(repeating: 3, count: 10))
      #expect(sheet.rows.allSatisfy { $0.cells.allSatisfy { $0.picture.width == 32 } })
      #expect(try samples.sheet(columns: 3) == sheet)
      let error = #expect(throws: UsageError.self) {
        try AugmentedSamples(ModelChoice(path, label: nil, data: Workspace.data))
      }
      #expect(
        error.map { "\($0)" }
          == "--augmented: plain has no dataset.augment and no dataset.mix; leave --augmented out, or choose another configuration with --label"
      )
    }
  }

  @Test func workersAndInterruptionsChangeNoBit() async throws {
    let digests = try await [1, 4].asyncMap { workers in
      try await Workspace.inTemporaryFolder { space in
        try space.write(Self.grid, to: "g.json")
        if workers == 4 { _ = try await space.stopInTheMiddle(after: 2) }
        try await space.run { $0.workers = workers }
        return try space.traceDigests()
      }
    }
    #expect(digests[0] == digests[1] && Set(digests[0].values).count == 4)
  }
}

extension Array {
  fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await transform(element)) }
    return results
  }
}
