import Foundation

/// The memory that the machine, and the control groups that the process is in, let it have.
package struct MachineMemory: Sendable, Hashable {
  /// The most that it can ever be, in bytes, what the process has taken already included.
  package var limit: Int
  /// What can be had on top of that now, in bytes: what others have not taken.
  package var available: Int
  /// What sets the limit: `this machine`, `the control group`, `ulimit -v`.
  package var source: String

  /// Memory of a given size.
  package init(limit: Int, available: Int, source: String = "this machine") {
    (self.limit, self.available, self.source) = (limit, available, source)
  }

  /// Looks at the system.
  ///
  /// - Parameter root: the folder that `/proc` and `/sys` are in.
  package init(root: String = "/") {
    self.init(limit: .max, available: .max)
    let files = SystemFiles(root: root)
    let machine = files.fields("proc/meminfo")
    take(machine["MemTotal"].map { $0 << 10 }, free: machine["MemAvailable"].map { $0 << 10 }, "this machine")
    for (controller, group) in files.controlGroups {
      if controller.isEmpty {
        takeGroups("sys/fs/cgroup", group, files, limit: "memory.max", used: "memory.current", cache: "inactive_file")
      } else if controller.split(separator: ",").contains("memory") {
        takeGroups(
          "sys/fs/cgroup/memory", group, files, limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes",
          cache: "total_inactive_file")
      }
    }
    var addresses = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &addresses) == 0, addresses.rlim_cur < Int.max {
      let pages = files.numbers("proc/self/statm").first ?? 0
      let limit = Int(addresses.rlim_cur)
      take(limit, free: limit - pages * Int(sysconf(Int32(_SC_PAGESIZE))), "ulimit -v")
    }
  }

  /// What trials can have together, beside data that is loaded already.
  func room(beside data: Int) -> Int { max(0, min(limit - data, available)) }

  private mutating func take(_ limit: Int?, free: Int?, _ source: String) {
    guard let limit else { return }
    if limit < self.limit { (self.limit, self.source) = (limit, source) }
    available = min(available, max(0, free ?? limit))
  }

  /// Takes the limits of a control group and of those that it is in. Files that are read once lie in the cache, which the
  /// system gives back.
  private mutating func takeGroups(
    _ mount: String, _ group: String, _ files: SystemFiles, limit: String, used: String, cache: String
  ) {
    for folder in SystemFiles.folders(of: group, mount: mount) {
      if let most = files.numbers("\(folder)/\(limit)").first {
        let taken = files.numbers("\(folder)/\(used)").first ?? 0
        let givenBack = files.fields("\(folder)/memory.stat")[cache] ?? 0
        take(most, free: most - max(0, taken - givenBack), "the control group")
      }
    }
  }
}
