import Presentation

/// A column with a meaning of its own.
enum CurveColumn: Int, CaseIterable {
  case label, seed, iteration, split, metric, value, epoch

  /// The column of a name.
  init?(name: String) {
    switch name {
    case "label": self = .label
    case "seed": self = .seed
    case "iteration": self = .iteration
    case "split": self = .split
    case "metric": self = .metric
    case "value": self = .value
    case "epoch": self = .epoch
    default: return nil
    }
  }

  /// Those that every file has.
  static let required = allCases.filter { $0 != .epoch }

  /// The names of those, in words.
  static let listed = joined(required.map { "\($0)" })
}

/// The columns of a header.
struct CurveColumns {
  /// Where each ``CurveColumn`` stands.
  var places = [Int?](repeating: nil, count: CurveColumn.allCases.count)
  /// The others, in order.
  var settings: [(name: String, place: Int)] = []

  /// Reads a header; `nil` where no line below it can be understood.
  init?(header: [String], line: Int, _ log: inout CurveFaults) {
    var seen: Set<String> = []
    for (place, name) in header.enumerated() {
      guard seen.insert(name).inserted else {
        log.add(line, "the column \(quoted(name)) stands there twice")
        continue
      }
      if let column = CurveColumn(name: name) {
        places[column.rawValue] = place
      } else {
        Self.check(name, line: line, &log)
        settings.append((name, place))
      }
    }
    if CurveColumn.required.allSatisfy({ places[$0.rawValue] == nil }) {
      log = CurveFaults()
      log.add(
        line,
        "is not a header; expected \(CurveColumn.required.map { "\($0)" }.joined(separator: ",")), in any order")
      return nil
    }
    for column in CurveColumn.required where places[column.rawValue] == nil {
      log.add(
        line,
        "the column \(column) is missing; expected \(CurveColumn.listed), in any order"
          + suggestion(for: "\(column)", among: settings.map(\.name)))
    }
    if !log.isEmpty { return nil }
  }

  /// Notes what is wrong with the name of a setting.
  static func check(_ name: String, line: Int, _ log: inout CurveFaults) {
    if name.isEmpty {
      log.add(line, "a column has no name")
    } else if name == "variant" {
      log.add(line, "a column is named variant, which is what the labels are; give it another name")
    } else if name.contains("\0") {
      log.add(line, "the name of the column \(quoted(name)) holds a NUL character")
    }
  }
}
