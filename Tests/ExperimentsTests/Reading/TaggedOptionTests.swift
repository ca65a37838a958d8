import Architectures
import Presentation
import Testing

@testable import Experiments

/// An option whose value is an object with a `name`, as a scheduler is one of an optimizer.
@Suite struct TaggedOptionTests {
  private static let step = OptionTable(
    "step_lr", "By steps.",
    [
      .option("step_size", .integer(1...9), "Steps."),
      .option("gamma", .number(NumberRange(0...1)), default: .number(0.1), "Factor."),
    ])
  private static let constant = OptionTable("constant_lr", "Not at all.", [])
  private static let kind = OptionKind.either([.tagged([step, constant]), .null])
  private static let table = OptionTable("sgd", "Made up.", [.optional("scheduler", kind, "How the rate changes.")])

  private func read(_ text: String) throws -> (values: [String: OptionValue]?, errors: [String]) {
    var reader = JSONReader(Array(text.utf8))
    let root = try reader.read()
    let log = ErrorLog(file: "grid.json", root: root)
    let values = OptionReader(log: log).read(root, Self.table)
    do { try log.check() } catch { return (values, error.errors.map(\.message)) }
    return (values, [])
  }

  @Test func readsTheNameAndFillsItsDefaults() throws {
    let (values, errors) = try read(#"{"scheduler": {"name": "step_lr", "step_size": 3}}"#)
    #expect(errors.isEmpty)
    let object = Options(["name": .text("step_lr"), "step_size": .integer(3), "gamma": .number(0.1)])
    #expect(values == ["scheduler": .object(object)])
    #expect(JSONValue(.object(object)).compactText == #"{"gamma":0.1,"name":"step_lr","step_size":3}"#)
    #expect(OptionValue.object(object).text == "step_lr (gamma 0.1, step_size 3)")
    #expect(try read(#"{"scheduler": {"name": "constant_lr"}}"#).errors == [])
    #expect(try read(#"{"scheduler": null}"#).values == ["scheduler": .null])
    #expect(try read("{}").values == [:])
  }

  @Test(arguments: [
    (#"{}"#, "scheduler.name is missing; expected one of step_lr, constant_lr"),
    (
      #"{"name": "step", "step_size": 1}"#,
      "scheduler.name is \"step\"; expected one of step_lr, constant_lr. Did you mean \"step_lr\"?"
    ),
    (#"{"name": "step_lr"}"#, "scheduler.step_size is missing; step_lr needs it: a whole number from 1 to 9"),
    (#"{"name": "step_lr", "step_size": 10}"#, "scheduler.step_size is 10; expected a whole number from 1 to 9"),
    (#"{"name": "constant_lr", "gamma": 1}"#, "scheduler.gamma is not a known key; constant_lr has name"),
    (
      #""step_lr""#,
      "scheduler is \"step_lr\"; expected an object whose name is one of step_lr, constant_lr, or null. Write "
        + "{\"name\": \"step_lr\", …}"
    ),
    (
      #""constant_lr""#,
      "scheduler is \"constant_lr\"; expected an object whose name is one of step_lr, constant_lr, or null. Write "
        + "{\"name\": \"constant_lr\"}"
    ),
    (
      #""stepp_lr""#,
      "scheduler is \"stepp_lr\"; expected an object whose name is one of step_lr, constant_lr, or null. Did you mean "
        + "\"step_lr\"?"
    ),
    (#"3"#, "scheduler is 3; expected an object whose name is one of step_lr, constant_lr, or null"),
  ])
  func saysWhatDoesNotFit(_ scheduler: String, _ message: String) throws {
    let (values, errors) = try read("{\"scheduler\": \(scheduler)}")
    #expect(values == nil)
    #expect(errors == [message])
  }

  @Test func theSchemaHasEachTable() throws {
    let text = GridSchema.schema(of: Self.kind).compactText
    #expect(text.contains(#""const":"step_lr""#) && text.contains(#""required":["name"]"#))
  }
}
