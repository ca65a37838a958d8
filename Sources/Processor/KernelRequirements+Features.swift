#if KERNELS_FOR_X86_64_V3
  import Foundation

  extension KernelRequirements {
    /// The features of x86-64-v3 beyond those of every x86-64, by the names that Linux has for them.
    ///
    /// Source: System V ABI for x86-64, table of micro-architecture levels; `abm` is LZCNT.
    static let needed = [
      "ssse3", "fma", "cx16", "sse4_1", "sse4_2", "movbe", "popcnt", "avx", "f16c", "abm", "bmi1", "avx2", "bmi2",
    ]

    /// The features that the operating system lets programs use.
    static let present: Set<String>? = {
      guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return nil }
      return features(inCPUInfo: text)
    }()

    /// The features that the first processor in the text of `/proc/cpuinfo` has; `nil` where it says nothing.
    static func features(inCPUInfo text: String) -> Set<String>? {
      for line in text.split(separator: "\n") where line.hasPrefix("flags") {
        guard let colon = line.firstIndex(of: ":") else { continue }
        return Set(line[line.index(after: colon)...].split(separator: " ").map(String.init))
      }
      return nil
    }

    /// Whether the processor has a feature; so assumed where the system does not tell.
    static func has(_ feature: String) -> Bool { present?.contains(feature) ?? true }
  }
#else
  extension KernelRequirements {
    /// The kernels use nothing here that not every processor has.
    static let needed: [String] = []

    static func has(_ feature: String) -> Bool { true }
  }
#endif
