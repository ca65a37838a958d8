import Testing

@testable import Kernels

@Suite struct LossTests {
  @Test func crossEntropyOfLargeLogitsDoesNotOverflow() {
    let logits: [Float] = [1000, 0, -1000, 0, 0, 0]
    var gradient = [Float](repeating: 9, count: 6)
    let loss = crossEntropy(rows: 2, classes: 3, logits: logits, labels: [1, 2], gradient: &gradient)
    #expect(abs(loss - (1000 + 1.0986123)) < 1e-3)
    #expect(gradient[0] == 0.5 && gradient[1] == -0.5 && gradient[2] == 0)
    #expect(abs(gradient[3] - 1.0 / 6) < 1e-6 && abs(gradient[5] + 1.0 / 3) < 1e-6)
  }

  /// `F.cross_entropy(torch.tensor([[100., 90., 88.]]), torch.tensor([0]))` in PyTorch 2.13, and its gradient.
  @Test func aSmallLossKeepsItsDigitsBesideLargeLogits() {
    var gradient: [Float] = [0, 0, 0]
    let loss = crossEntropy(rows: 1, classes: 3, logits: [100, 90, 88], labels: [0], gradient: &gradient)
    // The sum of the exponentials, 1.00005 in Float, leaves them two digits more than the logits do.
    #expect(abs(loss - 5.16162909e-05) < 1.3e-7)
    #expect(abs(gradient[1] / 4.53975917e-05 - 1) < 1e-6)
    var logs: [Float] = [0, 0, 0]
    logSoftmaxForward(rows: 1, classes: 3, [100, 90, 88], into: &logs)
    #expect(abs(Double(-logs[0]) - 5.16162909e-05) < 1.3e-7)
  }

  @Test func aLogitThatIsNoNumberIsSeenInTheLoss() {
    #expect(crossEntropy(rows: 1, classes: 2, logits: [.nan, 1], labels: [1], gradient: nil).isNaN)
    #expect(!crossEntropy(rows: 1, classes: 2, logits: [.infinity, 1], labels: [1], gradient: nil).isFinite)
    #expect(oneHotError(.squared, rows: 1, classes: 2, values: [.nan, 1], labels: [1], gradient: nil).isNaN)
  }

  @Test func theFirstOfEqualOutputsIsTheGuessAndNoNumberBeatsAll() {
    var guesses: [Int32] = [0, 0, 0]
    largestIndices(rows: 3, classes: 3, [1, 2, 2, .nan, 5, .nan, -1, -2, -3], into: &guesses)
    #expect(guesses == [1, 0, 0])
  }

  @Test func squaredErrorsAreMeansOverTheValues() {
    var gradient: [Float] = [0, 0, 0, 0]
    let loss = oneHotError(
      .squared, rows: 2, classes: 2, values: [1, 2, 3, 4], labels: [0, 1], gradient: &gradient)
    #expect(loss == (0 + 4 + 9 + 9) / 2.0)
    #expect(gradient == [0, 1, 1.5, 1.5])
  }

  /// Shares that are 1 at the label and 0 elsewhere are the label; of others the gradient is that of finite differences.
  @Test(arguments: [0, 0.2], [nil, [0.5, 2, 1] as [Float]])
  func sharesOfClassesAreComparedWith(smoothing: Double, weights: [Float]?) {
    let logits: [Float] = [0.3, -1.2, 2, 1, 0.1, -0.7]
    func loss(_ logits: [Float], _ shares: [Float], _ gradient: inout [Float]) -> Double {
      let rows = { (pointer: UnsafePointer<Float>?, gradient: inout [Float]) in
        crossEntropy(
          rows: 2, classes: 3, logits: logits, shares: shares, weights: ClassWeights(pointer, smoothing: smoothing),
          gradient: &gradient)
      }
      return weights?.withUnsafeBufferPointer { rows($0.baseAddress, &gradient) } ?? rows(nil, &gradient)
    }
    var (gradient, unused) = ([Float](repeating: 9, count: 6), [Float](repeating: 0, count: 6))
    if weights == nil {
      var expected = unused
      let labelled = crossEntropy(
        rows: 2, classes: 3, logits: logits, labels: [2, 0], weights: ClassWeights(smoothing: smoothing),
        gradient: &expected)
      #expect(abs(loss(logits, [0, 0, 1, 1, 0, 0], &gradient) - labelled) < 1e-6)
      for (one, other) in zip(gradient, expected) { #expect(abs(one - other) < 1e-6) }
    }
    let shares: [Float] = [0.25, 0, 0.75, 0.5, 0.4, 0.1]
    _ = loss(logits, shares, &gradient)
    for index in logits.indices {
      func moved(_ by: Float) -> Double {
        var moved = logits
        moved[index] += by
        return loss(moved, shares, &unused)
      }
      let slope = (moved(1e-2) - moved(-1e-2)) / 2e-2 / 2
      #expect(abs(Double(gradient[index]) - slope) < 1e-4, "\(index)")
    }
  }
}
