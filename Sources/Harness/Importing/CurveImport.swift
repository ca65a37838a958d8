import Exchange
import Experiments
import Presentation
import Tracking

/// Curves of another program that were brought into a store, as `bench import` says it.
package struct CurveImport: Printable, Sendable {
  private let file: String
  private let study: String
  private let revision: Int
  /// Whether the study did not have these curves already.
  package let isNew: Bool
  /// Trials that had lost their curves and got them again.
  private let restored: Int
  private let configurations, trials: Int

  /// Reads a file of curves and enters them as a study of their own, all or nothing.
  ///
  /// - Parameters:
  ///   - bytes: the file's.
  ///   - file: the file as the user named it.
  ///   - study: the name of the study.
  ///   - commandLine: the command's arguments, the program's name first.
  /// - Throws: ``UsageError`` with all faults of the file, and `StoreError`.
  package init(_ bytes: [UInt8], file: String, into study: String, in storePath: String, commandLine: [String]) throws {
    let imported: ImportedStudy
    do {
      imported = try CurveFile(bytes, name: file).study()
    } catch {
      throw UsageError("\(PlainText.oneLine(file)): \(error)")
    }
    let store = try StoreFolders.openStore(storePath)
    (revision, isNew, restored) = try store.enter(
      imported, named: study, from: ImportedFile(name: file, digest: ContentDigest.hex(of: bytes)),
      environment: Provenance.environment(workers: 1), commandLine: commandLine)
    try store.close()
    (self.file, self.study) = (file, study)
    (configurations, trials) = (imported.configurations.count, imported.trialCount)
  }

  /// A sentence for people, one row for programs.
  package var printout: Printout {
    let table = Table(
      names: ["study", "revision", "new", "file", "configurations", "trials", "restored"],
      values: [
        [
          .string(study), .integer(revision), .bool(isNew), .string(file), .integer(configurations), .integer(trials),
          .integer(restored),
        ]
      ])
    return Printout(
      title: "Import", sections: [Section(id: "import", title: "Import", blocks: [.paragraph(sentence)])], table: table,
      json: [
        "schema": 1, "study": .string(study), "revision": .integer(revision), "new": .bool(isNew),
        "file": .string(file), "configurations": .integer(configurations), "trials": .integer(trials),
        "restored": .integer(restored),
      ], own: [.text: { sentence + "\n" }])
  }

  private var sentence: String {
    let (name, path) = (PlainText.oneLine(study), PlainText.oneLine(file))
    let counts = "\(counted(trials, "trial")) of \(counted(configurations, "configuration"))"
    if isNew {
      return "study \(name), revision \(revision): \(counts), imported from \(path); next: bench report "
        + Shell.quoted(study)
    }
    if restored > 0 {
      return
        "study \(name), revision \(revision): \(counts), of which \(NumberText.count(restored)) had been removed and "
        + "\(restored == 1 ? "has its" : "have their") curves again"
    }
    return "study \(name) has these \(counts) already, in revision \(revision); nothing was changed"
  }
}
