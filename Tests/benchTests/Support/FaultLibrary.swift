import Foundation

/// A library that kills the program that it is loaded into right before or right after it moves a file into its place.
///
/// It is compiled by the test, so that the program itself knows nothing of it.
struct FaultLibrary {
  enum Moment: String { case before, after }

  private static let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Whether it can be made here.
  static var isAvailable: Bool { compiler != nil }

  private let path: String

  /// Compiles the library into a folder.
  init(in folder: URL) throws {
    path = folder.appending(path: "fault.so").path
    let source = folder.appending(path: "fault.c")
    try Self.source.write(to: source, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(filePath: Self.compiler ?? "/usr/bin/cc")
    process.arguments = ["-shared", "-fPIC", "-o", path, source.path, "-ldl"]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
  }

  /// The environment in which the program is killed when it moves a file whose new name contains `name`.
  ///
  /// - Parameter count: which of such moves it is, from 1.
  func environment(killing moment: Moment, moveTo name: String, count: Int = 1) -> [String: String] {
    ["LD_PRELOAD": path, "FAULT_MOMENT": moment.rawValue, "FAULT_NAME": name, "FAULT_COUNT": "\(count)"]
  }

  private static let source = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <signal.h>
    #include <stdlib.h>
    #include <string.h>
    #include <unistd.h>

    static int moves;

    static int is_meant(const char *to) {
      const char *name = getenv("FAULT_NAME"), *count = getenv("FAULT_COUNT");
      return name && count && to && strstr(to, name) && __sync_add_and_fetch(&moves, 1) == atoi(count);
    }

    static void end_if(const char *moment) {
      if (!strcmp(getenv("FAULT_MOMENT"), moment)) kill(getpid(), SIGKILL);
    }

    int rename(const char *from, const char *to) {
      int (*next)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
      int meant = is_meant(to);
      if (meant) end_if("before");
      int result = next(from, to);
      if (meant) end_if("after");
      return result;
    }

    int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
      int (*next)(int, const char *, int, const char *, unsigned) = dlsym(RTLD_NEXT, "renameat2");
      int meant = is_meant(to);
      if (meant) end_if("before");
      int result = next(a, from, b, to, flags);
      if (meant) end_if("after");
      return result;
    }
    """
}
