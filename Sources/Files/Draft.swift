import Foundation

/// The name under which a file or folder is made beside its place, before it takes the place in one step:
/// `.NAME.REALM-PROCESS.UUID`. Who is killed leaves a draft that tells whose it was, so that others can remove it.
package struct Draft: Sendable {
  /// Where to make it.
  package let url: URL

  /// Names a draft, which is not made yet.
  ///
  /// - Parameter stem: what its name begins with; `nil` is the place's own name.
  package init(for place: URL, stem: String? = nil) {
    url = place.deletingLastPathComponent().appending(
      path: ".\(stem ?? Self.stem(of: place)).\(Self.owner).\(UUID().uuidString)")
  }

  /// This process, in names of files that are its own.
  package static let owner = "\(realm)-\(ProcessInfo.processInfo.processIdentifier)"

  /// The files and folders `STEM.OWNER.UUID` whose owners were processes of this machine that are gone.
  package static func abandoned(in folder: URL, stem: String) -> [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
    return names.sorted().compactMap { name in
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 3, parts[0] == stem, UUID(uuidString: String(parts[2])) != nil else { return nil }
      return Owner(parts[1])?.isDead == true ? folder.appending(path: name) : nil
    }
  }

  /// Removes what there is of the draft. What can't be removed does no harm; another may, later.
  package func remove() { try? FileManager.default.removeItem(at: url) }

  /// The drafts that dead processes left of whatever belongs at a place.
  ///
  /// - Parameter suffix: what their users put behind their names, such as `.old`.
  package static func leftovers(of place: URL, suffix: String = "") -> [URL] {
    leftovers(in: place.deletingLastPathComponent(), suffix: suffix) { $0 == stem(of: place) }
  }

  /// The drafts that dead processes left in a folder.
  ///
  /// - Parameter suffix: as in ``leftovers(of:suffix:)``.
  package static func leftovers(in folder: URL, suffix: String = "") -> [URL] {
    leftovers(in: folder, suffix: suffix) { _ in true }
  }

  /// Bytes of a file or, all in all, of the files in a folder.
  package static func bytes(of leftover: URL) -> Int {
    let files = FileManager.default
    let path = leftover.path(percentEncoded: false)
    let attributes = try? files.attributesOfItem(atPath: path)
    guard attributes?[.type] as? FileAttributeType == .typeDirectory else { return attributes?[.size] as? Int ?? 0 }
    var sum = 0
    if let inside = files.enumerator(atPath: path) {
      while inside.nextObject() != nil {
        guard inside.fileAttributes?[.type] as? FileAttributeType == .typeRegular else { continue }
        sum += inside.fileAttributes?[.size] as? Int ?? 0
      }
    }
    return sum
  }

  /// Removes a draft that a dead process left, with all that is in it; does nothing where it is gone.
  ///
  /// - Throws: ``FileError``.
  package static func remove(leftover: URL) throws(FileError) {
    do {
      try FileManager.default.removeItem(at: leftover)
    } catch CocoaError.fileNoSuchFile {
      return
    } catch {
      throw FileError(removing: leftover.relativePath, error)
    }
  }

  /// Removes the drafts that dead processes left in a folder.
  package static func sweep(_ folder: URL) {
    for leftover in leftovers(in: folder) { try? FileManager.default.removeItem(at: leftover) }
  }

  /// Removes the drafts that dead processes left of what belongs at a place.
  ///
  /// - Parameter suffix: as in ``leftovers(of:suffix:)``.
  package static func sweep(of place: URL, suffix: String = "") {
    for leftover in leftovers(of: place, suffix: suffix) { try? FileManager.default.removeItem(at: leftover) }
  }

  private static func leftovers(in folder: URL, suffix: String, where isMeant: (Substring) -> Bool) -> [URL] {
    let path = folder.path(percentEncoded: false)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path.isEmpty ? "." : path)) ?? []
    return names.compactMap { name in
      guard name.hasPrefix("."), name.hasSuffix(suffix) else { return nil }
      let parts = name.dropLast(suffix.count).split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count >= 4, UUID(uuidString: String(parts[parts.count - 1])) != nil else { return nil }
      let stem = name.dropFirst().dropLast(
        suffix.count + parts[parts.count - 1].count + parts[parts.count - 2].count + 2)
      guard isMeant(stem), let owner = Owner(parts[parts.count - 2]) else { return nil }
      let url = folder.appending(path: name)
      return owner.isDead || isOlderThanADay(url) ? url : nil
    }
  }

  /// A process in a name, `REALM-PROCESS`.
  private struct Owner {
    private let realm: Substring
    private let process: Int32

    init?(_ text: Substring) {
      let parts = text.split(separator: "-")
      guard parts.count == 2, let process = Int32(parts[1]), process > 0 else { return nil }
      (realm, self.process) = (parts[0], process)
    }

    /// Whether it is known to be gone; those of another boot or container can't be seen from here.
    var isDead: Bool { realm == Draft.realm && kill(process, 0) != 0 && errno == ESRCH }
  }

  /// No draft is made for so long.
  private static func isOlderThanADay(_ url: URL) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.path(percentEncoded: false))
    return (attributes?[.modificationDate] as? Date).map { Date.now.timeIntervalSince($0) > 86_400 } ?? false
  }

  /// As much of a place's name as leaves room for the rest: a name has 255 bytes.
  private static func stem(of place: URL) -> String {
    String(decoding: place.lastPathComponent.utf8.prefix(128), as: UTF8.self)
  }

  /// The scope of process numbers: this boot of the machine and this container.
  private static let realm: String = {
    let boot = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
    let space = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? ""
    return boot.prefix(8) + space.filter(\.isNumber)
  }()
}
