import Presentation

/// The health check's results, as `bench doctor` shows them.
package struct HealthReport: Printable, Sendable {
  /// One result per thing.
  package let results: [CheckResult]
  private let palette: Palette

  /// Takes results.
  ///
  /// - Parameter palette: colours of the marks in text.
  package init(_ results: [CheckResult], palette: Palette = Palette(isColoured: false)) {
    (self.results, self.palette) = (results, palette)
  }

  /// Whether all that training needs is sound.
  package var isSound: Bool { !results.contains { $0.state == .bad } }

  /// One row per thing; for programs with a column per number, and an array.
  package var printout: Printout {
    Printout(
      Table(
        ["check", "state", "found"].map { .init($0) },
        texts: results.map { [$0.check, $0.state.rawValue, $0.found] }),
      programs: table, json: .array(results.map(json)), own: [.text: { results.map(line).joined() }])
  }

  private var table: Table {
    let quantities = CheckResult.Quantity.allCases
    return Table(
      names: ["check", "name", "state", "found"] + quantities.map(\.rawValue),
      values: results.map { result in
        [
          .string(result.check), .optional(result.name), .string(result.state.rawValue), .string(result.found),
        ] + quantities.map { .optional(result.values[$0]) }
      })
  }

  private func json(_ result: CheckResult) -> JSONValue {
    [
      "check": .string(result.check), "name": .optional(result.name), "state": .string(result.state.rawValue),
      "found": .string(result.found),
      "values": .object(
        CheckResult.Quantity.allCases.compactMap { quantity in
          result.values[quantity].map { .init(quantity.rawValue, .integer($0)) }
        }),
    ]
  }

  private func line(_ result: CheckResult) -> String {
    let mark =
      switch result.state {
      case .good: palette.good("✓")
      case .missing: palette.warn("–")
      case .bad: palette.bad("✗")
      }
    let lines = result.found.split(separator: "\n", omittingEmptySubsequences: false).map {
      PlainText.oneLine(String($0))
    }
    let found = lines.joined(separator: "\n" + String(repeating: " ", count: 14))
    return "\(mark) \(TerminalText.fitted(result.check, 12))\(found)\n"
  }
}
