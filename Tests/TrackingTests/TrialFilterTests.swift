import Testing

@testable import Tracking

@Suite struct TrialFilterTests {
  private static let values = [
    "optimizer.lr": "0.05", "seed": "3", "state": "done", "label": "Model A, lr 0.05", "model.pooling": "max",
    "model.hidden": "[16, 32]", "test_loss": "nan",
  ]

  @Test(arguments: [
    ("optimizer.lr<0.1 and seed=3", true), ("optimizer.lr < 0.1 and seed = 4", false), ("seed=3.0", true),
    ("optimizer.lr=5e-2", true), ("seed==3", true), ("seed!=3", false), ("seed>=3 and seed<=3", true),
    ("seed>3 or seed<3", false), ("not seed=3", false), ("not not seed=3", true), ("not seed=4 and state=done", true),
    ("seed=4 or seed=3 and state=done", true), ("(seed=3 or seed=4) and state=failed", false),
    ("seed=3 or (seed=4 and state=failed)", true), ("label=\"Model A, lr 0.05\"", true), ("label='Model A'", false),
    ("label ~ 'model a'", true), ("model.pooling=max", true), ("model.pooling!=average", true),
    ("model.hidden='[16, 32]'", true), ("nothing=3", false), ("not nothing=3", true), ("test_loss<1", false),
    ("test_loss!=1", true), ("\"seed\"=3", true), ("state='and'", false), ("seed<10", true),
  ]) func holdsAsItReads(text: String, expected: Bool) throws {
    #expect(try TrialFilter(text).matches { Self.values[$0] } == expected)
  }

  @Test(arguments: [
    ("", 1, "the text ends"), ("seed", 5, "the text ends"), ("seed=", 6, "the text ends"), ("=3", 1, "found \"=\""),
    ("seed 3", 6, "found \"3\""), ("seed=3 seed=4", 8, "found \"seed\""), ("(seed=3", 8, "the text ends"),
    ("seed=3)", 7, "found \")\""), ("seed=3 and", 11, "the text ends"), ("and=3", 1, "found \"and\""),
    ("label='open", 7, "a quote that does not end"), ("seed!3", 5, "found \"!\""), ("not", 4, "the text ends"),
  ]) func saysWhereItCannotBeUnderstood(text: String, column: Int, found: String) {
    do {
      _ = try TrialFilter(text)
      Issue.record("\(text) was understood")
    } catch {
      guard case .syntax(let place, let what, let expected) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(place == column && what == found && !expected.isEmpty)
    }
  }

  @Test func deepNestingIsRefusedNotFatal() {
    let text = String(repeating: "(", count: 100_000) + "seed=3" + String(repeating: ")", count: 100_000)
    #expect(throws: TrialFilterError.self) { try TrialFilter(text) }
    #expect(throws: TrialFilterError.self) { try TrialFilter(String(repeating: "not ", count: 100_000) + "seed=3") }
  }

  @Test func namesEveryPathThatItLooksAt() throws {
    #expect(try TrialFilter("a.b=1 and (not c<2 or 'd e'~x)").paths == ["a.b", "c", "d e"])
  }
}
