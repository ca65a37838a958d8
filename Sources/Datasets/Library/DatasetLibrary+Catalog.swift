import Experiments

/// A known data set and what there is of it here.
package struct CatalogEntry: Hashable, Sendable {
  /// The data set.
  package let dataset: KnownDataset
  /// What there is of it.
  package let presence: Presence

  /// What there is of a data set on this machine.
  package enum Presence: Hashable, Sendable {
    /// The program draws it.
    case builtIn
    /// Its files are there, with so many examples.
    case present(folder: String, train: Int, test: Int)
    /// Files are there, but can't be used.
    case damaged(DatasetError)
    /// Its files are not there.
    case missing(DatasetError)
  }

  /// Whether there are fewer examples here than were published.
  package var isPartial: Bool {
    guard case .present(_, let train, let test) = presence else { return false }
    return train < dataset.trainCount || test < dataset.testCount
  }
}

extension DatasetLibrary {
  /// All known data sets and what there is of them below the root; looks at headers and sizes only.
  package func catalog() -> [CatalogEntry] {
    KnownDataset.all.map { CatalogEntry(dataset: $0, presence: presence(of: $0)) }
  }

  private func presence(of known: KnownDataset) -> CatalogEntry.Presence {
    if known.format == .drawn { return .builtIn }
    do {
      let file: String
      switch try locate(known) {
      case .missing(let missing): return .missing(missing)
      case .idx(let files): file = files.trainImages
      case .cifar(_, let test, _): file = test.path
      case .matlab(_, let test): file = test.path
      }
      let description = try describe(DatasetSelection(name: known.name))
      let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      return .present(folder: folder, train: description.trainCount, test: description.testCount)
    } catch {
      return .damaged(error)
    }
  }
}
