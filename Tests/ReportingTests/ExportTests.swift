import Experiments
import Foundation
import Presentation
import Testing

@testable import Reporting

@Suite struct ExportTests {
  private func text(_ body: ((String) throws -> Void) throws -> Void) rethrows -> String {
    var text = ""
    try body { text += $0 }
    return text
  }

  private func export(_ record: StudyRecord) -> StudyExport {
    let curves = Dictionary(
      uniqueKeysWithValues: record.configurations.flatMap(\.trials).map { ($0.key, $0.lossCurve) })
    return StudyExport(StudyCurves(of: record) { curves[$0] ?? [] })
  }

  @Test func curvesHaveARowAPoint() throws {
    let record = Samples.troubled()
    let csv = try text(export(record).writeCurvesCSV)
    let trials = record.configurations.flatMap(\.trials)
    let points = trials.reduce(0) { $0 + $1.lossCurve.count + 2 * $1.evaluations.count }
    let lines = csv.split(separator: "\r\n")
    #expect(lines.count == 1 + points)
    #expect(lines[0] == "study,trial,label,configuration,seed,split,metric,iteration,epoch,value,kind")
    #expect(lines.contains { $0.hasSuffix(",,nan") })
  }

  @Test func trialsAreThoseOfTheReport() throws {
    let record = Samples.modelABC(seeds: 2)
    #expect(try text(export(record).writeTrialsCSV) == Report(record).text(.csv))
  }

  @Test(arguments: [Sample.hostile, .troubled, .reconstruction])
  func jsonHoldsEveryTrialAndPoint(sample: Sample) throws {
    let record = sample.record
    let json = try text(export(record).writeJSON)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let trials = try #require(object["trials"] as? [[String: Any]])
    #expect(object["schema_version"] as? Int == 1 && object["study"] as? String == record.name)
    let originals = record.configurations.flatMap { row in row.trials.map { (row, $0) } }
    #expect(trials.count == originals.count)
    for (trial, (row, original)) in zip(trials, originals) {
      #expect(trial["label"] as? String == row.configuration.label)
      let curves = try #require(trial["curves"] as? [String: [String: [Any]]])
      #expect((curves["train_loss"]?["value"]?.count ?? 0) == original.lossCurve.count)
      #expect((curves["test_loss"]?["iteration"]?.count ?? 0) == original.evaluations.count)
    }
  }

  @Test func anErrorOfTheWriterEndsIt() {
    struct Full: Error {}
    #expect(throws: Full.self) { try export(Samples.modelABC(seeds: 1)).writeJSON { _ in throw Full() } }
  }
}

@Suite struct ReportSchemaTests {
  @Test(arguments: Sample.allCases)
  func describesEveryReport(sample: Sample) throws {
    var reader = JSONReader(Array(Report(sample.record, options: ReportOptions(target: 0.9)).text(.json).utf8))
    let errors = errors(try reader.read().value, ReportSchema.json, at: "$")
    #expect(errors.isEmpty, "\(errors.prefix(5))")
  }

  @Test func findsWhatIsWrong() throws {
    let text = Report(Samples.modelABC(seeds: 2)).text(.json)
    for (from, to) in [
      ("\"schema_version\": 2", "\"schema_version\": 3"), ("\"parameters\": 28938", "\"parameters\": \"many\""),
      ("\"state\": \"done\"", "\"state\": \"fine\""), ("\"median\"", "\"middle\""),
    ] {
      var reader = JSONReader(Array(text.replacing(from, with: to).utf8))
      #expect(!errors(try reader.read().value, ReportSchema.json, at: "$").isEmpty, "\(to)")
    }
  }

  /// Holds a value against the parts of JSON Schema that the schema uses.
  private func errors(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
    var errors: [String] = []
    if let choices = schema["anyOf"]?.array, !choices.contains(where: { self.errors(value, $0, at: place).isEmpty }) {
      errors.append("\(place): \(value.compactText.prefix(60)) fits none of \(choices.count)")
    }
    if let constant = schema["const"], constant != value { errors.append("\(place): is not \(constant.compactText)") }
    if let known = schema["enum"]?.array, !known.contains(value) { errors.append("\(place): unknown value") }
    if let type = schema["type"]?.string, !isOf(type, value) { errors.append("\(place): is not \(type)") }
    if let least = schema["minimum"]?.double, let number = value.double, number < least {
      errors.append("\(place): low")
    }
    for key in schema["required"]?.array ?? [] where value[key.string ?? ""] == nil {
      errors.append("\(place): lacks \(key.compactText)")
    }
    if case .object(let members) = value {
      for member in members {
        let inner = schema["properties"]?[member.key] ?? schema["additionalProperties"]
        if let inner { errors += self.errors(member.value, inner, at: "\(place).\(member.key)") }
      }
    }
    if let items = schema["items"], let elements = value.array {
      for (index, element) in elements.enumerated() { errors += self.errors(element, items, at: "\(place)[\(index)]") }
    }
    return errors
  }

  private func isOf(_ type: String, _ value: JSONValue) -> Bool {
    switch (type, value) {
    case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("null", .null),
      ("number", .number):
      true
    case ("integer", .number(let number)): number.int != nil || number.uint64 != nil
    default: false
    }
  }
}
