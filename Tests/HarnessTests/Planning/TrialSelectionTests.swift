import Experiments
import Harness
import StudySupport
import Testing

/// `--only` chooses trials by conditions, and says what there is where none is chosen.
@Suite struct TrialSelectionTests {
  private func study() async throws -> Study {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid().text, to: "g.json")
      return try space.source().study()
    }
  }

  @Test(arguments: [
    ("label=lr 0.05", 3), ("label = \"lr 0.05\"", 3), ("seed>0", 4), ("optimizer.lr<0.1 and (seed=0 or seed=2)", 2),
    ("not label~0.05", 3), ("training.batch_size=20 and seed=1", 2), ("optimizer.lr=0.10", 3),
  ])
  func choosesByAConditionOfTheGrid(condition: String, trials: Int) async throws {
    let study = try await study()
    let selection = try TrialSelection([condition], in: study)
    #expect(study.trials.count { selection.includes($0) } == trials)
  }

  @Test(arguments: [
    ("seed=7", "no trial is like that; seed is one of 0, 1, 2"), ("seed", "at character 5: the text ends"),
    ("optimizer.momentun=0", "no trial has \"optimizer.momentun\"; expected one of label, seed, optimizer.lr"),
    ("label=Model", "label is one of lr 0.1, lr 0.05"),
  ])
  func saysWhatThereIs(condition: String, says: String) async throws {
    let study = try await study()
    let error = try #require(throws: UsageError.self) { try TrialSelection([condition], in: study) }
    #expect(error.description.contains(says), "\(error)")
  }
}
