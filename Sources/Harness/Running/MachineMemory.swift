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
    var names = group.split(separator: "/").filter { $0 != ".." }
    while true {
      let folder = ([mount] + names.map(String.init)).joined(separator: "/")
      if let most = files.numbers("\(folder)/\(limit)").first {
        let taken = files.numbers("\(folder)/\(used)").first ?? 0
        let givenBack = files.fields("\(folder)/memory.stat")[cache] ?? 0
        take(most, free: most - max(0, taken - givenBack), "the control group")
      }
      guard names.popLast() != nil else { return }
    }
  }
}

/// The small files in which the system tells of itself.
private struct SystemFiles {
  let root: String

  private func lines(_ path: String) -> [Substring] {
    guard let text = try? String(contentsOfFile: "\(root)/\(path)", encoding: .utf8) else { return [] }
    return text.split(separator: "\n")
  }

  /// The whole numbers of a file; a word such as `max` is none.
  func numbers(_ path: String) -> [Int] { lines(path).flatMap { $0.split(separator: " ").compactMap { Int($0) } } }

  /// The first number behind each line's first word.
  func fields(_ path: String) -> [String: Int] {
    let pairs = lines(path).compactMap { line -> (String, Int)? in
      let words = line.split(whereSeparator: { $0 == " " || $0 == ":" })
      guard words.count > 1, let value = Int(words[1]) else { return nil }
      return (String(words[0]), value)
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// The controllers and the path of each control group of the process; those of version 2 have no controllers.
  var controlGroups: [(controller: String, path: String)] {
    lines("proc/self/cgroup").compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      return parts.count == 3 ? (String(parts[1]), String(parts[2])) : nil
    }
  }
}
