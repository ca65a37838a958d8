import Experiments
import Foundation
import GRDB
import Presentation

/// What can go wrong between the program and its store. The text is made in one place, from the facts.
package enum StoreError: Error, Hashable, Sendable {
  /// There is no store at this path.
  case missing(path: String)
  /// The folder that the store should lie in is not there.
  case missingFolder(path: String)
  /// The path can't be opened, for the reason that the system gives.
  case unreadable(path: String, reason: String)
  /// The file, or the folder that its log must lie in, can't be written.
  case readOnly(path: String)
  /// The folder lies in a file system that several machines may see at once.
  case networkFileSystem(path: String, kind: String)
  /// The copy of an older store can't be laid beside it.
  case unwritableBackup(path: String, reason: String)
  /// The file is not an SQLite database.
  case notSQLite(path: String)
  /// The file is an SQLite database of another program.
  case notOurs(path: String)
  /// A newer program wrote the store.
  case newer(path: String, needs: String)
  /// An older program wrote the store, and it was opened for reading only.
  case older(path: String)
  /// The disk, or the user's share of it, is full.
  case full(path: String)
  /// Another process held the store for longer than the busy time-out.
  case busy(path: String)
  /// SQLite found the file damaged.
  case damaged(path: String, reason: String)
  /// A trial's numbers are not those that its digest was made of.
  case unproven(path: String, trial: Store.UnprovenTrial)
  /// Anything else that SQLite says.
  case failed(path: String, reason: String)
  /// Another process has taken the trial over; nothing more of this attempt is stored.
  case claimLost(trial: String)
  /// The trial ran to its end in several places, and not with the same bits.
  case differentBits(trial: String, places: [Place])
  /// The process that trained the trial died several times in a row, the last iteration that is stored being this one;
  /// the trial is stored as failed.
  case diedRepeatedly(trial: String, times: Int, iteration: Int)
  /// The file that was opened is no longer the one at its path; what it held was kept in another, where that worked.
  case replaced(path: String, kept: String?)
  /// No study has this name.
  case noStudy(name: String, known: [String])
  /// The study has no such revision.
  case noRevision(study: String, revision: Int, known: [Int])
  /// No trial's key begins so.
  case noTrial(prefix: String)
  /// More than one trial's key begins so.
  case ambiguousTrial(prefix: String, matches: [String])
  /// No baseline has this name.
  case noBaseline(name: String, known: [String])
  /// A name that can't be stored.
  case invalidName(String)
  /// Two configurations of a study have the same label.
  case doubleLabel(String)
  /// The study has curves of another program, so that nothing can be trained in it.
  case importedStudy(String)
  /// The study was trained here, so that no curves can be imported into it.
  case trainedStudy(String)

  /// The host that trained a trial, and the store that has it.
  package struct Place: Hashable, Sendable {
    package var host: String
    package var path: String
  }
}

extension StoreError: LocalizedError, CustomStringConvertible {
  /// Where, what was found, and how to fix it.
  package var description: String {
    switch self {
    case .missing(let path):
      "\(path): there is no store here. `bench run GRID` makes one; --db names another."
    case .missingFolder(let path):
      "\(path): the folder \(URL(fileURLWithPath: path).deletingLastPathComponent().path) does not exist. "
        + "Create it, or name another place with --db."
    case .unreadable(let path, let reason): "\(path): can't open the store: \(reason)."
    case .readOnly(let path):
      "\(path): can't write the store: the file or its folder is read-only. "
        + "Give write permission to both, or name another place with --db."
    case .networkFileSystem(let path, let kind):
      "\(path): lies on \(kind), where machines would damage a store that is written. Name a place on a disk of this machine "
        + "with --db; to train on several machines, cut the study with bench submit and bring its parts together with bench "
        + "merge. Reading such a file is allowed."
    case .unwritableBackup(let path, let reason):
      "\(path): the copy that is made before an older store is brought up to date can't be written: \(reason). Make room, "
        + "or let the folder be written to; the store was not changed."
    case .notSQLite(let path):
      "\(path): this file is not an SQLite database, so it is left alone. Name another place with --db."
    case .notOurs(let path):
      "\(path): this database belongs to another program, so it is left alone. Name another place with --db."
    case .newer(let path, let needs):
      "\(path): a newer program wrote this store; it needs \(needs) or later. Update the program."
    case .older(let path):
      "\(path): an older program wrote this store. Run a command that may write it once, `bench run` say: it is "
        + "backed up and brought up to date."
    case .full(let path):
      "\(path): the disk is full. What was stored is intact; make room and run the same command again."
    case .busy(let path):
      "\(path): another process holds the store. Try again when it is done."
    case .damaged(let path, let reason):
      "\(path): the store is damaged (\(reason)). Restore a copy, or save what is left with `sqlite3 FILE .recover`."
    case .unproven(let path, let trial):
      "\(path): study \(trial.study.replacingNUL), \(trial.label.replacingNUL), seed \(trial.seed) "
        + "(trial \(trial.key.prefix(12))): \(trial.reason). The store was changed or is damaged: restore a copy, or train "
        + "it again with bench run GRID --rerun --only seed=\(trial.seed). bench doctor lists all such trials."
    case .failed(let path, let reason): "\(path): \(reason)."
    case .claimLost(let trial):
      "trial \(trial.prefix(12)): another process has taken it over, so nothing more is stored here."
    case .differentBits(let trial, let places):
      "trial \(trial.prefix(12)): "
        + places.map { "\($0.host.replacingNUL) (\($0.path))" }.joined(separator: " and ")
        + " have trained it, and not with the same bits, though a trial's key says all that its numbers depend on. "
        + "bench doctor says what the machines compute with; bench verify \(trial.prefix(12)) on each says which is right."
    case .diedRepeatedly(let trial, _, _): "trial \(trial.prefix(12)): \(reason)"
    case .replaced(let path, let kept):
      "\(path): the store was removed, moved or replaced while it was written. "
        + (kept.map {
          "All that it held is kept in \($0): move that to where the store should be, and run the same command."
        }
          ?? "No copy of what it held could be written beside it; look for the store where it was moved to.")
    case .noStudy(let name, let known):
      "there is no study \(quoted(name)) in the store; "
        + expected(known)
    case .noRevision(let study, let revision, let known):
      "study \(quoted(study)) has no revision \(revision); expected "
        + (known == Array(1...max(1, known.count))
          ? "1 to \(known.count)." : "\(listed(known.map(String.init))): others were removed.")
    case .noTrial(let prefix): "no trial's key begins with \(quoted(prefix)). `bench list STUDY` shows the keys."
    case .ambiguousTrial(let prefix, let matches):
      "\(matches.count) trials' keys begin with \(quoted(prefix)): "
        + listed(matches.map { String($0.prefix(max(12, prefix.count + 4))) }, limit: 5) + ". Give more digits."
    case .noBaseline(let name, let known):
      "there is no baseline \(quoted(name)) in the store; "
        + expected(known)
    case .invalidName(let name):
      "the name \(quoted(name)) is empty or holds a NUL character. Choose another."
    case .doubleLabel(let label):
      "two configurations have the label \(quoted(label)). Labels must be unique in a study."
    case .importedStudy(let name):
      "study \(quoted(name)) was imported: another program trained it, and nothing of it can be trained here. Give the "
        + "grid another name."
    case .trainedStudy(let name):
      "study \(quoted(name)) was trained here; curves of another program are a study of their own. Choose another --study."
    }
  }

  private func expected(_ known: [String]) -> String {
    known.isEmpty ? "it has none." : "expected one of \(listed(known.map { quoted($0) }))."
  }

  /// The same as ``description``.
  package var errorDescription: String? { description }
}

extension StoreError {
  /// Why a trial is stored as failed.
  var reason: String {
    guard case .diedRepeatedly(_, let times, let iteration) = self else { return description }
    return "the process that trained it died \(times) times in a row, each time "
      + (iteration == 0 ? "before anything was measured" : "without getting past iteration \(iteration)")
      + ": it was killed or ran out of memory; bench plan GRID says how much a trial needs, bench run GRID --retry-failed "
      + "tries again"
  }

  /// What an error of SQLite means for the user of `path`; other errors stay as they are.
  static func translated(_ error: any Error, path: String) -> any Error {
    switch error {
    case is ColumnError, is RowProof.RowError, is StoredJSONError, is JSONReader.SyntaxError, is RowDecodingError:
      return StoreError.damaged(path: path, reason: "\(error)".replacingNUL)
    case let error as DecodingError:
      return StoreError.damaged(path: path, reason: "a list or an object in it is not what was stored: \(error)")
    default: break
    }
    guard let error = error as? DatabaseError else { return error }
    let reason = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_FULL: return StoreError.full(path: path)
    case .SQLITE_READONLY, .SQLITE_PERM: return StoreError.readOnly(path: path)
    case .SQLITE_BUSY, .SQLITE_LOCKED: return StoreError.busy(path: path)
    case .SQLITE_NOTADB: return StoreError.notSQLite(path: path)
    case .SQLITE_CORRUPT: return StoreError.damaged(path: path, reason: reason)
    case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_WRITE:
      // SQLite tells a full disk from everything else, but not a quota or a limit on the size of files.
      return StoreError.failed(
        path: path,
        reason: "writing failed: a limit on the size of files was met, or the disk has a fault. What was stored is "
          + "intact; mend that and run the same command again")
    case .SQLITE_CANTOPEN: return StoreError.unreadable(path: path, reason: reason)
    default: return StoreError.failed(path: path, reason: reason)
    }
  }
}

extension String {
  /// The text with each NUL, at which SQLite's text would end, shown as ␀.
  var replacingNUL: String { contains("\0") ? replacingOccurrences(of: "\0", with: "\u{2400}") : self }

  /// The text as a name that the store can keep.
  func storableName() throws(StoreError) -> String {
    guard !isEmpty, !contains("\0") else { throw .invalidName(self) }
    return self
  }
}
