import Architectures
import Testing

@testable import Experiments

@Suite struct SchedulerTests {
  private func configurations(_ optimizer: String, _ axes: String = "-", set: [String] = []) throws -> [Configuration] {
    try study(grid(["optimizer": optimizer, "axes": axes]), set).configurations.map(\.resolved)
  }

  @Test func anAbsentOneLeavesTheHashAsItIs() throws {
    let plain = try configurations(#"{"name": "sgd"}"#)[0]
    #expect(!plain.canonicalJSON.contains("scheduler") && !plain.canonicalJSON.contains("clip"))
    #expect(try configurations(#"{"name": "sgd", "scheduler": null}"#)[0].hash == plain.hash)
    let stepped = try configurations(#"{"name": "sgd", "scheduler": {"name": "step_lr", "step_size": 3}}"#)[0]
    #expect(stepped.hash != plain.hash)
    #expect(
      stepped.canonicalJSON.contains(
        #""lr":0.001,"scheduler":{"gamma":0.1,"interval":"epoch","name":"step_lr","step_size":3},"momentum""#))
    #expect(stepped.optimizer == .sgd(.init(scheduler: Scheduler(StepLR(stepSize: 3)))))
    #expect(stepped.optimizer != .sgd(.init(scheduler: Scheduler(StepLR(stepSize: 3), interval: .iteration))))
    #expect(stepped.optimizer != .sgd(.init(scheduler: Scheduler(ExponentialLR(gamma: 0.1)))))
  }

  @Test func pathsAxesAndOverridesLeadIntoIt() throws {
    let found = try configurations(
      #"{"name": "adam", "scheduler": {"name": "cosine_annealing_lr", "T_max": 3}}"#,
      #"{"optimizer.scheduler.eta_min": [0.5, 0.1], "optimizer.name": ["sgd", "adamw"]}"#,
      set: ["optimizer.scheduler.T_max=2"])
    #expect(found.count == 4)
    let rule = CosineAnnealingLR(halfPeriod: 2, lowestRate: 0.5)
    #expect(found[0].optimizer == .sgd(.init(scheduler: Scheduler(rule))))
    #expect(found[1].optimizer == .adamW(.init(weightDecay: 0.01, scheduler: Scheduler(rule))))
  }

  @Test func aMemberOfASequenceIsReachedByItsPlace() throws {
    let found = try configurations(
      #"""
      {"name": "sgd", "scheduler": {"name": "sequential_lr", "milestones": [1],
       "schedulers": [{"name": "linear_lr"}, {"name": "exponential_lr", "gamma": 0.9}]}}
      """#, #"{"optimizer.scheduler.schedulers[1].gamma": [0.5, 0.9]}"#)
    #expect(
      found.map(\.optimizer)
        == [0.5, 0.9].map {
          .sgd(.init(scheduler: Scheduler(SequentialLR([LinearLR(), ExponentialLR(gamma: $0)], milestones: [1]))))
        })
  }

  @Test(arguments: [
    #"{"name": "step_lr", "step_size": 3, "interval": "iteration"}"#,
    #"{"name": "multi_step_lr", "milestones": [3, 1, 3]}"#, #"{"name": "one_cycle_lr", "max_lr": 1}"#,
    #"{"name": "cyclic_lr", "base_lr": 0.1, "max_lr": 1, "mode": "exp_range", "step_size_down": 3}"#,
    #"{"name": "reduce_lr_on_plateau", "monitor": "validation_accuracy", "mode": "max", "threshold_mode": "abs"}"#,
    #"{"name": "sequential_lr", "schedulers": [{"name": "linear_lr"}, {"name": "step_lr", "step_size": 2}], "milestones": [2]}"#,
  ])
  func storedOnesAreReadBack(scheduler: String) throws {
    let text = grid([
      "optimizer": "{\"name\": \"adam\", \"scheduler\": \(scheduler)}",
      "dataset": #"{"name": "mnist", "validation": 1000}"#,
    ])
    let configuration = try study(text).configurations[0]
    #expect(try StudyConfiguration(storedJSON: configuration.storedJSON) == configuration)
  }

  /// 3,000 iterations of 100 of 60,000 examples are 5 epochs.
  @Test(arguments: [
    (
      #"{"name": "step"}"#,
      "name is \"step\"; expected one of step_lr, multi_step_lr, exponential_lr, polynomial_lr, "
        + "cosine_annealing_lr, cosine_annealing_warm_restarts, linear_lr, constant_lr, cyclic_lr, one_cycle_lr, "
        + "reduce_lr_on_plateau, sequential_lr. Did you mean \"step_lr\"?"
    ),
    (#"{"name": "step_lr"}"#, "step_size is missing; step_lr needs it: a whole number from 1 to 1000000000"),
    (
      #"{"name": "step_lr", "step_size": 1, "gama": 1}"#,
      "gama is not a known key; step_lr has name, step_size, gamma and interval. Did you mean \"gamma\"?"
    ),
    (#"{"name": "exponential_lr", "gamma": -0.5}"#, "gamma is -0.5; expected a number from 0 to 1000000"),
    (#"{"name": "cosine_annealing_lr", "T_max": 0}"#, "T_max is 0; expected a whole number from 1 to 1000000000"),
    (
      #"{"name": "cosine_annealing_lr", "T_max": 5, "etamin": 0}"#,
      "etamin is not a known key; cosine_annealing_lr has name, T_max, eta_min and interval. Did you mean \"eta_min\"?"
    ),
    (#"{"name": "linear_lr", "start_factor": 0}"#, "start_factor is 0; expected a number above 0 and up to 1"),
    (
      #"{"name": "multi_step_lr", "milestones": [2, 40]}"#,
      "milestones has 40, but training ends after 5 epochs, so that the rate would never change there; take milestones "
        + "below 5, or train for longer"
    ),
    (
      #"{"name": "multi_step_lr", "milestones": []}"#,
      "milestones is an empty list; expected a list of 1 to 1000, each a whole number from 1 to 1000000000"
    ),
    (
      #"{"name": "cyclic_lr", "base_lr": 0.1, "max_lr": 0.01}"#,
      "base_lr is 0.1, above the max_lr of 0.01; the rate goes from base_lr up to max_lr"
    ),
    (
      #"{"name": "one_cycle_lr", "max_lr": 0.1, "total_steps": 2000}"#,
      "total_steps gives a cycle of 2000 steps, but training has 3000 iterations and would go past its end; take 3000, or "
        + "leave it out for a cycle as long as the training"
    ),
    (
      #"{"name": "one_cycle_lr", "max_lr": 0.1, "epochs": 5}"#,
      "epochs stands without steps_per_epoch; the cycle has epochs times steps_per_epoch steps, or total_steps, or as many as "
        + "the training"
    ),
    (
      #"{"name": "one_cycle_lr", "max_lr": 0.1, "epochs": 5, "steps_per_epoch": 600, "total_steps": 3000}"#,
      "epochs stands beside total_steps; one of them says how long the cycle is"
    ),
    (
      #"{"name": "one_cycle_lr", "max_lr": 0.1, "interval": "epoch", "pct_start": 0.2}"#,
      "pct_start is 0.2 of 5 steps, so that the rate would have to rise within its first step; take another"
    ),
    (
      #"{"name": "reduce_lr_on_plateau"}"#,
      "name is reduce_lr_on_plateau, which follows the validation examples, and there are none; set dataset.validation to "
        + "how many of the training examples are kept for it"
    ),
    (
      #"{"name": "reduce_lr_on_plateau", "monitor": "validation_accuracy"}"#,
      "mode is \"min\", but a higher validation_accuracy is better; write \"mode\": \"max\""
    ),
    (#"{"name": "reduce_lr_on_plateau", "factor": 1}"#, "factor is 1; expected a number from 0 to below 1"),
    (
      #"{"name": "reduce_lr_on_plateau", "interval": "epoch"}"#,
      "interval is not a known key; reduce_lr_on_plateau has name, monitor, mode, factor, patience, threshold, "
        + "threshold_mode, cooldown, min_lr and eps"
    ),
    (
      #"{"name": "sequential_lr", "schedulers": [{"name": "linear_lr"}, {"name": "constant_lr"}], "milestones": []}"#,
      "milestones has 0 values for 2 schedulers; each but the first has one: 1"
    ),
    (
      #"{"name": "sequential_lr", "schedulers": [{"name": "linear_lr"}, {"name": "constant_lr"}, {"name": "linear_lr"}], "milestones": [3, 2]}"#,
      "milestones goes from 3 back to 2; each is at least the one before"
    ),
    (
      #"{"name": "sequential_lr", "schedulers": [{"name": "linear_lr"}, {"name": "constant_lr"}], "milestones": [5]}"#,
      "milestones has 5, but training ends after 5 epochs, so that the rate would never change there; take milestones "
        + "below 5, or train for longer"
    ),
    (
      #"{"name": "sequential_lr", "schedulers": [{"name": "reduce_lr_on_plateau"}], "milestones": []}"#,
      "schedulers[0].name is \"reduce_lr_on_plateau\"; expected one of step_lr, multi_step_lr, exponential_lr, polynomial_lr, "
        + "cosine_annealing_lr, cosine_annealing_warm_restarts, linear_lr, constant_lr, cyclic_lr, one_cycle_lr"
    ),
    (
      #"{"name": "sequential_lr", "schedulers": [{"name": "one_cycle_lr", "max_lr": 1}], "milestones": []}"#,
      "schedulers has a one_cycle_lr at 0 that does not say its total_steps, as it must in a sequence"
    ),
  ])
  func aMistakeIsSaid(scheduler: String, message: String) {
    let found = errors(grid(["optimizer": "{\"name\": \"sgd\", \"scheduler\": \(scheduler)}"]))
    #expect(found.count == 1)
    let place = "optimizer.scheduler."
    let text = found.first.map { $0.split(separator: place, maxSplits: 1).last.map(String.init) ?? $0 }
    #expect(text == message)
    #expect(found.first?.hasPrefix("grid.json:5:") == true, "\(found)")
  }

  @Test func theWholeMessageNamesFilePlaceAndConfiguration() {
    let late = #"{"name": "sgd", "scheduler": {"name": "multi_step_lr", "milestones": [40]}}"#
    #expect(
      errors(grid(["optimizer": late])) == [
        "grid.json:5:85: sample: optimizer.scheduler.milestones has 40, but training ends after 5 epochs, so that the rate "
          + "would never change there; take milestones below 5, or train for longer"
      ])
    #expect(
      errors(grid(["optimizer": #"{"name": "sgd", "scheduler": "step_lr"}"#]))[0].hasPrefix(
        "grid.json:5:45: optimizer.scheduler is \"step_lr\"; expected an object whose name is one of step_lr, "))
  }

  @Test(arguments: [
    (#""clip_grad_norm": 0"#, "clip_grad_norm is 0; expected a number above 0 and up to 1000000, or null"),
    (
      #""clip_grad_norm": 1, "clip_grad_value": 1"#,
      "clip_grad_value stands beside clip_grad_norm; gradients are clipped in one of the two ways"
    ),
    (
      #""clip_norm": 1"#,
      "clip_norm is not a known key; training has batch_size, iterations, epochs, evaluate_every, evaluation_draws, "
        + "evaluation_batch_size, clip_grad_norm, clip_grad_value, ema_decay and early_stopping"
    ),
  ])
  func aMistakeInClippingIsSaid(options: String, message: String) {
    let found = errors(grid(["training": "{\"batch_size\": 100, \"iterations\": 3000, \(options)}"]))
    #expect(found.map { $0.split(separator: ": training.", maxSplits: 1).last.map(String.init) ?? $0 } == [message])
  }

  @Test func clippingChangesTheHash() throws {
    func hash(_ options: String) throws -> String {
      try study(grid(["training": "{\"batch_size\": 100, \"iterations\": 3000\(options)}"])).configurations[0].resolved
        .hash
    }
    let hashes = try ["", #", "clip_grad_norm": 1"#, #", "clip_grad_value": 1"#].map(hash)
    #expect(Set(hashes).count == 3)
    #expect(try hash(#", "clip_grad_norm": null"#) == hashes[0])
  }
}
