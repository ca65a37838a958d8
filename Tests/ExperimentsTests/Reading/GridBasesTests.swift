import Testing

@testable import Experiments

/// A grid that extends another, and a grid with comments.
@Suite struct GridBasesTests {
  private struct Missing: Error, CustomStringConvertible { let description = "can't be read: there is no such file" }

  private func read(_ files: [String: String]) throws(GridErrors) -> Study {
    try Grid.read(bytes: Array((files["a/top.json"] ?? "").utf8), file: "a/top.json", folder: "a") { name in
      guard let text = files[name] else { throw Missing() }
      return Array(text.utf8)
    }.study(describe: describe)
  }

  private func errors(_ files: [String: String]) -> [String] {
    do {
      _ = try read(files)
      return []
    } catch { return error.errors.map(\.description) }
  }

  private static let base = grid([
    "seeds": "[0, 1]", "axes": #"{"optimizer.lr": [0.1, 0.2], "model.pooling": ["max", "average"]}"#,
    "tags": #"["base"]"#,
  ])

  private static func one(_ text: String, _ overrides: [String] = []) throws -> Study { try study(text, overrides) }

  private static func faults(_ text: String) -> [String] {
    do {
      _ = try study(text)
      return []
    } catch { return error.errors.map(\.description) }
  }

  @Test func objectsAreMergedByKeyAndListsReplaced() throws {
    let study = try read([
      "a/top.json": #"""
      {"extends": "base.json", "name": "top", "seeds": [7], "axes": {"optimizer.lr": {"linspace": [1, 2, 2]}},
       "training": {"epochs": 2}, "optimizer": {"momentum": 0.5}}
      """#, "a/base.json": Self.base,
    ])
    #expect(study.name == "top" && study.seeds == [7])
    #expect(
      study.configurations.map(\.label)
        == [1, 2].flatMap { rate in
          ["max", "average"].map { "lr \(rate), pooling \($0)" }
        })
    let training = study.configurations[0].resolved.training
    #expect(training.length == .epochs(2) && training.batchSize == 100, "epochs take the place of iterations")
    #expect(study.configurations[0].resolved.optimizer.asOptions.options.contains { $0.value == .number(0.5) })
    #expect(!study.gridText.contains("extends"))
    let again = try Grid.read(bytes: Array(study.gridText.utf8), file: "grid.json").study(describe: describe)
    #expect(again.configurations == study.configurations && again.gridText == study.gridText)
    #expect(Annotations(gridText: study.gridText).tags == ["base"])
  }

  /// The keys of a trial do not follow from how its grid is cut into files.
  @Test func theWholeIsWhatOneFileWouldSay() throws {
    let whole = try Self.one(Self.base)
    let extended = try read(["a/top.json": #"{"extends": "sub/base.json"}"#, "a/sub/base.json": Self.base])
    #expect(extended.configurations == whole.configurations)
  }

  @Test func aChangedNameDropsWhatTheNewOneLacks() throws {
    let study = try read([
      "a/top.json": #"{"extends": "b/mid.json", "model": {"family": "mlp"}, "optimizer": {"name": "adam"}}"#,
      "a/b/mid.json": #"{"extends": "../base.json", "model": {"kernel_size": 3}, "optimizer": {"momentum": 0.9}}"#,
      "a/b/../base.json": grid(),
    ])
    #expect(study.configurations[0].resolved.optimizer.asOptions.name == "adam")
    #expect(study.configurations[0].resolved.optimizer.learningRate == 0.01, "what both have stays")
  }

  @Test func errorsNameTheFileOfTheFault() {
    #expect(
      errors(["a/top.json": #"{"extends": "base.json", "seeds": [-1]}"#, "a/base.json": grid(["loss": "\"mes\""])]) == [
        "a/top.json:1:36: seeds[0] is -1; expected a whole number from 0 to 18446744073709551615",
        "a/base.json:6:11: loss is \"mes\"; expected one of cross_entropy, nll, mse, l1, smooth_l1, bce_with_logits, or an "
          + "object whose name is one of cross_entropy, nll, mse, l1, smooth_l1, bce_with_logits. Did you mean \"mse\"?",
      ])
    #expect(
      errors(["a/top.json": #"{"extends": "base.json"}"#, "a/base.json": "{,}"]) == [
        "a/base.json:1:2: found ,; expected a key in double quotes"
      ])
    #expect(
      errors(["a/top.json": #"{"extends": "base.json"}"#, "a/base.json": "[]"]) == [
        "a/base.json:1:1: a grid is an object; found an empty list"
      ])
    #expect(
      errors(["a/top.json": #"{"extends": "bsae.json"}"#]) == [
        "a/top.json:1:13: extends is \"bsae.json\": can't be read: there is no such file; expected the path of another "
          + "grid, from the folder of this one"
      ])
    #expect(
      errors(["a/top.json": #"{"extends": ["base.json"]}"#]) == [
        "a/top.json:1:13: extends is a list of 1; expected the path of another grid, from the folder of this one"
      ])
  }

  @Test func noGridExtendsItself() {
    #expect(
      errors(["a/top.json": #"{"extends": "b.json"}"#, "a/b.json": #"{"name": "b", "extends": "./top.json"}"#]) == [
        "a/b.json:1:26: extends is \"./top.json\", which makes a circle: a/top.json → a/b.json → a/./top.json; a grid "
          + "can't extend itself"
      ])
    let chain = (0..<20).map { ("a/\($0 == 0 ? "top" : "\($0)").json", "{\"extends\": \"\($0 + 1).json\"}") }
    #expect(
      errors(Dictionary(uniqueKeysWithValues: chain)) == [
        "a/15.json:1:13: extends is \"16.json\", and 16 files extend each other already; put some of them together"
      ])
  }

  @Test func commentsChangeNothingAndPlacesStayRight() throws {
    let plain = grid(["axes": #"{"optimizer.lr": [0.1, 0.2]}"#])
    let commented = "// top \u{e9}\n" + plain.replacing("[0.1, 0.2]", with: "[0.1, /* , */ 0.2,]") + " // end"
    let study = try Self.one(commented)
    #expect(try study.configurations == Self.one(plain).configurations)
    #expect(study.gridText == commented, "the text is kept as it was written")
    #expect(try Self.one(commented, ["seeds=[4]"]).seeds == [4])
    #expect(
      Self.faults("{/* \u{e9}\n */ \"name\": 5, // x\n}").contains(
        "grid.json:2:13: name is 5; expected a text of 1 to 200 characters"))
    #expect(
      errors(["a/top.json": #"{"extends": "b.json", "training": {"epochs": 1, "iterations": 2}}"#, "a/b.json": grid()])
        == [
          "a/top.json:1:46: training.epochs stands beside iterations; exactly one of them says how long"
        ])
  }

  @Test func tagsAndNotesChangeNoTrial() throws {
    let noted = grid(["tags": #"["a", "b c"]"#, "notes": #""one\ntwo""#])
    let study = try Self.one(noted)
    #expect(try study.configurations == Self.one(grid()).configurations)
    let annotations = Annotations(gridText: study.gridText)
    #expect(annotations.tags == ["a", "b c"] && annotations.notes == "one\ntwo")
    #expect(Annotations(gridText: try Self.one(noted, ["notes=three"]).gridText).notes == "three")
    #expect(Annotations(gridText: "{\"tags\": 3") == Annotations())
    #expect(
      Self.faults(grid(["tags": #"["a", "", "a", 5]"#, "notes": "[]"])) == [
        "grid.json:3:17: tags[1] is \"\"; expected a text of 1 to 60 characters",
        "grid.json:3:21: tags[2] is \"a\", which is in the list already",
        "grid.json:3:26: tags[3] is 5; expected a text of 1 to 60 characters",
        "grid.json:4:12: notes is an empty list; expected a text of 0 to 10000 characters",
      ])
    #expect(
      Self.faults(grid(["tags": "\"a\""])) == [
        "grid.json:3:11: tags is \"a\"; expected a list of 0 to 100 tags, such as [\"pooling\", \"draft\"]"
      ])
  }
}
