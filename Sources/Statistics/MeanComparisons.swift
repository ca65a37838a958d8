/// The means of several independent groups compared: each with the best, and each pair.
///
/// Every pair stands by itself (its own spreads, ``WelchComparison``), so that one group that is noisy, or stuck at chance,
/// blurs nothing but its own rows. Over all of it, at most a share `1 − confidence` of studies makes any false claim:
///
/// - Against the best, step by step, as Holm does: the group most surely worse comes first and is asked for all
///   k·(k − 1)/2 pairs, since any two of k equal groups might have been first and last; once r groups are told
///   from the best, for the pairs among the remaining k − r.
/// - Other pairs for all k·(k − 1)/2 pairs (Bonferroni). Where they are shown, the steps above leave room for them: they
///   ask for C(m, 2) / (1 − C(k − m, 2) / C(k, 2)) pairs when m groups remain.
/// - Intervals hold all at once: each for all pairs.
package struct MeanComparisons: Sendable {
  /// One group's mean less another's.
  package struct Pair: Sendable, Hashable {
    /// The groups' places in the list given.
    package let first, second: Int
    /// First mean minus second.
    package let difference: Double
    /// The chance of so large a difference where there is none, not corrected.
    package let p: Double
    /// The same, corrected for all that is asked.
    package let correctedP: Double
    /// Bounds for the true difference that hold for all pairs at once; a bound is 0 where the steps decide a sign that
    /// these bounds by themselves leave open.
    package let interval: Interval
    /// The same without the steps.
    package let singleStepInterval: Interval
  }

  /// Groups with fewer values than these are not compared: with three, values that agree by chance are too common.
  package static let fewestValues = 4

  /// The group with the best mean among those that are compared; `nil` where fewer than two are.
  package let leader: Int?
  /// Each compared group but the best less the best, in the order given.
  package let versusLeader: [Pair]
  /// Each compared pair, the earlier group first; empty where not asked for.
  package let pairs: [Pair]
  /// The groups that are compared.
  package let compared: [Int]

  /// Compares. O(k·n) without pairs, O(k²) with them.
  ///
  /// - Parameters:
  ///   - groups: values by group; groups may differ in number.
  ///   - resolution: the smallest difference that a value can show, such as one test image; 0 where there is none.
  ///   - everyPair: whether all pairs are asked for.
  package init(
    _ groups: [[Double]], higherIsBetter: Bool = true, resolution: Double = 0, everyPair: Bool = false,
    confidence: Double = 0.95
  ) {
    let samples = groups.map { Sample($0, resolution: resolution) }
    let members = samples.indices.filter {
      samples[$0].count >= Self.fewestValues && samples[$0].mean.isFinite && samples[$0].variance.isFinite
    }
    let best = members.dropFirst().reduce(members.first) { best, next in
      guard let best else { return next }
      let (a, b) = (samples[best].mean, samples[next].mean)
      return (higherIsBetter ? b > a : b < a) ? next : best
    }
    guard members.count > 1, let best else {
      (leader, versusLeader, pairs, compared) = (nil, [], [], [])
      return
    }
    let skewness = Self.skewness(members.map { samples[$0] })
    let estimated = Dictionary(uniqueKeysWithValues: zip(members, skewness))
    func test(_ first: Int, _ second: Int) -> WelchComparison {
      WelchComparison(samples[first], samples[second], skewness: (estimated[first] ?? 0, estimated[second] ?? 0))
    }
    let k = members.count
    let all = Self.pairs(k)
    func pair(_ first: Int, _ second: Int, _ test: WelchComparison, correctedP: Double) -> Pair {
      var (lower, upper) = test.bounds(alpha: (1 - confidence) / all)
      let single = Interval(lower: lower, upper: upper, confidence: confidence)
      if correctedP <= 1 - confidence {
        if test.difference > 0 { lower = max(0, lower) } else { upper = min(0, upper) }
      }
      return Pair(
        first: first, second: second, difference: test.difference, p: test.p, correctedP: correctedP,
        interval: Interval(lower: lower, upper: upper, confidence: confidence), singleStepInterval: single)
    }

    let others = members.filter { $0 != best }
    let tests = others.map { test($0, best) }
    let p = tests.map(\.p)
    var corrected = p
    var highest = 0.0
    for (step, place) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
      let shown = everyPair ? 1 - Self.pairs(step) / all : 1
      highest = max(highest, min(1, p[place] * Self.pairs(k - step) / shown))
      corrected[place] = highest
    }
    let versus = others.indices.map { pair(others[$0], best, tests[$0], correctedP: corrected[$0]) }
    (leader, versusLeader, compared) = (best, versus, members)
    guard everyPair else {
      pairs = []
      return
    }
    pairs = members.flatMap { first in
      members.filter { $0 > first }.map { second in
        if first == best || second == best, let known = versus.first(where: { $0.first == first || $0.first == second })
        {
          return first == best ? known.reversed : known
        }
        let test = test(first, second)
        return pair(first, second, test, correctedP: min(1, test.p * all))
      }
    }
  }

  /// The number of pairs among so many.
  private static func pairs(_ count: Int) -> Double { Double(count * (count - 1)) / 2 }

  /// Each group's skewness, shrunk three quarters towards the mean of all and doubled.
  ///
  /// Six values say little of their skewness, and too little: they can't show more than 1.8 times their spread, and on
  /// average show half of an exponential distribution's 2. Groups of one study tend to be skewed alike.
  static func skewness(_ samples: [Sample]) -> [Double] {
    let common = mean(samples.map(\.skewness))
    return samples.map { 2 * (0.25 * $0.skewness + 0.75 * common) }
  }
}

extension MeanComparisons.Pair {
  /// The same pair the other way round.
  var reversed: Self {
    Self(
      first: second, second: first, difference: -difference, p: p, correctedP: correctedP,
      interval: interval.negated, singleStepInterval: singleStepInterval.negated)
  }
}
