import Experiments
import Statistics

/// The joint effect of two axes beyond the sum of their effects.
struct AxisInteraction: Sendable {
  /// A cell of the table of both axes: how far its score lies from the sum of the two effects.
  struct Cell: Sendable {
    var departure: Double
    var interval: Interval?
  }

  let first: Axis
  let second: Axis
  /// By the values of `first`, then of `second`; only values that have a score everywhere.
  let cells: [[Cell]]
  /// Values that were left out because scores are missing there, as `path value`.
  let leftOut: [(path: String, value: String)]
  let seeds: Int
  /// Settings of the other axes that each cell is the average over.
  let settingsAveraged: Int
  /// Of "the two effects add up".
  let p: Double

  /// The root mean square of the departures.
  var size: Double {
    let all = cells.flatMap { $0 }
    return (all.reduce(0) { $0 + $1.departure * $1.departure } / Double(all.count)).squareRoot()
  }

  /// The cell that lies farthest from the sum of both effects.
  var farthest: (first: String, second: String, cell: Cell)? {
    var best: (first: String, second: String, cell: Cell)?
    for (row, cells) in zip(first.values, cells) {
      for (column, cell) in zip(second.values, cells)
      where abs(cell.departure) > abs(best?.cell.departure ?? 0) * (1 + 1e-9) { best = (row, column, cell) }
    }
    return best
  }
}

extension RankedStudy {
  /// The two axes that move the score most, in file order.
  func leadingAxes(by effects: [AxisEffect]) -> (Axis, Axis)? {
    let axes = record.axes.filter { $0.values.count > 1 }
    guard axes.count > 1 else { return nil }
    let spans = Dictionary(effects.map { ($0.path, $0.span) }) { first, _ in first }
    let ordered = axes.indices.sorted {
      let (a, b) = (spans[axes[$0].path] ?? 0, spans[axes[$1].path] ?? 0)
      return a == b ? $0 < $1 : a > b
    }
    let chosen = ordered.prefix(2).sorted().map { axes[$0] }
    return (chosen[0], chosen[1])
  }

  /// The interaction of two axes; `nil` where fewer than two values of one have scores everywhere.
  ///
  /// Values are left out, those that lack most first, until every cell has the same seeds and the same other settings.
  func interaction(of axes: (Axis, Axis)) -> AxisInteraction? {
    var (first, second) = axes
    let others = record.axes.filter { $0.path != first.path && $0.path != second.path && $0.values.count > 1 }
    var rows: [[String]: [[String?]: ConfigurationAnalysis]] = [:]
    for row in configurations {
      guard let one = value(of: first, at: row), let two = value(of: second, at: row) else { continue }
      rows[[one, two], default: [:]][others.map { value(of: $0, at: row) }] = row
    }
    let settings = Set(rows.values.flatMap(\.keys))
    func scores(_ cell: [String], _ seed: UInt64) -> [Double] {
      settings.compactMap { rows[cell]?[$0]?.scores[seed] }
    }
    // A seed counts where at least half of all cells have it; the rest of its cells are what is missing.
    let seeds = seeds.filter { seed in
      let cells = first.values.flatMap { one in second.values.map { [one, $0] } }
      return 2 * cells.count { scores($0, seed).count == settings.count } >= cells.count
    }
    guard !seeds.isEmpty else { return nil }
    func isMissing(_ one: String, _ two: String) -> Bool {
      !seeds.allSatisfy { scores([one, two], $0).count == settings.count }
    }
    var leftOut: [(path: String, value: String)] = []
    while first.values.count > 1, second.values.count > 1 {
      let gaps =
        first.values.map { one in (first.path, one, second.values.count { isMissing(one, $0) }, second.values.count) }
        + second.values.map { two in (second.path, two, first.values.count { isMissing($0, two) }, first.values.count) }
      let worst = gaps.max { Double($0.2) / Double($0.3) < Double($1.2) / Double($1.3) }
      guard let worst, worst.2 > 0 else { break }
      leftOut.append((worst.0, worst.1))
      if worst.0 == first.path {
        first.values.removeAll { $0 == worst.1 }
      } else {
        second.values.removeAll { $0 == worst.1 }
      }
    }
    guard first.values.count > 1, second.values.count > 1 else { return nil }
    let departures = seeds.map { seed in
      Self.departures(first.values.map { one in second.values.map { mean(scores([one, $0], seed).sorted()) } })
    }
    return AxisInteraction(
      first: first, second: second,
      cells: first.values.indices.map { row in
        second.values.indices.map { column in
          let values = departures.map { $0[row][column] }
          return AxisInteraction.Cell(
            departure: mean(values),
            interval: Interval.studentT(
              values, confidence: options.confidence, ofAll: first.values.count * second.values.count))
        }
      },
      leftOut: leftOut, seeds: seeds.count, settingsAveraged: settings.count,
      p: JointSignFlip.p(departures.map { $0.flatMap { $0 } }))
  }

  /// Each cell less its row's and its column's mean, plus the mean of all.
  private static func departures(_ table: [[Double]]) -> [[Double]] {
    let rows = table.map { mean($0) }
    let columns = table[0].indices.map { column in mean(table.map { $0[column] }) }
    let all = mean(rows)
    return table.indices.map { row in columns.indices.map { table[row][$0] - rows[row] - columns[$0] + all } }
  }
}
