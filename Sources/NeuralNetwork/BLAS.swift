import Kernels

/// The matrix library that the program runs on.
public enum BLAS {
  /// Version, build options and the kind of processor core that the library chose its kernels for.
  public static var description: String {
    "\(blasConfiguration().split(separator: " ").joined(separator: " ")) on \(coreName)"
  }

  /// The kind of processor core that the library chose its kernels for, such as `Haswell`.
  public static var coreName: String { blasCoreName() }

  /// Makes the library use one thread a call, once for the process.
  static let isSingleThreaded: Bool = {
    useOneBLASThread()
    return true
  }()
}
