import Foundation

/// A process that works on trials, described so that others can tell whether it still lives.
package struct Owner: Hashable, Sendable {
  /// The host's name.
  package var host: String
  /// The process.
  package var process: Int32
  /// When the process began, in clock ticks since the boot: a number is given to another process one day.
  package var processStart: Int64
  /// The boot's id; a process does not outlive its boot.
  package var boot: String
  /// The namespace in which the process has its number: a container's processes have numbers of their own.
  package var processNamespace: String

  /// Describes a process.
  package init(host: String, process: Int32, processStart: Int64, boot: String, processNamespace: String) {
    (self.host, self.process, self.processStart) = (host, process, processStart)
    (self.boot, self.processNamespace) = (boot, processNamespace)
  }

  /// This process.
  package static let current = Owner(
    host: ProcessInfo.processInfo.hostName, process: getpid(), processStart: processStart(of: getpid()) ?? 0,
    boot: firstLine(of: "/proc/sys/kernel/random/boot_id"),
    processNamespace: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? "")

  /// Whether `owner` is certainly gone, as far as this process can see. A process on another host, or in another
  /// container, can't be seen: its lease decides.
  package func knowsGone(_ owner: Owner) -> Bool {
    guard owner.host == host, !boot.isEmpty, !owner.boot.isEmpty else { return false }
    if owner.boot != boot { return true }
    guard sees(owner) else { return false }
    if kill(owner.process, 0) != 0, errno == ESRCH { return true }
    guard let start = Owner.processStart(of: owner.process) else { return false }
    return start != owner.processStart
  }

  /// Whether this process can tell if `owner` lives: both are of one boot of one host, and of one container.
  package func sees(_ owner: Owner) -> Bool {
    owner.host == host && !boot.isEmpty && owner.boot == boot && owner.processNamespace == processNamespace
  }

  /// Field 22 of `/proc/PID/stat`, counted behind the command's name, which may hold spaces and parentheses.
  private static func processStart(of process: Int32) -> Int64? {
    let fields = firstLine(of: "/proc/\(process)/stat").split(separator: ")").last?.split(separator: " ")
    guard let fields, fields.count > 19 else { return nil }
    return Int64(fields[19])
  }

  private static func firstLine(of path: String) -> String {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return "" }
    return String(text.prefix { $0 != "\n" })
  }
}
