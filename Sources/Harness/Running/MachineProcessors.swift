import Foundation

/// The processors that the process may use: not those of the machine, where a batch system or a container gives it fewer.
package enum MachineProcessors {
  /// What the batch system says, else the processors of the process's affinity, and no more than the control groups'
  /// quota of processor time comes to.
  ///
  /// - Parameter root: the folder that `/proc` and `/sys` are in.
  package static func available(
    environment: [String: String] = ProcessInfo.processInfo.environment, root: String = "/"
  ) -> Int {
    let files = SystemFiles(root: root)
    if let task = environment["SLURM_CPUS_PER_TASK"].flatMap({ Int($0) }), task > 0 { return task }
    let allowed = affinity(files) ?? ProcessInfo.processInfo.activeProcessorCount
    return max(1, min(allowed, quota(files) ?? .max))
  }

  /// The number of processors that the system may put the process on: `Cpus_allowed_list: 0-3,8`.
  private static func affinity(_ files: SystemFiles) -> Int? {
    let words = files.words("proc/self/status")
    guard let place = words.firstIndex(of: "Cpus_allowed_list:"), place + 1 < words.count else { return nil }
    let count = words[place + 1].split(separator: ",").reduce(0) { sum, range in
      let ends = range.split(separator: "-").compactMap { Int($0) }
      return sum + (ends.first.map { (ends.last ?? $0) - $0 + 1 } ?? 0)
    }
    return count > 0 ? count : nil
  }

  /// The processors that the control groups' quota of processor time comes to, rounded up; `nil` without one.
  private static func quota(_ files: SystemFiles) -> Int? {
    var quotas: [Double] = []
    for (controller, group) in files.controlGroups {
      if controller.isEmpty {
        for folder in SystemFiles.folders(of: group, mount: "sys/fs/cgroup") {
          // "max 100000" without a limit
          let words = files.words("\(folder)/cpu.max")
          if words.count == 2, let quota = Double(words[0]), let period = Double(words[1]), period > 0 {
            quotas.append(quota / period)
          }
        }
      } else if controller.split(separator: ",").contains("cpu") {
        for mount in ["sys/fs/cgroup/cpu", "sys/fs/cgroup/cpu,cpuacct"] {
          for folder in SystemFiles.folders(of: group, mount: mount) {
            if let quota = files.numbers("\(folder)/cpu.cfs_quota_us").first, quota > 0,
              let period = files.numbers("\(folder)/cpu.cfs_period_us").first, period > 0
            {
              quotas.append(Double(quota) / Double(period))
            }
          }
        }
      }
    }
    return quotas.min().map { Int($0.rounded(.up)) }
  }
}
