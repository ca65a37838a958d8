import StudySupport
import Testing

/// A study for baselines and comparisons: two configurations with six seeds, trained in a moment.
extension Program {
  static let tinyGrid = """
    {"name": "tiny", "dataset": {"name": "digits", "train": 60, "test": 40},
     "model": {"family": "mlp", "hidden": []}, "optimizer": {"name": "sgd", "lr": 0.1},
     "training": {"batch_size": 20, "iterations": 4, "evaluate_every": 2}, "seeds": [0, 1, 2, 3, 4, 5],
     "axes": {"optimizer.lr": [0.1, 0.01]}}
    """

  /// Writes the grid as `grid.json` and trains it.
  func trainTinyStudy() async throws {
    try write(Self.tinyGrid, to: "grid.json")
    let run = try await run("run", "grid.json", "-q", "-j", "2", "--no-weights")
    #expect(run.code == 0, "\(run.errors)")
  }
}
