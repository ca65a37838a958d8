import Foundation

/// For which vectors the kernels are built that the program runs. All give the same bits.
package enum KernelLevel: String, CaseIterable, Sendable {
  /// AVX2: eight floats in a register.
  case v3
  /// AVX-512: sixteen floats in a register.
  case v4
  /// Another family of processors, for which there is one build.
  case portable

  /// The level that the program runs at: the widest that the processor has, or what `BENCH_KERNELS` says.
  package static let chosen: KernelLevel = {
    let named = ProcessInfo.processInfo.environment[variable].flatMap { KernelLevel(rawValue: $0) }
    return named.flatMap { available.contains($0) ? $0 : nil } ?? available.last ?? .v3
  }()

  /// The levels that this processor can run, the widest last.
  package static let available: [KernelLevel] = {
    #if KERNELS_FOR_X86_64_V3
      return v4Features.allSatisfy { KernelRequirements.present?.contains($0) ?? false } ? [.v3, .v4] : [.v3]
    #else
      return [.portable]
    #endif
  }()

  /// What to tell the user where `BENCH_KERNELS` names a level that is not there; `nil` where all is well.
  package static var complaint: String? {
    complaint(named: ProcessInfo.processInfo.environment[variable], available: available)
  }

  /// The message for a value of the variable.
  static func complaint(named name: String?, available: [KernelLevel]) -> String? {
    guard let name, !name.isEmpty, !available.contains(where: { $0.rawValue == name }) else { return nil }
    let known = KernelLevel(rawValue: name) != nil
    return "\(variable) is \(name.debugDescription), "
      + (known ? "which this processor can't run" : "which is no level of the kernels")
      + "; expected \(available.map(\.rawValue).joined(separator: " or "))"
  }

  private static let variable = "BENCH_KERNELS"
  /// The features of x86-64-v4 beyond those of v3, by the names that Linux has for them.
  private static let v4Features = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]
}
