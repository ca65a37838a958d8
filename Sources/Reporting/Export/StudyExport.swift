import Experiments
import Presentation

/// A study's trials and curves for other programs, written piece by piece, because curves are long.
package struct StudyExport: Sendable {
  /// Raised whenever a key of the JSON changes its name or meaning; new keys do not raise it.
  package static let schemaVersion = 1

  private let curves: StudyCurves
  private var record: StudyRecord { curves.record }

  /// Creates an export.
  package init(_ curves: StudyCurves) { self.curves = curves }

  /// One row per trial, with the columns of the store's view `trials` and one for each setting that varies.
  package func writeTrialsCSV(to write: (String) throws -> Void) throws {
    try write(ReportCSV.render(RankedStudy(record, options: ReportOptions())))
  }

  /// One row per point, with the columns of the store's view `curves`.
  package func writeCurvesCSV(to write: (String) throws -> Void) throws {
    try write("study,trial,label,configuration,seed,split,metric,iteration,epoch,value,kind\r\n")
    for row in record.configurations {
      let perEpoch = row.configuration.iterationsPerEpoch.map(Double.init)
      for trial in row.trials {
        let names =
          [record.name, trial.key, row.configuration.label, row.hash].map(CSV.text)
          .joined(separator: ",") + ",\(trial.seed),"
        var text = ""
        for curve in try curves.of(trial) {
          for (iteration, value) in curve.points {
            let epoch = perEpoch.map { NumberText.exact(Double(iteration) / $0) } ?? ""
            let number = value.isFinite ? NumberText.exact(value) : ""
            text += "\(names)\(curve.split),\(curve.metric),\(iteration),\(epoch),\(number),\(kind(value))\r\n"
          }
        }
        try write(text)
      }
    }
  }

  /// All of it: the study, its configurations, and each trial with its curves as lists.
  package func writeJSON(to write: (String) throws -> Void) throws {
    var head: [(String, JSONValue)] = [
      ("schema", .string("bench.export")), ("schema_version", .integer(Self.schemaVersion)),
      ("study", .string(record.name)), ("title", .string(record.title)), ("revision", .integer(record.revision)),
    ]
    if record.annotations != Annotations() { head += record.annotations.members.map { ($0.key, $0.value) } }
    if let file = record.importedFile { head.append(("imported_from", .string(file.name))) }
    try write("{\n" + head.map { "  \(JSONValue.string($0.0).markupSafeText): \($0.1.markupSafeText),\n" }.joined())
    try write("  \"trials\": [")
    var separator = "\n"
    for configuration in record.configurations {
      for trial in configuration.trials {
        try write(separator + "    " + json(trial, of: configuration).markupSafeText)
        separator = ",\n"
      }
    }
    try write("\n  ]\n}\n")
  }

  /// The trials and their curves as NumPy arrays in one `.npz` file: one entry per trial, and one row per trial and one
  /// column per iteration of a curve, NaN where there is no value.
  package func arrays() throws -> [UInt8] {
    let trials = record.configurations.flatMap { row in row.trials.map { (row, $0) } }
    var archive = NumPyArchive()
    archive.add("trial", NumPyArray(trials.map(\.1.key)))
    archive.add("label", NumPyArray(trials.map(\.0.configuration.label)))
    archive.add("configuration", NumPyArray(trials.map(\.0.hash)))
    archive.add("seed", NumPyArray(trials.map(\.1.seed)))
    archive.add("state", NumPyArray(trials.map(\.1.state.rawValue)))
    let parameters = trials.compactMap(\.0.parameters)
    // Nobody knows those of another program's networks.
    if parameters.count == trials.count { archive.add("parameters", NumPyArray(parameters)) }
    archive.add("wall_seconds", NumPyArray(trials.map { $0.1.result?.wallSeconds ?? .nan }))
    archive.add("cpu_seconds", NumPyArray(trials.map { $0.1.result?.cpuSeconds ?? .nan }))
    archive.add("images_per_second", NumPyArray(trials.map { $0.1.result?.imagesPerSecond ?? .nan }))
    var table: [String: [[(iteration: Int, value: Double)]]] = [:]
    for (index, (_, trial)) in trials.enumerated() {
      for curve in try curves.of(trial) {
        table["\(curve.split)_\(curve.metric)", default: trials.map { _ in [] }][index] = curve.points
      }
    }
    for (name, rows) in table.sorted(by: { $0.key < $1.key }) {
      var known: Set<Int> = []
      for row in rows { for point in row { known.insert(point.iteration) } }
      let iterations = known.sorted()
      let columns = Dictionary(uniqueKeysWithValues: zip(iterations, iterations.indices))
      var values = [Double](repeating: .nan, count: rows.count * iterations.count)
      for (index, row) in rows.enumerated() {
        for point in row {
          if let column = columns[point.iteration] { values[index * iterations.count + column] = point.value }
        }
      }
      archive.add(name, NumPyArray(values, shape: [rows.count, iterations.count]))
      archive.add("\(name)_iteration", NumPyArray(iterations))
    }
    return archive.file
  }

  private func json(_ trial: TrialRecord, of row: ConfigurationRecord) throws -> JSONValue {
    let members = try curves.of(trial).map { curve in
      JSONValue.Member(
        "\(curve.split)_\(curve.metric)",
        [
          "iteration": .array(curve.points.map { .integer($0.iteration) }),
          "value": .array(curve.points.map { .double($0.value) }),
        ])
    }
    let value: JSONValue = [
      "trial": .string(trial.key), "label": .string(row.configuration.label),
      "configuration": .string(row.hash), "parameters": .optional(row.parameters),
      "settings": .object(row.configuration.settings.map { .init($0.path, .setting($0)) }),
      "seed": .number(JSONNumber(trial.seed)), "state": .string(trial.state.rawValue), "error": .optional(trial.error),
      "iterations_per_epoch": .optional(row.configuration.iterationsPerEpoch),
      "wall_seconds": .optional(trial.result?.wallSeconds.ifMeasured),
      "cpu_seconds": .optional(trial.result?.cpuSeconds.ifMeasured),
      "images_per_second": .optional(trial.result?.imagesPerSecond.ifMeasured),
      "trace_digest": .optional(trial.result?.traceDigest), "curves": .object(members),
    ]
    guard let own = record.annotatedTrials[trial.key], case .object(let all) = value else { return value }
    return .object(all + own.members)
  }

  private func kind(_ value: Double) -> String {
    value.isNaN ? "nan" : value.isFinite ? "finite" : value > 0 ? "inf" : "-inf"
  }
}
