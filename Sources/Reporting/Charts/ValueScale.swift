import Foundation
import Presentation

/// The positions of values along an axis, and the tics that name some of them.
struct ValueScale: Sendable {
  /// The quantity whose steps are even along the axis.
  enum Kind: Sendable {
    /// Differences.
    case linear
    /// Ratios.
    case logarithmic
    /// Ratios of 1 − x: a step from 90 to 99 % is as long as one from 99 to 99.9 %.
    case errorLogarithmic(floor: Double)
  }

  /// The note in the axis title: what its steps are even in.
  var note: String {
    switch kind {
    case .linear: ""
    case .logarithmic: ", logarithmic"
    case .errorLogarithmic: ", log of 100 − accuracy"
    }
  }

  /// A caption's sentence on why equal steps are no equal differences; empty where they are.
  ///
  /// - Parameter subject: what has the steps: `the axis of test loss`, `the colours`.
  func reason(_ subject: String) -> String {
    switch kind {
    case .linear: ""
    case .logarithmic:
      " Equal steps of \(subject) are equal ratios, because the values lie up to a factor of "
        + "\(NumberText.short(NumberText.rounded(upper / lower, digits: 1))) apart."
    case .errorLogarithmic:
      " Equal steps of \(subject) are equal ratios of the error, 100 − accuracy, because the values reach from low to near "
        + "the top: 80 and 90 % lie as far apart as 98 and 99 %, each a halving of the error."
    }
  }

  let kind: Kind
  let lower: Double
  let upper: Double
  let tics: [(value: Double, label: String)]

  /// The value's place as gnuplot plots it.
  func coordinate(_ value: Double) -> Double {
    switch kind {
    case .linear: value
    case .logarithmic: log10(max(value, 1e-300))
    case .errorLogarithmic(let floor): -log10(max(1 - value, floor))
    }
  }

  /// The same as a gnuplot function.
  var function: String {
    switch kind {
    case .linear: "x"
    case .logarithmic: "x > 0 ? log10(x) : NaN"
    case .errorLogarithmic(let floor): "-log10(1 - x > \(floor) ? 1 - x : \(floor))"
    }
  }

  /// The share of the axis below a value, kept within it.
  func position(_ value: Double) -> Double {
    let (low, high) = (coordinate(lower), coordinate(upper))
    return min(1, max(0, (coordinate(value) - low) / (high - low)))
  }

  /// The columns of the widest name.
  var widestTic: Int { tics.map { $0.label.terminalColumns }.max() ?? 1 }

  /// Commands for the range and the tics of gnuplot's axis `axis`.
  func commands(axis: String) -> [String] {
    let (low, high) = (coordinate(lower), coordinate(upper))
    let named = tics.map { "\(GnuplotText.quoted($0.label)) \(number(coordinate($0.value)))" }.joined(separator: ", ")
    return ["set \(axis)range [\(number(low)):\(number(high))]", "set \(axis)tics (\(named))"]
  }

  /// The scale with as many of its tics as have room for their names side by side on so many pixels.
  func named(within pixels: Int) -> ValueScale {
    // A column of the tics' font is some nine pixels wide.
    func half(_ tic: (value: Double, label: String)) -> Double { Double(9 * tic.label.terminalColumns + 12) / 2 }
    func place(_ tic: (value: Double, label: String)) -> Double { position(tic.value) * Double(pixels) }
    func fit(_ first: (value: Double, label: String), _ second: (value: Double, label: String)) -> Bool {
      abs(place(first) - place(second)) >= half(first) + half(second)
    }
    var kept: [Int] = []
    if case .linear = kind {
      // Even steps, through zero where it is named.
      let anchor = tics.firstIndex { $0.value == 0 } ?? 0
      let step = (1...max(1, tics.count)).first { step in
        let some = tics.indices.filter { ($0 - anchor).isMultiple(of: step) }
        return zip(some, some.dropFirst()).allSatisfy { fit(tics[$0], tics[$1]) }
      }
      kept = tics.indices.filter { ($0 - anchor).isMultiple(of: step ?? 1) }
    } else {
      // Powers of ten first, then what fits between them.
      let order = tics.indices.sorted { first, second in
        let powers = [first, second].map { log10(max(tics[$0].value, 1e-300)).truncatingRemainder(dividingBy: 1) == 0 }
        return powers[0] == powers[1] ? first < second : powers[0]
      }
      for index in order where kept.allSatisfy({ fit(tics[$0], tics[index]) }) { kept.append(index) }
      kept.sort()
    }
    return ValueScale(kind: kind, lower: lower, upper: upper, tics: kept.map { tics[$0] })
  }

  /// The scale with every other name where there are many: a small plot has room for a few.
  var sparse: ValueScale {
    guard tics.count > 5 else { return self }
    let kept = tics.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
    return ValueScale(kind: kind, lower: lower, upper: upper, tics: kept)
  }

  private func number(_ value: Double) -> String { NumberText.exact(NumberText.rounded(value, digits: 6)) }
}

extension ValueScale {
  /// An axis over `values` where differences count; `zoom` 100 labels shares in percent.
  ///
  /// - Parameter limits: what values can be at all: an axis does not go beyond.
  static func linear(
    over values: [Double], zoom: Double = 1, within limits: ClosedRange<Double> = -.infinity ... .infinity,
    isSigned: Bool = false
  ) -> ValueScale {
    // Farther out, sums and products of coordinates would be infinite.
    let finite = values.filter(\.isFinite).map { min(1e290, max(-1e290, $0)) }
    var (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    let least = zoom == 100 ? 0.002 : max(abs(high), abs(low), 1e-12) * 0.02
    if high - low < least { (low, high) = (low - least / 2, high + least / 2) }
    let room = (high - low) * 0.06
    (low, high) = (max(limits.lowerBound, low - room), min(limits.upperBound, high + room))
    // Values that can't be, of a store that was changed, would leave nothing within the limits.
    if high <= low {
      (low, high) = (max(limits.lowerBound, high - least), max(limits.lowerBound, high - least) + least)
    }
    let step = niceStep((high - low) * zoom / 6)
    let digits = max(0, -Int(log10(step * 1.0001).rounded(.down)))
    // Three digits tell the tics apart unless they lie close together far from zero.
    let farthest = max(abs(low), abs(high)) * zoom
    let isHuge = farthest >= 1e6 && step > 0.01 * farthest
    // What can't be counted one by one needs as many digits as tell the tics apart.
    let apart = min(15, max(3, Int(log10(farthest / step).rounded(.up)) + 1))
    func name(_ shown: Double) -> String {
      if farthest >= 1e15, !isHuge { return NumberText.significant(shown, apart) }
      if isHuge { return (isSigned && shown > 0 ? "+" : "") + NumberText.short(shown) }
      return isSigned ? NumberText.signed(shown, digits) : label(shown, digits)
    }
    var tics: [(Double, String)] = []
    var index = (low * zoom / step - 1e-9).rounded(.up)
    while index * step <= high * zoom * (high > 0 ? 1 + 1e-12 : 1 - 1e-12) + 1e-12, tics.count < 20 {
      let shown = index * step
      tics.append((shown / zoom, name(shown)))
      index += 1
    }
    return ValueScale(kind: .linear, lower: low, upper: high, tics: tics)
  }

  /// An axis over the positive ones of `values` where ratios count.
  ///
  /// - Parameter named: what the tics are at, as far as their names don't touch; round numbers where there are none.
  static func logarithmic(over values: [Double], naming named: [Double] = []) -> ValueScale {
    let positive = values.filter { $0 > 0 && $0.isFinite }
    var (low, high) = (log10(positive.min() ?? 0.1), log10(positive.max() ?? 1))
    if high - low < 0.05 { (low, high) = (low - 0.1, high + 0.1) }
    let room = (high - low) * 0.04
    (low, high) = (low - room, high + room)
    let mantissas: [Double] = high - low > 4 ? [1] : (high - low > 1.2 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8])
    var tics: [(Double, String)] = []
    var end = -Double.infinity
    for value in Set(named).sorted() where value > 0 && value.isFinite {
      // A column of the tics' font is some 1.4 % of a chart's width.
      let (place, name) = ((log10(value) - low) / (high - low), NumberText.short(value))
      let half = 0.007 * Double(name.terminalColumns + 1)
      guard place - half > end else { continue }
      tics.append((value, name))
      end = place + half
    }
    guard tics.isEmpty else {
      return ValueScale(kind: .logarithmic, lower: pow(10, low), upper: pow(10, high), tics: tics)
    }
    // Of more than six decades every second, third … is named.
    let stride = max(1, Int(((high - low) / 6).rounded(.up)))
    for exponent in Int(low.rounded(.down))...Int(high.rounded(.up)) where exponent.isMultiple(of: stride) {
      for mantissa in mantissas {
        let value = mantissa * pow(10, Double(exponent))
        if log10(value) >= low, log10(value) <= high { tics.append((value, NumberText.short(value))) }
      }
    }
    return ValueScale(kind: .logarithmic, lower: pow(10, low), upper: pow(10, high), tics: tics)
  }

  /// Those of `values` that an axis shows, without what ran away: a few that lie farther above the others than an axis
  /// can show with them. Where nothing ran away, all.
  ///
  /// - Parameter kept: values that are shown whatever they are.
  static func tame(_ values: [Double], keeping kept: [Double] = []) -> [Double] {
    let finite = values.filter(\.isFinite)
    let sorted = finite.sorted()
    guard let most = sorted.last, !sorted.isEmpty else { return values }
    let middle = sorted[(sorted.count - 1) / 2]
    let ceiling = max(10 * middle, (kept.filter(\.isFinite).max() ?? 0) * 1.1)
    return middle > 0 && most > 10 * ceiling ? finite.filter { $0 <= ceiling } : finite
  }

  /// An axis over losses: even in differences, or in ratios where they lie far apart.
  static func loss(over values: [Double]) -> ValueScale {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), low > 0, high > 30 * low else { return linear(over: values) }
    return logarithmic(over: values)
  }

  /// An axis over accuracies: even in percentage points where they lie close, otherwise in ratios of the error, so
  /// that a long way up and small differences near its end are both seen.
  static func accuracy(over values: [Double], testCount: Int) -> ValueScale {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), high > 0.8, high - low > 0.12 else {
      return linear(over: values, zoom: 100, within: 0...1)
    }
    let floor = 0.5 / Double(max(testCount, 50))
    let kind = Kind.errorLogarithmic(floor: floor)
    let lower = max(0, low - 0.03)
    let upper = 1 - max(floor, (1 - high) * 0.8)
    let named: [Double] = [0, 30, 50, 60, 70, 80, 85, 90, 93, 95, 96, 97, 98, 98.5, 99, 99.3, 99.5, 99.7, 99.8, 99.9]
    let scale = ValueScale(kind: kind, lower: lower, upper: upper, tics: [])
    var tics: [(Double, String)] = []
    // From the top, so that the dense end keeps its names; none closer than a fifteenth of the axis.
    for percent in named.reversed() where percent / 100 >= lower && percent / 100 <= upper {
      let place = scale.position(percent / 100)
      if tics.last.map({ scale.position($0.0) - place > 1.0 / 15 }) ?? true {
        tics.append((percent / 100, NumberText.exact(percent)))
      }
    }
    return ValueScale(kind: kind, lower: lower, upper: upper, tics: tics.reversed())
  }

  /// 1, 2 or 5 times a power of ten, at least `step`.
  private static func niceStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    return power * ([1, 2, 5].first { $0 * power >= step * 0.999 } ?? 10)
  }

  private static func label(_ value: Double, _ digits: Int) -> String {
    digits == 0 && abs(value) >= 10_000 ? NumberText.count(value) : NumberText.fixed(value, digits)
  }
}
