import Datasets
import Experiments
import Foundation
import NeuralNetwork
import Presentation
import Processor
import Subprocess
import Tracking

/// Checks the things that the program depends on: processor, BLAS, gnuplot, data sets, disk, store.
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
  package func results(warn: (String) -> Void) async -> [CheckResult] {
    [processor, blas] + [await chartProgram] + datasets + [disk, storeFile] + weights(warn) + [
      await git, await toolchain,
    ]
  }

  private var processor: CheckResult {
    let environment = Provenance.environment(workers: 1)
    let missing = KernelRequirements.missingFeatures
    let text =
      "\(environment.cpu), \(environment.cores) cores, \(environment.memoryBytes >> 20) MiB; bench \(environment.program)"
    return missing.isEmpty
      ? CheckResult(check: "processor", state: .good, found: text + "; has all that the kernels use")
      : CheckResult(check: "processor", state: .bad, found: text + "; lacks \(missing.joined(separator: ", "))")
  }

  private var blas: CheckResult {
    let products = 400
    let wrong = BLAS.wrongProducts(threads: 8, products: products)
    return wrong == 0
      ? CheckResult(
        check: "BLAS", state: .good,
        found:
          "\(BLAS.description); one thread a call, \(products) products from 8 threads at once are right to the bit")
      : CheckResult(
        check: "BLAS", state: .bad,
        found: "\(BLAS.description); \(wrong) of \(products) products from 8 threads at once are wrong: "
          + "run with -j1 --threads-per-trial 1, or install another build of OpenBLAS")
  }

  private var chartProgram: CheckResult {
    get async {
      if let version = await firstLine(of: gnuplot, "--version") {
        return CheckResult(check: "gnuplot", state: .good, found: version)
      }
      return CheckResult(
        check: "gnuplot", state: .missing,
        found: "\(gnuplot) is not here: reports have no charts; apt-get install gnuplot-nox brings it")
    }
  }

  private var datasets: [CheckResult] {
    let library = DatasetLibrary(root: data)
    return library.catalog().map { entry in
      let name = entry.dataset.name
      switch entry.presence {
      case .builtIn: return CheckResult(check: "data", state: .good, found: "\(name): drawn by the program")
      case .present(_, let train, let test):
        let part = entry.isPartial ? ", a part of it" : ""
        return CheckResult(
          check: "data", state: .good, found: "\(name): \(train) + \(test) examples in \(library.root.path)\(part)")
      case .damaged(let reason): return CheckResult(check: "data", state: .bad, found: "\(name): \(reason)")
      case .missing:
        return CheckResult(check: "data", state: .missing, found: "\(name): not here; bench data fetch \(name)")
      }
    }
  }

  private var disk: CheckResult {
    var folder = URL(filePath: store).deletingLastPathComponent().standardizedFileURL
    while !FileManager.default.fileExists(atPath: folder.path), folder.path != "/" { folder.deleteLastPathComponent() }
    var space = statvfs()
    guard statvfs(folder.path, &space) == 0 else {
      return CheckResult(check: "disk", state: .missing, found: "\(folder.path): \(String(cString: strerror(errno)))")
    }
    let free = (Int(space.f_bavail) * Int(space.f_frsize)) >> 20
    let isWritable = access(folder.path, W_OK) == 0
    let text = "\(NumberText.count(free)) MiB free in \(folder.path)"
    if !isWritable { return CheckResult(check: "disk", state: .bad, found: text + ", which can't be written to") }
    return CheckResult(check: "disk", state: free < 100 ? .bad : .good, found: text)
  }

  private var storeFile: CheckResult {
    guard FileManager.default.fileExists(atPath: store) else {
      return CheckResult(check: "store", state: .good, found: "\(store): none yet; bench run makes it")
    }
    do {
      let opened = try Store(path: store, access: .readOnly)
      let faults = try opened.faults()
      guard faults.isEmpty else {
        return CheckResult(
          check: "store", state: .bad, found: "\(store) is damaged:\n" + faults.prefix(5).joined(separator: "\n"))
      }
      let studies = try opened.studies()
      let proof = try opened.proof()
      guard proof.unproven.isEmpty else { return CheckResult(check: "store", state: .bad, found: list(proof.unproven)) }
      let trials = studies.reduce(0) { $0 + $1.trials }
      let unknown =
        proof.unknown == 0
        ? ""
        : "; of \(proof.unknown) nothing can be recomputed: an older program kept only some of their losses"
      return CheckResult(
        check: "store", state: .good,
        found: "\(store): sound; \(studies.count) studies, \(trials) trials, whose numbers fit their digests" + unknown)
    } catch {
      return CheckResult(check: "store", state: .bad, found: SystemReason.text(error))
    }
  }

  /// Every weight file of the store is read; there is no result without one, or where the store can't be read.
  private func weights(_ warn: (String) -> Void) -> [CheckResult] {
    guard FileManager.default.fileExists(atPath: store), let opened = try? Store(path: store, access: .readOnly),
      let trials = try? opened.trialsWithWeights(), !trials.isEmpty
    else { return [] }
    let folders = StoreFolders(store: store)
    let faults = trials.sorted { $0.key < $1.key }.compactMap { trial -> String? in
      do {
        _ = try folders.weights(of: trial, warn: warn)
        return nil
      } catch {
        return SystemReason.text(error)
      }
    }
    guard faults.isEmpty else {
      return [CheckResult(check: "weights", state: .bad, found: faults.joined(separator: "\n"))]
    }
    return [
      CheckResult(
        check: "weights", state: .good, found: "of \(trials.count) trials, each the file that the trial wrote")
    ]
  }

  private func list(_ trials: [Store.UnprovenTrial]) -> String {
    let lines = trials.map { trial in
      "study \(PlainText.oneLine(trial.study)), \(PlainText.oneLine(trial.label)), seed \(trial.seed) (trial "
        + "\(trial.key.prefix(12))): \(trial.reason)"
    }
    let count = trials.count == 1 ? "1 trial is" : "\(trials.count) trials are"
    return "\(store): \(count) not what was stored; restore a copy, or train again with bench run GRID --rerun:\n"
      + lines.joined(separator: "\n")
  }

  private var git: CheckResult {
    get async {
      guard let version = await firstLine(of: "git", "--version") else {
        return CheckResult(check: "git", state: .missing, found: "not here: the store can't keep which code was run")
      }
      let source = await Provenance.source().map { source in
        "commit \(source.commit.prefix(12))" + (source.isDirty ? " with changes that are not committed" : "")
      }
      return CheckResult(check: "git", state: .good, found: "\(version); \(source ?? "no repository here")")
    }
  }

  private var toolchain: CheckResult {
    get async {
      let built = "built with Swift \(Provenance.environment(workers: 1).swift)"
      guard let version = await firstLine(of: "swift", "--version") else {
        return CheckResult(check: "Swift", state: .good, found: "\(built); no toolchain here, none is needed to run")
      }
      return CheckResult(check: "Swift", state: .good, found: "\(built); here is \(version)")
    }
  }

  private func firstLine(of program: String, _ argument: String) async -> String? {
    let executable: Executable = program.contains("/") ? .path(.init(program)) : .name(program)
    let result = try? await Subprocess.run(
      executable, arguments: [argument], output: .string(limit: 1 << 16), error: .discarded)
    guard let result, result.terminationStatus.isSuccess else { return nil }
    return result.standardOutput.split(separator: "\n").first.map(String.init)
  }
}
