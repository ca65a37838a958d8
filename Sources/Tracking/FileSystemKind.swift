import Foundation

/// The kind of file system that a folder lies in, as far as it matters to a store.
///
/// SQLite's write-ahead log needs memory that all processes of the store share. Machines that see a file system through a
/// network have none: each would write as if it were alone, and the damage shows days later (sqlite.org/wal.html: "all
/// processes using a database must be on the same host computer").
enum FileSystemKind {
  /// File systems that several machines may see at once, as the kernel calls them; all that programs provide count too.
  private static let shared: Set<String> = [
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "lustre", "gpfs", "ceph", "beegfs", "afs", "9p", "virtiofs", "orangefs",
    "pvfs2", "panfs", "ocfs2", "gfs2", "wekafs", "dvs", "vboxsf", "fuse",
  ]

  /// The kernel's name of the file system that a folder lies in, where several machines may see it; `nil` for a disk of
  /// this machine.
  ///
  /// - Parameter mounts: the system's list of mounts, one per line (proc(5), `/proc/PID/mountinfo`).
  static func shared(at folder: String, mounts: String? = nil) -> String? {
    var status = stat()
    guard stat(folder, &status) == 0 else { return nil }
    let device = UInt64(status.st_dev)
    // gnu_dev_major and gnu_dev_minor, which are macros
    let (major, minor) = (device >> 8 & 0xFFF | device >> 32 & ~0xFFF, device & 0xFF | device >> 12 & ~0xFF)
    let list = mounts ?? (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
    for line in list.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 6, words[2] == "\(major):\(minor)", let separator = words.firstIndex(of: "-"),
        words.indices.contains(separator + 1)
      else { continue }
      let kind = String(words[separator + 1])
      return shared.contains(kind) || kind.hasPrefix("fuse.") ? kind : nil
    }
    return nil
  }
}
