import Tracking

/// One study of a store: the one that a user named, or the one that was at work last.
package struct StudyChoice: Sendable {
  /// The study's name.
  package let name: String

  /// Takes the study that is named, else the preferred one where the store has it, else the latest.
  ///
  /// Whether the store has the study that is named is not looked at.
  ///
  /// - Throws: ``OperationalError`` where none is named and the store holds none.
  package init(_ name: String?, preferring preferred: String? = nil, in store: Store) throws {
    if let name {
      self.name = name
      return
    }
    let studies = try store.studies()
    guard let chosen = studies.first(where: { $0.name == preferred }) ?? studies.first else {
      throw OperationalError("\(store.path): holds no study yet; bench run GRID makes one")
    }
    self.name = chosen.name
  }
}
