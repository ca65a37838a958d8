import Foundation
import GRDB
import Processor
import StudySupport
import Testing

/// One grid with all that draws, averages, watches or ends: dropout, augmentation, mixed batches, batch normalisation, a
/// moving average, a schedule that follows the validation examples, for a layer with a rate of its own too, and early
/// stopping.
@Suite struct WholeRecipeTests {
  private static let grid = """
    {
      "name": "recipe",
      "dataset": {"name": "digits", "train": 400, "validation": 100, "test": 100, "augment": [
        {"name": "random_crop", "size": 28, "padding": 2}, {"name": "random_horizontal_flip"},
        {"name": "random_affine", "degrees": 10, "interpolation": "bilinear"}
      ], "mix": {"name": "mixup", "alpha": 0.4}},
      "model": {"layers": [
        {"type": "conv2d", "out_channels": 8, "kernel_size": 5, "stride": 2, "padding": 2}, {"type": "batch_norm2d"},
        {"type": "relu"}, {"type": "conv2d", "out_channels": 20, "kernel_size": 3}, {"type": "relu"},
        {"type": "conv2d", "out_channels": 20, "kernel_size": 3}, {"type": "relu"},
        {"type": "max_pool2d", "kernel_size": 2}, {"type": "flatten"}, {"type": "dropout", "p": 0.3},
        {"type": "linear", "out_features": 10, "lr": 0.002}
      ]},
      "optimizer": {"name": "adam", "lr": 0.005,
        "scheduler": {"name": "reduce_lr_on_plateau", "factor": 0.5, "patience": 0}},
      "training": {"batch_size": 20, "epochs": 30, "ema_decay": 0.9, "early_stopping": {"patience": 3}},
      "seeds": [0, 1]
    }
    """

  @Test func workersProcessesVectorsAndAKillChangeNoBit() async throws {
    let levels = KernelLevel.available.map { ["BENCH_KERNELS": $0.rawValue] }
    let (narrow, widest) = (levels[0], levels[levels.count - 1])
    let expected = try await Program.inTemporaryFolder { program in
      try program.write(Self.grid, to: "g.json")
      let outcome = try await program.run("run", "g.json", "-j1", environment: widest)
      #expect(outcome.code == 0, "\(outcome.errors)")
      // 300 examples are 15 steps per epoch, 450 in all.
      let last = try program.query { try Int.fetchOne($0, sql: "SELECT max(iteration) FROM batch_loss") }
      #expect(try (1..<450).contains(#require(last)), "each trial ends early")
      return try program.allNumbers()
    }
    #expect(expected.digests.count == 2)

    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid, to: "g.json")
      async let one = program.run("run", "g.json", "-j2", environment: narrow)
      async let other = program.run("run", "g.json", "-j2", environment: widest)
      let outcomes = try await [one, other]
      #expect(outcomes.map(\.code) == [0, 0], "\(outcomes.map(\.errors))")
      #expect(try program.allNumbers() == expected)
    }

    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid, to: "g.json")
      let killed = try await program.run(
        ["run", "g.json", "-j2", "--checkpoint-every", "20"], environment: narrow
      ) { running in
        try await program.waitForCheckpoint(of: running)
        running.send(SIGKILL)
      }
      #expect(killed.code == 137)
      let again = try await program.run("run", "g.json", "-j2", environment: widest)
      #expect(again.code == 0 && !again.errors.contains("begins anew"), "\(again.errors)")
      #expect(try program.lastResumption() > 0)
      #expect(try program.allNumbers() == expected)
    }
  }
}
