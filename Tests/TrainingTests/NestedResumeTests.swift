import Architectures
import Experiments
import Testing
import Training

/// A network of layers in layers through whole trainings, and through interruptions of them.
@Suite struct NestedResumeTests {
  private var trial: Trial {
    var trial = cornersTrial(iterations: 13, evaluateEvery: 3)
    let block = Residual(
      [
        Layer(Convolution(outChannels: 3, kernelSize: Extent(3), padding: .same)), Layer(BatchNorm()),
        Layer(Dropout(probability: 0.3)),
      ], shortcut: [Layer(Subsample(stride: Extent(1), outChannels: 3))])
    trial.configuration.resolved.architecture = Architecture(
      input: Shape(1, 2, 2),
      layers: [
        Layer(block), Layer(Activation.relu),
        Layer(Concat([[], [Layer(Residual([Layer(Dropout(probability: 0.2))]))]])),
        Layer(Flatten()), Layer(Linear(outFeatures: 3)),
      ])
    return trial
  }

  @Test(arguments: [1, 4, 9, 12])
  func anInterruptionChangesNoBit(stop: Int) throws {
    let whole = try CornersTrace(of: trial)
    #expect(whole.losses.count == 13 && whole.losses.allSatisfy(\.isFinite) && Set(whole.losses).count == 13)
    var saved: Checkpoint?
    let first = try CornersTrace(of: trial, stopAfter: stop) { saved = $0 }
    let bytes = try #require(saved).encoded(for: .init(trial: "a"))
    let second = try CornersTrace(of: trial, from: Checkpoint(decoding: bytes, for: .init(trial: "a")))
    #expect(first.losses + second.losses == whole.losses)
    #expect(second.result?.traceDigest == whole.result?.traceDigest)
  }
}
