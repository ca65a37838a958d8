import Foundation
import Presentation
import TestSupport
import Testing

@testable import Experiments

/// Mutated grids: always a message or a plan, never a crash or a hang.
@Suite struct GridFuzzTests {
  static let rounds = fuzzRounds(everyDay: 3_000)

  @Test func mutatedGridsGetAMessageOrAPlan() throws {
    let sources = try Self.sources()
    var (plans, refusals) = (0, 0)
    var slowest = (round: 0, seconds: 0.0)
    for round in 0..<Self.rounds {
      var random = SeededGenerator(seed: UInt64(round))
      let bytes = GridMutator(sources: sources).mutated(&random)
      let start = ThreadTime.seconds
      do throws(GridErrors) {
        let study = try Grid.read(bytes: bytes, file: "fuzz.json").study(describe: describe)
        plans += 1
        check(study, round)
      } catch {
        refusals += 1
        #expect(!error.errors.isEmpty && error.errors.allSatisfy { !$0.message.isEmpty }, "round \(round)")
        #expect(error.description.utf8.count < 200_000, "round \(round)")
      }
      let seconds = ThreadTime.seconds - start
      if seconds > slowest.seconds { slowest = (round, seconds) }
    }
    print("\(Self.rounds) mutated grids: \(plans) plans, \(refusals) refusals; slowest: \(slowest)")
    #expect(slowest.seconds < 20, "round \(slowest.round)")
    #expect(plans > Self.rounds / 20 && refusals > Self.rounds / 20, "the mutations are too weak or too strong")
  }

  private func check(_ study: Study, _ round: Int) {
    #expect(!study.configurations.isEmpty && !study.seeds.isEmpty, "round \(round)")
    let plan = StudyPlan(study)
    #expect(plan.trials == study.configurations.count * study.seeds.count, "round \(round)")
    #expect(!plan.text(configurations: 10).isEmpty, "round \(round)")
    for configuration in study.configurations.prefix(3) {
      #expect((try? StudyConfiguration(storedJSON: configuration.storedJSON)) == configuration, "round \(round)")
    }
  }

  private static func sources() throws -> [[UInt8]] {
    let folder = ExperimentFilesTests.folder
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
      .sorted()
    let files = try names.map { Array(try Data(contentsOf: folder.appendingPathComponent($0))) }
    return files + [Array(everything.utf8)]
  }

  /// A grid with every part of the language.
  static let everything = grid([
    "variants": #"{"A": {"model.padding": "same"}, "M": {"model.family": "mlp", "model.hidden": [10]}}"#,
    "axes": #"{"optimizer.lr": [0.1, 0.01], "training.batch_size": [10, 20]}"#,
    "zip": #"[{"optimizer.momentum": [0, 0.9], "optimizer.nesterov": [false, true]}]"#,
    "when": #"[{"if": {"model.family": "cnn"}, "axes": {"model.kernel_size": [3, [3, 5]]}}]"#,
    "exclude": #"[{"variant": "M", "optimizer.lr": 0.1}]"#,
    "include":
      #"[{"label": "x", "model.layers": [{"type": "flatten"}, {"type": "linear", "out_features": 10, "lr": 1, "init": {"bias": "ones"}}]}]"#,
    "set": #"{"training.evaluate_every": 100}"#, "seeds": #"{"range": [0, 2, 1]}"#,
    "sample": #"{"count": 2, "axes": {"training.clip_grad_norm": {"log_uniform": [0.1, 10]}}}"#,
    "metrics": #"["top_5_accuracy", "f1_macro", "balanced_accuracy", "expected_calibration_error"]"#,
    "initial_weights": #"{"file": "w/{seed}.safetensors", "strict": false}"#,
    "tags": #"["everything"]"#, "notes": "\"every part of the language\"",
    "loss": #"{"name": "nll", "weight": [1, 2, 3, 4, 5, 6, 7, 8, 9, 0.5]}"#,
    "model":
      #"{"family": "cnn", "channels": [16, 32], "init": {"weight": {"name": "kaiming_normal", "mode": "fan_out"}}}"#,
    "dataset": #"{"name": "mnist", "validation": 10, "normalize": {"mean": [0.5], "std": [0.5]}}"#,
  ])
}

/// Changes grids as careless and as malicious people do.
struct GridMutator {
  let sources: [[UInt8]]

  func mutated(_ random: inout SeededGenerator) -> [UInt8] {
    var bytes = sources.randomElement(using: &random) ?? []
    guard Int.random(in: 0..<10, using: &random) > 2 else {
      for _ in 0...Int.random(in: 0..<4, using: &random) { changeBytes(&bytes, &random) }
      return bytes
    }
    var reader = JSONReader(bytes)
    guard var value = (try? reader.read())?.value else { return bytes }
    for _ in 0..<([1, 1, 1, 2, 4].randomElement(using: &random) ?? 1) { value = changed(value, &random, depth: 0) }
    return Array(value.compactText.utf8)
  }

  private func changeBytes(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    let place = Int.random(in: bytes.indices, using: &random)
    switch Int.random(in: 0..<9, using: &random) {
    case 0: bytes[place] = .random(in: 0...255, using: &random)
    case 1: bytes.remove(at: place)
    case 2: bytes.insert(.random(in: 0...255, using: &random), at: place)
    case 3: bytes.removeSubrange(place...)
    case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
    case 5: bytes.insert(contentsOf: Array(repeating: UInt8(ascii: "["), count: 100_000), at: place)
    case 6: bytes = [0xEF, 0xBB, 0xBF] + bytes
    case 7: bytes = bytes.flatMap { [$0, 0] }
    default: bytes.insert(contentsOf: Array("\\ud800 1e9999 \u{202E}".utf8), at: place)
    }
  }

  private func changed(_ value: JSONValue, _ random: inout SeededGenerator, depth: Int) -> JSONValue {
    let goesDeeper = depth < 6 && Int.random(in: 0..<20, using: &random) > depth
    switch value {
    case .array(var elements) where goesDeeper && !elements.isEmpty:
      let place = Int.random(in: elements.indices, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: elements.remove(at: place)
      case 1: elements.insert(elements[place], at: place)
      case 2: elements += Array(repeating: elements[place], count: .random(in: 1...60, using: &random))
      default: elements[place] = changed(elements[place], &random, depth: depth + 1)
      }
      return .array(elements)
    case .object(var members) where goesDeeper && !members.isEmpty:
      let place = Int.random(in: members.indices, using: &random)
      switch Int.random(in: 0..<12, using: &random) {
      case 0: members.remove(at: place)
      case 4: members.shuffle(using: &random)
      case 1: members[place].key = key(&random)
      case 2: members.append(.init(key(&random), leaf(&random)))
      case 3: members.append(members[place])
      default: members[place].value = changed(members[place].value, &random, depth: depth + 1)
      }
      return .object(members)
    case .number where Int.random(in: 0..<4, using: &random) > 0:
      return .integer([1, 2, 3, 5, 10, 28, 100].randomElement(using: &random) ?? 1)
    case .string where Int.random(in: 0..<4, using: &random) > 0: return .string(word(&random))
    default: return leaf(&random)
    }
  }

  private func word(_ random: inout SeededGenerator) -> String {
    let words = [
      "cnn", "mlp", "conv1d", "model-a", "same", "full", "max", "average", "none", "sgd", "adamw", "mse", "cifar10",
      "npy", "relu", "tanh", "\u{0}", "",
    ]
    return words.randomElement(using: &random) ?? ""
  }

  private func key(_ random: inout SeededGenerator) -> String {
    let keys =
      GridOutline.keys + [
        "family", "preset", "layers", "type", "model.family", "model.layers[3].kernel_size", "model.layers[0]",
        "optimizer.lr", "optimizer", "model", "dataset.normalize.mean[0]", "training.epochs", "variant", "label", "if",
        "", ".", "a[", "model.layers[999999999999]", "\u{0}", "é", String(repeating: "k", count: 10_000),
      ]
    return keys.randomElement(using: &random) ?? ""
  }

  private func leaf(_ random: inout SeededGenerator) -> JSONValue {
    let number = [
      "1e999", "-1", "0", "1", "2", "3", "1000000", "9223372036854775807", "18446744073709551616", "0.5", "1e-400",
    ]
    switch Int.random(in: 0..<9, using: &random) {
    case 0: return .null
    case 1: return .bool(.random(using: &random))
    case 2, 3: return .number(JSONNumber(checked: number.randomElement(using: &random) ?? "0"))
    case 4: return .string(word(&random))
    case 5: return .array([])
    case 6: return .array((0..<Int.random(in: 1...40, using: &random)).map { .integer($0 + 1) })
    case 7: return .object([])
    default:
      let depth = Int.random(in: 1...70, using: &random)
      return (0..<depth).reduce(.integer(1)) { value, _ in .array([value]) }
    }
  }
}
