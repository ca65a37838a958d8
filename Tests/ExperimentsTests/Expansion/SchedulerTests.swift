import Architectures
import Testing

@testable import Experiments

@Suite struct SchedulerTests {
  private func configurations(_ optimizer: String, _ axes: String = "{}", set: [String] = []) throws -> [Configuration]
  {
    let text = #"""
      {"name": "s", "dataset": {"name": "digits"}, "model": {"family": "mlp"}, "optimizer": \#(optimizer),
       "training": {"batch_size": 10, "epochs": 1}, "axes": \#(axes)}
      """#
    return try study(text.replacing(#", "axes": {}"#, with: ""), set).configurations.map(\.configuration)
  }

  @Test func anAbsentOneLeavesTheHashAsItIs() throws {
    let plain = try configurations(#"{"name": "sgd"}"#)[0]
    #expect(!plain.canonicalJSON.contains("scheduler"))
    #expect(try configurations(#"{"name": "sgd", "scheduler": null}"#)[0].hash == plain.hash)
    let stepped = try configurations(#"{"name": "sgd", "scheduler": {"name": "step_lr", "step_size": 3}}"#)[0]
    #expect(stepped.hash != plain.hash)
    #expect(
      stepped.canonicalJSON.contains(#""lr":0.001,"scheduler":{"gamma":0.1,"name":"step_lr","step_size":3},"momentum""#)
    )
    #expect(stepped.optimizer == .sgd(.init(scheduler: .stepLR(.init(stepSize: 3)))))
  }

  @Test func pathsAxesAndOverridesLeadIntoIt() throws {
    let found = try configurations(
      #"{"name": "adam", "scheduler": {"name": "step_lr", "step_size": 3}}"#,
      #"{"optimizer.scheduler.gamma": [0.5, 0.1], "optimizer.name": ["sgd", "adamw"]}"#,
      set: ["optimizer.scheduler.step_size=2"])
    #expect(found.count == 4)
    #expect(found[0].optimizer == .sgd(.init(scheduler: .stepLR(.init(stepSize: 2, gamma: 0.5)))))
    #expect(
      found[3].optimizer == .adamW(.init(weightDecay: 0.01, scheduler: .stepLR(.init(stepSize: 2, gamma: 0.1)))))
  }

  @Test func theRateFallsEveryStepSizeEpochs() {
    let optimizer = Optimizer.adam(.init(learningRate: 1, scheduler: .stepLR(.init(stepSize: 2, gamma: 0.5))))
    #expect((0..<6).map { optimizer.scheduled(epoch: $0).learningRate } == [1, 1, 0.5, 0.5, 0.25, 0.25])
  }
}
