import Experiments
import Files
import Foundation
import Statistics

/// A study's curves as event files for TensorBoard: one run per trial, and of each configuration with two seeds or more
/// the mean over seeds and one standard deviation around it.
package struct TensorBoardExport: Sendable {
  private let curves: StudyCurves
  private let study: TensorBoardStudy
  private var record: StudyRecord { curves.record }

  /// Creates an export.
  package init(_ curves: StudyCurves) {
    (self.curves, study) = (curves, TensorBoardStudy(curves.record))
  }

  /// Writes all of it beside its place, then puts it there; what an earlier export of the study wrote goes.
  ///
  /// - Throws: ``TensorBoardError`` where the folder holds anything else, `FileError`, and what the store throws.
  package func write(to folder: URL) throws {
    let place = TensorBoardFolder(folder, of: record.name)
    try place.check()
    try WholeFile.makeFolder(place.url.deletingLastPathComponent())
    let draft = FolderDraft(for: place.url)
    do {
      try writeRuns(TensorBoardFolder(draft.folder, of: record.name))
      // Once more, for it may have taken long.
      try place.check()
      try draft.takePlace()
    } catch {
      draft.remove()
      throw error
    }
  }

  private func writeRuns(_ folder: TensorBoardFolder) throws {
    func put(_ records: EventRecords, in run: String, number: Int) throws {
      let place = folder.folder(of: run)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try Data(records.bytes).write(to: place.appending(path: TensorBoardFolder.eventFile(number)))
    }
    do {
      try put(study.rootRecords, in: ".", number: record.revision)
      var runs: [String: TensorBoardFolder.Run] = [:]
      for index in record.configurations.indices {
        var bands = SeedBands()
        for trial in record.configurations[index].trials {
          guard let file = try file(of: trial, configuration: index, into: &bands) else { continue }
          let run = study.run(configuration: index, seed: trial.seed)
          try put(file.records, in: run, number: file.number)
          runs[run] = file.shown
        }
        for (name, records) in bands.runs {
          try put(records, in: "\(study.folders[index])/\(name)", number: bands.count)
        }
      }
      try Data(folder.markerText(runs).utf8).write(to: folder.url.appending(path: TensorBoardFolder.marker))
    } catch let error where error is CocoaError || error is POSIXError {
      throw FileError(path: folder.url.relativePath, error)
    }
  }

  /// Brings a folder that runs are appended to up to what the store has: trials that nobody appended, or of which the folder
  /// has another execution, those whose process was killed between their end and their file's, and the means.
  ///
  /// - Parameter appended: the keys of the trials that were just appended to their end.
  /// - Throws: `FileError`, and what the store throws.
  package func complete(_ folder: TensorBoardFolder, appended: Set<String>) throws {
    let known = folder.runs
    var runs = study.trials.mapValues { TensorBoardFolder.Run(trial: $0) }
    for (index, configuration) in record.configurations.enumerated() {
      var bands = SeedBands()
      for trial in configuration.trials {
        let run = study.run(configuration: index, seed: trial.seed)
        guard let file = try file(of: trial, configuration: index, into: &bands) else {
          try folder.remove(run)
          continue
        }
        let numbers = folder.eventNumbers(of: run)
        // Another process may be appending to it.
        if trial.state == .running, !numbers.isEmpty { continue }
        let isWhole = numbers == [file.number] && (!trial.hasEnded || folder.hasEnd(run))
        let isKnown = appended.contains(trial.key) || known[run] == file.shown
        if !isWhole || !isKnown { try folder.replace(in: run, number: file.number, file.records) }
        if trial.state != .running { runs[run] = file.shown }
      }
      let means = bands.runs
      for name in TensorBoardFolder.means {
        let run = "\(study.folders[index])/\(name)"
        if let records = means.first(where: { $0.name == name })?.records {
          try folder.replace(in: run, number: bands.count, records)
        } else {
          try folder.remove(run)
        }
      }
    }
    try folder.mark(runs)
  }

  /// A trial's event file, which has the number of its last execution; `nil` for a trial that was never begun.
  private func file(
    of trial: TrialRecord, configuration: Int, into bands: inout SeedBands
  ) throws -> (records: EventRecords, number: Int, shown: TensorBoardFolder.Run)? {
    let spans = try curves.spans(of: trial)
    guard let first = spans.first, let last = spans.last else { return nil }
    var records = study.startRecords(configuration: configuration, at: first.begin)
    let all = try curves.of(trial)
    for curve in all {
      let tag = TensorBoardStudy.tag(curve)
      for point in curve.points {
        records.scalar(tag, point.value, step: point.iteration, at: spans.time(of: point.iteration))
      }
    }
    if trial.hasEnded { records.hparams(.end(isSuccess: trial.state == .done, at: last.end), at: last.end) }
    if trial.state == .done { bands.add(all, spans) }
    return (records, spans.count, .init(trial: trial.key, attempt: spans.count, begin: last.begin))
  }
}

extension TrialRecord {
  /// Whether the trial ended by itself.
  fileprivate var hasEnded: Bool { [.done, .diverged, .failed].contains(state) }
}

/// Mean and standard deviation over the seeds of a configuration that came to their end, at the iterations at which all of
/// them have a value.
private struct SeedBands {
  private var curves: [[StudyCurves.Curve]] = []
  private var spans: [TrialSpan] = []

  /// How many seeds there are.
  var count: Int { curves.count }

  mutating func add(_ trial: [StudyCurves.Curve], _ spans: [TrialSpan]) {
    if curves.isEmpty { self.spans = spans }
    curves.append(trial)
  }

  /// The event files by the names of their runs; none for fewer than two seeds. Times are those of the first seed.
  var runs: [(name: String, records: EventRecords)] {
    guard curves.count > 1, let begin = spans.first?.begin else { return [] }
    var mean = EventRecords()
    mean.begin(at: begin)
    var (low, high) = (mean, mean)
    for curve in curves[0] {
      let tag = TensorBoardStudy.tag(curve)
      let others = curves.dropFirst().map { trial in
        let points = trial.first { TensorBoardStudy.tag($0) == tag }?.points ?? []
        return Dictionary(points.map { ($0.iteration, $0.value) }) { first, _ in first }
      }
      for point in curve.points {
        let rest = others.compactMap { $0[point.iteration] }
        guard rest.count == others.count else { continue }
        let (values, time) = ([point.value] + rest, spans.time(of: point.iteration))
        let (center, deviation) = (Statistics.mean(values), standardDeviation(values) ?? 0)
        mean.scalar(tag, center, step: point.iteration, at: time)
        low.scalar(tag, center - deviation, step: point.iteration, at: time)
        high.scalar(tag, center + deviation, step: point.iteration, at: time)
      }
    }
    return Array(zip(TensorBoardFolder.means, [mean, low, high]))
  }
}
