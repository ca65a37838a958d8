/// The processor that the program runs on, looked at by code that any processor of its family can run.
package enum KernelRequirements {
  /// What the kernels were compiled for and this processor lacks, by the names that `/proc/cpuinfo` has for them;
  /// empty where the program can run.
  package static var missingFeatures: [String] { needed.filter { !has($0) } }

  /// What to tell the user before the program stops; `nil` where it can run.
  package static var complaint: String? { complaint(missing: missingFeatures) }

  /// The message for a processor that lacks these features.
  static func complaint(missing features: [String]) -> String? {
    if features.isEmpty { return nil }
    return """
      This processor lacks \(features.joined(separator: ", ")), which this build of bench needs (x86-64-v3).
      Build it for this processor: in Package.swift replace -march=x86-64-v3 by -march=native and take out the line with \
      KERNELS_FOR_X86_64_V3, then run `swift build -c release`.
      """
  }
}
