import Experiments
import Presentation

/// A baseline file: small, sorted as the study is, one line per trial, so that git shows what changed.
extension StudyResults {
  /// Raised whenever a key changes its name or meaning; new keys do not raise it.
  package static let schemaVersion = 1
  /// The schema name by which a file is recognised as a baseline.
  package static let schemaName = "bench.baseline"

  /// The results as a baseline file; ``init(json:)`` reads it back.
  package var json: String {
    var machines: [MachineWithLibrary] = []
    let rows = configurations.map { configuration in
      let imported: [JSONValue.Member] = configuration.isImported ? [.init("imported", true)] : []
      return JSONValue.object(
        [
          .init("label", .string(configuration.label)), .init("configuration", .string(configuration.hash)),
          .init("data", .string(configuration.dataDigest)),
          .init("test_examples", .optional(configuration.testExamples)),
        ] + imported + [
          .init(
            "trials",
            .array(
              configuration.trials.map { trial in
                let index = trial.machine.map { machine in
                  let machine = MachineWithLibrary(machine: machine, blas: trial.blas)
                  if let index = machines.firstIndex(of: machine) { return index }
                  machines.append(machine)
                  return machines.count - 1
                }
                return Self.json(trial, machine: index)
              }))
        ])
    }
    return
      ([
        "schema": .string(Self.schemaName), "schema_version": .integer(Self.schemaVersion),
        "study": .string(study), "revision": .integer(revision), "commit": .optional(commit),
        "machines": .array(
          machines.map(\.json)),
        "configurations": .array(rows),
      ] as JSONValue).documentText
  }

  private static func json(_ trial: Trial, machine: Int?) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("seed", .number(JSONNumber(trial.seed))), .init("state", .string(trial.state.rawValue)),
    ]
    if let key = trial.key { members.append(.init("trial", .string(key))) }
    if let error = trial.error { members.append(.init("error", .string(error))) }
    if let digest = trial.traceDigest { members.append(.init("trace", .string(digest))) }
    if let machine { members.append(.init("machine", .integer(machine))) }
    for metric in ComparedMetric.ordered(trial.values.keys) {
      if let value = trial.values[metric] { members.append(.init(metric.rawValue, .double(value))) }
    }
    return .object(members)
  }

  /// Reads a baseline file, its anchor aside.
  ///
  /// - Throws: ``BaselineError`` with the place where it is something else.
  package init(json text: String) throws(BaselineError) {
    try self.init(Self.document(text))
  }

  /// The first baseline of its name, which a file carries where it was renewed since; `nil` where it carries none.
  ///
  /// - Throws: ``BaselineError``.
  package static func anchor(json text: String) throws(BaselineError) -> StudyResults? {
    guard let anchor = try document(text)[BaselineDocument.anchorKey] else { return nil }
    return try StudyResults(anchor)
  }

  private static func document(_ text: String) throws(BaselineError) -> JSONValue {
    var reader = JSONReader(Array(text.utf8))
    let root: JSONValue
    do {
      root = try reader.read().value
    } catch {
      throw BaselineError("line \(error.position.line), column \(error.position.column): \(error.message)")
    }
    if let stored = root[BaselineDocument.digestKey] {
      let found = BaselineDocument.digest(of: root)
      guard stored.string == found else {
        throw BaselineError(
          "it was changed or is damaged: its \"digest\" is \(stored.string?.prefix(12) ?? "no text"), its contents have "
            + "\(found.prefix(12))")
      }
    }
    return root
  }

  private init(_ root: JSONValue) throws(BaselineError) {
    guard root["schema"]?.string == Self.schemaName else {
      throw BaselineError("this is not a baseline: \"schema\" is not \"\(Self.schemaName)\"")
    }
    guard let version = root["schema_version"]?.int, version <= Self.schemaVersion else {
      throw BaselineError("a newer program wrote this baseline: \"schema_version\" is above \(Self.schemaVersion)")
    }
    guard let study = root["study"]?.string, let revision = root["revision"]?.int,
      let configurations = root["configurations"]?.array
    else { throw BaselineError("study, revision or configurations is missing") }
    let machines = try (root["machines"]?.array ?? []).enumerated().map { (index, value) throws(BaselineError) in
      guard let host = value["host"]?.string, let cpu = value["cpu"]?.string, let cores = value["cores"]?.int,
        let workers = value["workers"]?.int, let program = value["program"]?.string
      else { throw BaselineError("machines[\(index)] is not whole") }
      return MachineWithLibrary(
        machine: Machine(host: host, cpu: cpu, cores: cores, workers: workers, program: program),
        blas: value["blas"]?.string)
    }
    self.init(
      study: study, revision: revision, commit: root["commit"]?.string,
      configurations: try configurations.enumerated().map { (index, value) throws(BaselineError) in
        let place = "configurations[\(index)]"
        guard let label = value["label"]?.string, let hash = value["configuration"]?.string,
          let trials = value["trials"]?.array
        else { throw BaselineError("\(place): label, configuration or trials is missing") }
        var configuration = Configuration(
          label: label, hash: hash, dataDigest: value["data"]?.string ?? "", testExamples: value["test_examples"]?.int,
          trials: try trials.enumerated().map { (index, value) throws(BaselineError) in
            try Self.trial(value, machines: machines, place: "\(place).trials[\(index)]")
          })
        configuration.isImported = value["imported"] == true
        return configuration
      })
  }

  private static func trial(
    _ value: JSONValue, machines: [MachineWithLibrary], place: String
  ) throws(BaselineError) -> Trial {
    guard case .number(let number)? = value["seed"], let seed = number.uint64,
      let state = value["state"]?.string.flatMap(TrialState.init)
    else { throw BaselineError("\(place): seed or state is missing or unknown") }
    var machine: MachineWithLibrary?
    if let index = value["machine"]?.int {
      guard machines.indices.contains(index) else { throw BaselineError("\(place): there is no machine \(index)") }
      machine = machines[index]
    }
    var values: [ComparedMetric: Double] = [:]
    let names = if case .object(let members) = value { members.map(\.key) } else { [String]() }
    for metric in ComparedMetric.ordered(names.compactMap(ComparedMetric.init(rawValue:))) {
      guard let value = value[metric.rawValue] else { continue }
      guard let number = value.double, number.isFinite else {
        throw BaselineError("\(place).\(metric.rawValue) is not a finite number")
      }
      values[metric] = number
    }
    return Trial(
      seed: seed, key: value["trial"]?.string, state: state, error: value["error"]?.string,
      traceDigest: value["trace"]?.string, machine: machine?.machine,
      blas: machine?.blas, values: values)
  }
}

/// An entry of a file's list of machines.
private struct MachineWithLibrary: Hashable {
  let machine: Machine
  /// `nil` in the files of older programs.
  let blas: String?

  var json: JSONValue {
    let members: [JSONValue.Member] = [
      .init("host", .string(machine.host)), .init("cpu", .string(machine.cpu)), .init("cores", .integer(machine.cores)),
      .init("workers", .integer(machine.workers)), .init("program", .string(machine.program)),
    ]
    return .object(members + (blas.map { [.init("blas", .string($0))] } ?? []))
  }
}

/// Why a text is not a baseline.
package struct BaselineError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The finding, and the expectation.
  package let description: String

  init(_ description: String) { self.description = description }
}
