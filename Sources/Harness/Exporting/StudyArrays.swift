import Datasets
import Experiments
import Reporting

/// A study's trials and curves as NumPy arrays.
package struct StudyArrays {
  /// The `.npz` file: entries and rows per trial, one column per iteration, NaN where there is no value.
  package let file: [UInt8]

  /// Gathers the arrays.
  ///
  /// - Throws: an error of reading the curves from the store.
  package init(_ record: StudyRecord, _ export: StudyExport) throws {
    let trials = record.configurations.flatMap { row in row.trials.map { (row, $0) } }
    var archive = NumPyArchive()
    archive.add("trial", NumPyArray(trials.map(\.1.key)))
    archive.add("label", NumPyArray(trials.map(\.0.configuration.label)))
    archive.add("configuration", NumPyArray(trials.map(\.0.hash)))
    archive.add("seed", NumPyArray(trials.map(\.1.seed)))
    archive.add("state", NumPyArray(trials.map(\.1.state.rawValue)))
    archive.add("parameters", NumPyArray(trials.map(\.0.parameters)))
    archive.add("wall_seconds", NumPyArray(trials.map { $0.1.result?.wallSeconds ?? .nan }))
    archive.add("cpu_seconds", NumPyArray(trials.map { $0.1.result?.cpuSeconds ?? .nan }))
    archive.add("images_per_second", NumPyArray(trials.map { $0.1.result?.imagesPerSecond ?? .nan }))
    var curves: [String: [[(iteration: Int, value: Double)]]] = [:]
    for (index, (_, trial)) in trials.enumerated() {
      for curve in try export.curves(of: trial) {
        curves["\(curve.split)_\(curve.metric)", default: trials.map { _ in [] }][index] = curve.points
      }
    }
    for (name, rows) in curves.sorted(by: { $0.key < $1.key }) {
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
    file = archive.file
  }
}
