import Architectures
import Foundation
import Presentation
import Testing

@testable import Experiments

@Suite struct GridSchemaTests {
  @Test func namesEveryKeyOfTheLanguage() throws {
    let keys = try #require(GridSchema.json["properties"])
    guard case .object(let members) = keys else { return }
    #expect(Set(members.map(\.key)) == Set(GridOutline.keys))
  }

  @Test func everyReferenceLeadsSomewhere() {
    let schema = GridSchema.json
    var references: Set<String> = []
    func walk(_ value: JSONValue) {
      if let reference = value["$ref"]?.string { references.insert(reference) }
      value.array?.forEach(walk)
      if case .object(let members) = value { members.forEach { walk($0.value) } }
    }
    walk(schema)
    #expect(references.count == 6)
    for reference in references {
      #expect(schema["$defs"]?[String(reference.dropFirst("#/$defs/".count))] != nil, "\(reference)")
    }
  }

  /// The schema and the reader agree: on all grids of `experiments/`, on grids with every part of the language, and on
  /// grids with mistakes that a schema can see. Python's `jsonschema` is the judge; without it, this is skipped.
  @Test(.enabled(if: Python.hasSchemas, "python3 has no jsonschema"))
  func pythonAcceptsTheGridsAndRefusesTheMistakes() throws {
    let folder = ExperimentFilesTests.folder
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
    let good = try names.sorted().map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }
    let bad = Self.mistakes.map { grid($0) }
    for text in bad { #expect(!errors(text).isEmpty, "\(text)") }
    let verdicts = try Python.validate(good + [GridFuzzTests.everything] + bad)
    #expect(verdicts == Array(repeating: true, count: good.count + 1) + Array(repeating: false, count: bad.count))
  }

  private static let mistakes: [[String: String]] = [
    ["optimiser": "{}"], ["name": "\"\""], ["seeds": "[-1]"], ["seeds": "[]"], ["loss": "\"mes\""],
    ["model": #"{"family": "cnn", "channels": [16], "kernel_sise": 5}"#],
    ["model": #"{"family": "mlp", "channels": [16]}"#], ["model": #"{"preset": "model-d"}"#],
    ["model": #"{"layers": [{"type": "conv3d"}]}"#], ["model": #"{"layers": [{"type": "relu", "inplace": true}]}"#],
    ["model": #"{"layers": [{"type": "linear"}]}"#], ["model": #"{"layers": []}"#],
    ["optimizer": #"{"name": "sgd", "betas": [0.9, 0.9]}"#], ["optimizer": #"{"name": "adam", "betas": [0.9]}"#],
    ["dataset": #"{"name": "mnist", "train_images": "x"}"#],
    ["dataset": #"{"name": "mnist", "normalize": {"mean": [1]}}"#],
    ["training": #"{"batch_size": 0, "iterations": 1}"#], ["axes": #"{"optimizer.lr": []}"#],
    ["axes": #"{"optimizer.lr": [-1]}"#], ["axes": #"{"optimizer.lrr": [1]}"#], ["axes": #"{"seed": [1]}"#],
    ["variants": #"{"A": {"model.pooling": "mx"}}"#], ["variants": #"{"A": {"modl.pooling": "max"}}"#],
    ["loss": #"{"name": "mse", "label_smoothing": 0.1}"#],
    ["loss": #"{"name": "cross_entropy", "label_smoothing": 2}"#],
    ["model": #"{"family": "mlp", "init": {"weight": "xavier"}}"#], ["model": #"{"family": "mlp", "init": "zeros"}"#],
    ["model": #"{"layers": [{"type": "linear", "out_features": 10, "init": {"bias": "orthogonal"}}]}"#],
    ["model": #"{"layers": [{"type": "relu", "lr": 1}]}"#], ["optimizer": #"{"name": "rprop", "weight_decay": 0.1}"#],
    ["axes": #"{"optimizer.lr": {"linspace": [0, 1]}}"#], ["axes": #"{"optimizer.lr": {"logspce": [1, 2, 3]}}"#],
    ["seeds": #"{"range": [0, 1]}"#], ["tags": "[1]"], ["metrics": #"["f1"]"#], ["metrics": "\"f1_macro\""],
    ["notes": "[]"], ["extends": "[]"],
    ["sample": #"{"axes": {"optimizer.lr": {"uniform": [0, 1]}}}"#],
    ["sample": #"{"count": 1, "axes": {"optimizer.lr": {"normal": [0, 1]}}}"#],
    ["include": #"[{"optimizer.lr": 1}]"#], ["when": #"[{"if": {"loss": "mse"}}]"#], ["exclude": #"[{"lr": 1}]"#],
  ]
}

/// The machine's Python, where it can judge a schema.
private enum Python {
  static let hasSchemas = (try? run(["-c", "import jsonschema"], input: "").status) == 0

  /// Whether each grid is valid.
  static func validate(_ grids: [String]) throws -> [Bool] {
    let script = """
      import json, sys
      from jsonschema import Draft202012Validator as V
      job = json.load(sys.stdin)
      V.check_schema(job["schema"])
      print(json.dumps([V(job["schema"]).is_valid(json.loads(grid)) for grid in job["grids"]]))
      """
    let job: JSONValue = ["schema": GridSchema.json, "grids": .array(grids.map { .string($0) })]
    let result = try run(["-c", script], input: job.compactText)
    #expect(result.status == 0)
    var reader = JSONReader(Array(result.output.utf8))
    return try reader.read().value.array?.compactMap { if case .bool(let value) = $0 { value } else { nil } } ?? []
  }

  private static func run(_ arguments: [String], input: String) throws -> (status: Int32, output: String) {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("grid-schema-\(UUID().uuidString).json")
    try Data(input.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardInput = try FileHandle(forReadingFrom: file)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}

@Suite struct GridManualTests {
  @Test(arguments: zip(["product", "labels", "together", "conditions", "rules", "search"], [6, 2, 2, 5, 4, 20]))
  func itsExamplesHaveAsManyPointsAsItSays(_ name: String, _ points: Int) throws {
    let examples = GridManual.markdown.components(separatedBy: "```json\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
    let example = try #require(examples.first { $0.contains("\"name\": \"\(name)\"") })
    #expect(try study(example).configurations.count == points)
  }

  @Test func documentsEveryOption() {
    let manual = GridManual.markdown
    let tables =
      DatasetSelection.tables + ModelFamily.all.map(\.table) + LayerRegistry.types.map(\.table) + Optimizer.tables
      + [TrainingSettings.table]
    for table in tables {
      #expect(manual.contains("### `\(table.name)`"))
      for option in table.options {
        let isThere = manual.contains("| \(option.name) | ")
        #expect(isThere, "\(option.name)")
      }
    }
    #expect(manual.contains("| lr | a number from 0 to 1000000 | 0.001 | The learning rate. |"))
  }
}
