import Presentation
import Testing

@testable import Experiments

/// Lists of values by a rule: numpy's numbers, exact ends, short labels.
@Suite struct ValueRuleTests {
  /// Printed by numpy 2.4.6: `linspace`, `geomspace`, `arange`.
  @Test(
    arguments: [
      (.linspace, [0, 1, 5], [0, 0.25, 0.5, 0.75, 1]), (.linspace, [0.1, 0.7, 4], [0.1, 0.3, 0.5, 0.7]),
      (.linspace, [1, -1, 3], [1, 0, -1]), (.linspace, [5, 9, 1], [5]),
      (.logspace, [0.001, 1, 4], [0.001, 0.01, 0.1, 1]),
      (.logspace, [0.001, 0.1, 4], [0.001, 0.004641588833612777, 0.021544346900318832, 0.1]),
      (.logspace, [1, 1000, 5], [1, 5.62341325190349, 31.622776601683793, 177.82794100389228, 1000]),
      (
        .logspace, [0.3, 0.0007, 6],
        [
          0.3, 0.08927227692697762, 0.026565131425756602, 0.007905099230805668, 0.0023523540255590714, 0.0007,
        ]
      ),
      (.range, [0, 5, 1], [0, 1, 2, 3, 4]), (.range, [0, 1, 0.3], [0, 0.3, 0.6, 0.8999999999999999]),
      (.range, [0.1, 0.6, 0.1], [0.1, 0.2, 0.30000000000000004, 0.4, 0.5]), (.range, [3, 0, -1], [3, 2, 1]),
    ] as [(ValueRule, [Double], [Double])])
  func numbersAreNumpys(_ rule: ValueRule, _ arguments: [Double], _ values: [Double]) throws {
    let found = try rule.numbers(arguments)
    #expect(found.count == values.count && found.first == values.first)
    // numpy's own power is one unit off the C library's in the last place on processors with AVX-512.
    let tolerance = rule == .logspace ? 2e-16 : 0
    for (one, other) in zip(found, values) { #expect(abs(one - other) <= tolerance * abs(other), "\(one), \(other)") }
    if rule != .range, found.count > 1 { #expect(found.last == arguments[1]) }
  }

  @Test func labelsAreShortAndTellTheValuesApart() throws {
    let study = try study(grid(["axes": #"{"optimizer.lr": {"logspace": [0.001, 0.1, 4]}}"#]))
    #expect(study.configurations.map(\.label) == ["lr 0.001", "lr 0.00464", "lr 0.0215", "lr 0.1"])
    #expect(study.axes == [Axis(path: "optimizer.lr", values: ["0.001", "0.00464", "0.0215", "0.1"])])
    #expect(study.configurations[1].settings[0].value == "0.00464")
    #expect(study.configurations[1].resolved.optimizer.asOptions.options[0].value == .number(0.004641588833612777))
    let close = try self.labels(#"{"optimizer.lr": {"linspace": [0.1, 0.1003, 4]}}"#)
    #expect(close == ["lr 0.1", "lr 0.1001", "lr 0.1002", "lr 0.1003"])
    #expect(
      try labels(#"{"optimizer.lr": {"range": [0.1, 0.6, 0.1]}}"#) == [1, 2, 3, 4, 5].map { "lr 0.\($0)" })
  }

  private func labels(_ axes: String) throws -> [String] { try study(grid(["axes": axes])).configurations.map(\.label) }

  /// Points are those of the list written out, wherever a list stands, and on the command line too.
  @Test func aRuleStandsForAList() throws {
    let axes = try study(grid(["axes": #"{"training.batch_size": {"linspace": [32, 128, 4]}}"#, "seeds": "[0, 1, 2]"]))
    #expect(axes.configurations.map(\.resolved.training.batchSize) == [32, 64, 96, 128])
    #expect(try study(grid(["seeds": #"{"range": [0, 3, 1]}"#])).seeds == axes.seeds)
    #expect(try study(grid(), [#"seeds={"range": [0, 3, 1]}"#]).seeds == axes.seeds)
    let zip = try study(
      grid(["zip": #"[{"optimizer.lr": {"linspace": [0.1, 0.2, 2]}, "training.batch_size": [10, 20]}]"#]))
    #expect(zip.configurations.map(\.label) == ["lr 0.1, batch_size 10", "lr 0.2, batch_size 20"])
    let set = try study(grid(["axes": #"{"optimizer.lr": [1, 2]}"#]), [#"optimizer.lr={"linspace": [0.1, 0.2, 2]}"#])
    #expect(set.configurations.map(\.label) == ["lr 0.1", "lr 0.2"])
    let again = try study(set.gridText)
    #expect(again.configurations == set.configurations)
    let back = try study(
      grid(["axes": #"{"optimizer.lr": {"linspace": [0.1, 0.2, 2]}}"#]), ["optimizer.lr=[1, 2, 3]"])
    #expect(back.configurations.count == 3)
  }

  @Test(arguments: [
    (
      #"{"logspce": [1, 2, 3]}"#,
      "7:28: axes.optimizer.lr is an object; expected a list of values, or {\"linspace\": [from, to, count]}, "
        + "{\"logspace\": [from, to, count]} or {\"range\": [from, to, step]}. Did you mean \"logspace\"?"
    ),
    (
      #"{"linspace": [1, 2]}"#,
      "7:41: axes.optimizer.lr.linspace is a list of 2; expected [from, to, count], numbers from -1e15 to 1e15"
    ),
    (
      #"{"linspace": [1, 2, 0.5]}"#,
      "7:41: axes.optimizer.lr.linspace has the count 0.5; expected a whole number from 1 to 100000"
    ),
    (
      #"{"logspace": [0, 1, 3]}"#,
      "7:41: axes.optimizer.lr.logspace goes from 0 to 1; logspace has equal ratios, so both ends are above 0 (the ends "
        + "themselves, not their exponents)"
    ),
    (
      #"{"range": [5, 0, 1]}"#,
      "7:38: axes.optimizer.lr.range has no value; expected a step that leads from the first number towards the second, "
        + "which is left out"
    ),
    (
      #"{"range": [0, 1e9, 1]}"#,
      "7:38: axes.optimizer.lr.range has 1000000000 values; at most 100000 are allowed"
    ),
    (#"{"linspace": [-1, 1, 2]}"#, "7:41: axes.optimizer.lr.linspace is -1; expected a number from 0 to 1000000"),
  ])
  func saysWhatIsWrongWithARule(_ rule: String, _ message: String) {
    #expect(errors(grid(["axes": #"{"optimizer.lr": \#(rule)}"#])) == ["grid.json:\(message)"])
  }

  @Test func rulesMakeAMillionValuesAtMost() {
    let rule = #"{"linspace": [0, 1, 100000]}"#
    let columns = (0..<11).map { "\"model.layers[\($0)].p\": \(rule)" }.joined(separator: ", ")
    let found = errors(grid(["zip": "[{\(columns)}]"]))
    #expect(
      found.contains {
        $0.hasSuffix("makes 100000 values after 1000000 others of the grid; at most 1000000 are allowed")
      },
      "\(found)")
  }
}
