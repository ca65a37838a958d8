import Datasets
import Experiments
import Files
import Foundation
import NeuralNetwork
import Presentation
import Processor
import Tracking

/// Checks the things that the program depends on: processor, gnuplot, data sets, disk, store.
package struct HealthCheck: Sendable {
  private let store: String
  private let data: DataRoot
  private let gnuplot: String

  /// Names the things to check.
  ///
  /// - Parameters:
  ///   - store: the store's path; there need not be one.
  ///   - data: the folder of the known data sets.
  ///   - gnuplot: the program that draws, by name or path.
  package init(store: String, data: DataRoot, gnuplot: String = "gnuplot") {
    (self.store, self.data, self.gnuplot) = (store, data, gnuplot)
  }

  /// One result per thing; takes about a second, more where the store is large.
  ///
  /// - Parameter warn: hears of weights that can't be checked.
  package func results(warn: (String) -> Void) -> [CheckResult] {
    [processor, chartProgram] + datasets + [disk, storeFile] + weights(warn) + [git, toolchain]
  }

  private var processor: CheckResult {
    let environment = Provenance.environment(workers: 1)
    let missing = KernelRequirements.missingFeatures
    let text =
      "\(environment.cpu), \(environment.cores) cores, \(NumberText.bytes(environment.memoryBytes)); bench \(environment.program)"
    return CheckResult(
      check: "processor", name: environment.cpu, state: missing.isEmpty ? .good : .bad,
      found: text
        + (missing.isEmpty
          ? "; has all that the kernels use, which run as \(KernelLevel.chosen.rawValue)"
          : "; lacks \(missing.joined(separator: ", "))"),
      values: [.cores: environment.cores, .memoryBytes: environment.memoryBytes])
  }

  private var chartProgram: CheckResult {
    if let version = firstLine(of: gnuplot, "--version") {
      return CheckResult(check: "gnuplot", name: gnuplot, state: .good, found: version)
    }
    return CheckResult(
      check: "gnuplot", name: gnuplot, state: .missing,
      found: "\(gnuplot) is not here: reports have no charts; apt-get install gnuplot-nox brings it")
  }

  private var datasets: [CheckResult] {
    let library = DatasetLibrary(root: data)
    return library.catalog().map { entry in
      let name = entry.dataset.name
      switch entry.presence {
      case .builtIn: return CheckResult(check: "data", name: name, state: .good, found: "\(name): drawn by the program")
      case .present(_, let train, let test):
        let part = entry.isPartial ? ", a part of it" : ""
        return CheckResult(
          check: "data", name: name, state: .good,
          found: "\(name): \(train) + \(test) examples in \(library.root.path)\(part)",
          values: [.train: train, .test: test])
      case .damaged(let reason):
        return CheckResult(check: "data", name: name, state: .bad, found: "\(name): \(reason)")
      case .missing:
        return CheckResult(
          check: "data", name: name, state: .missing, found: "\(name): not here; bench data fetch \(name)")
      }
    }
  }

  private var disk: CheckResult {
    var folder = URL(filePath: store).deletingLastPathComponent().standardizedFileURL
    while !FileManager.default.fileExists(atPath: folder.path), folder.path != "/" { folder.deleteLastPathComponent() }
    var space = statvfs()
    guard statvfs(folder.path, &space) == 0 else {
      let reason = SystemReason.of()
      return CheckResult(check: "disk", name: folder.path, state: .missing, found: "\(folder.path): \(reason)")
    }
    let free = Int(space.f_bavail) * Int(space.f_frsize)
    let isWritable = access(folder.path, W_OK) == 0
    return CheckResult(
      check: "disk", name: folder.path, state: isWritable && free >= 100_000_000 ? .good : .bad,
      found: "\(NumberText.bytes(free)) free in \(folder.path)"
        + (isWritable ? "" : ", which can't be written to"),
      values: [.freeBytes: free])
  }

  private var storeFile: CheckResult {
    func result(_ state: CheckResult.State, _ found: String, _ values: [CheckResult.Quantity: Int] = [:]) -> CheckResult
    {
      CheckResult(check: "store", name: store, state: state, found: found, values: values)
    }
    guard FileManager.default.fileExists(atPath: store) else {
      return result(.good, "\(store): none yet; bench run makes it")
    }
    do {
      let opened = try Store(path: store, access: .readOnly)
      let errors = try opened.integrityErrors()
      guard errors.isEmpty else {
        return result(.bad, "\(store) is damaged:\n" + errors.prefix(5).joined(separator: "\n"))
      }
      let studies = try opened.studies()
      let trials = studies.reduce(0) { $0 + $1.trials }
      let proof = try opened.proof()
      let values: [CheckResult.Quantity: Int] = [
        .studies: studies.count, .trials: trials, .badTrials: proof.unproven.count, .unknownTrials: proof.unknown,
      ]
      guard proof.unproven.isEmpty, proof.changedRows.isEmpty else {
        return result(.bad, (list(proof.unproven) + list(proof.changedRows)).joined(separator: "\n"), values)
      }
      let unknown =
        proof.unknown == 0
        ? ""
        : "; of \(proof.unknown) nothing can be recomputed: an older program kept only some of their losses"
      return result(
        .good, "\(store): sound; \(studies.count) studies, \(trials) trials, whose numbers fit their digests" + unknown,
        values)
    } catch {
      return result(.bad, SystemReason.text(error))
    }
  }

  /// Every weight file of the store is read; there is no result without one, or where the store can't be read.
  private func weights(_ warn: (String) -> Void) -> [CheckResult] {
    guard FileManager.default.fileExists(atPath: store), let opened = try? Store(path: store, access: .readOnly),
      let trials = try? opened.trialsWithWeights(), !trials.isEmpty
    else { return [] }
    let folders = StoreFolders(store: store)
    let errors = trials.sorted { $0.key < $1.key }.compactMap { trial -> String? in
      do {
        _ = try folders.weights(of: trial, warn: warn)
        return nil
      } catch {
        return SystemReason.text(error)
      }
    }
    return [
      CheckResult(
        check: "weights", state: errors.isEmpty ? .good : .bad,
        found: errors.isEmpty
          ? "of \(trials.count) trials, each the file that the trial wrote" : errors.joined(separator: "\n"),
        values: [.trials: trials.count, .badTrials: errors.count])
    ]
  }

  private func list(_ changedRows: [String]) -> [String] {
    changedRows.isEmpty
      ? []
      : ["\(store): names or descriptions are not what was stored; restore a copy:"]
        + changedRows.map { PlainText.oneLine($0) }
  }

  private func list(_ trials: [Store.UnprovenTrial]) -> [String] {
    if trials.isEmpty { return [] }
    let lines = trials.map { trial in
      "study \(PlainText.oneLine(trial.study)), \(PlainText.oneLine(trial.label)), seed \(trial.seed) (trial "
        + "\(trial.key.prefix(12))): \(trial.reason)"
    }
    let count = "\(counted(trials.count, "trial")) \(trials.count == 1 ? "is" : "are")"
    return ["\(store): \(count) not what was stored; restore a copy, or train again with bench run GRID --rerun:"]
      + lines
  }

  private var git: CheckResult {
    guard let version = firstLine(of: "git", "--version") else {
      return CheckResult(check: "git", state: .missing, found: "not here: the store can't keep which code was run")
    }
    let source = Provenance.source().map { source in
      "commit \(source.commit.prefix(12))" + (source.isDirty ? " with changes that are not committed" : "")
    }
    return CheckResult(check: "git", state: .good, found: "\(version); \(source ?? "no repository here")")
  }

  private var toolchain: CheckResult {
    let built = "built with Swift \(Provenance.environment(workers: 1).swift)"
    guard let version = firstLine(of: "swift", "--version") else {
      return CheckResult(check: "Swift", state: .good, found: "\(built); no toolchain here, none is needed to run")
    }
    return CheckResult(check: "Swift", state: .good, found: "\(built); here is \(version)")
  }

  private func firstLine(of program: String, _ argument: String) -> String? {
    guard let process = try? ChildProcess(program, [argument]),
      case .ended(0, let output, _) = process.outcome(limit: 1 << 16)
    else { return nil }
    return output.split(separator: "\n").first.map(String.init)
  }
}
