/// Weights added up, among which `torch.multinomial(weights, …, replacement=True)` looks for what it draws from Doubles
/// (`ATen/native/cpu/MultinomialKernel.cpp`).
package struct CumulativeWeights: Sendable {
  /// For each index the share of all weight that it and those before it have; the last is 1.
  private let shares: [Double]

  /// Adds weights up; `nil` where all are 0.
  package init?(_ weights: [Double]) {
    var sum = 0.0
    var sums = weights.map { weight in
      sum += weight
      return sum
    }
    guard sum > 0 else { return nil }
    for index in sums.indices { sums[index] /= sum }
    sums[sums.count - 1] = 1
    shares = sums
  }

  /// The first index whose share is not below `share`, a number in [0, 1).
  package func index(of share: Double) -> Int {
    var (low, high) = (0, shares.count)
    while low < high {
      let middle = low + (high - low) / 2
      if shares[middle] < share { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
