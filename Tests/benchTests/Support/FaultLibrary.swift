import Foundation

/// A library that kills the program that it is loaded into, or lets a system call of it fail, where it writes to the disk.
///
/// It is compiled by the test, so that the program itself knows nothing of it. It counts calls of each kind, and does not
/// touch the programs that ours starts, nor what is written to pipes and terminals.
struct FaultLibrary {
  enum Moment: String { case before, after }

  /// Calls that count as one kind.
  enum Call: String, CaseIterable {
    case rename, renameat2, fsync, fdatasync, write, pwrite, unlink, mkdir, ftruncate
    /// `fsync` of a folder, which forces the names in it to the disk.
    case fsyncFolder
  }

  /// What happens at a call.
  enum Kind: String, CaseIterable {
    /// The call is not made and says `EIO`; the next one is made.
    case error
    /// A write is cut short; from then on there is no room for anything: `ENOSPC`.
    case full
    case killBefore, killAfter
    /// Half of a write, then the kill.
    case killHalfway
  }

  /// One fault: the `number`-th call of a kind, from 1.
  struct Fault: CustomStringConvertible {
    var kind: Kind
    var call: Call
    var number: Int

    var description: String { "\(kind) at \(call) \(number)" }
  }

  private static let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Whether it can be made here.
  static var isAvailable: Bool { compiler != nil }

  private let folder: URL
  private var library: String { folder.appending(path: "fault.so").path }

  /// Compiles the library into a folder.
  init(in folder: URL) throws {
    self.folder = folder
    let source = folder.appending(path: "fault.c")
    try Self.source.write(to: source, atomically: true, encoding: .utf8)
    let arguments = ["-shared", "-fPIC", "-O1", "-o", library, source.path, "-ldl"]
    guard try Tool.run(Self.compiler ?? "/usr/bin/cc", arguments) == 0 else { throw CocoaError(.executableLoad) }
  }

  /// The environment in which the program is killed when it moves a file whose new name contains `name`.
  ///
  /// - Parameter count: which of such moves it is, from 1.
  func environment(killing moment: Moment, moveTo name: String, count: Int = 1) -> [String: String] {
    [
      "LD_PRELOAD": library, "FAULT_KIND": (moment == .before ? Kind.killBefore : .killAfter).rawValue,
      "FAULT_CALL": "move", "FAULT_NAME": name, "FAULT_NUMBER": "\(count)",
    ]
  }

  /// The environment in which a fault happens; without one, calls are counted.
  ///
  /// - Parameter path: of the calls that force files and folders to the disk, those count whose path is like this, as a
  ///   shell would say it.
  func environment(_ fault: Fault?, at path: String? = nil) throws -> [String: String] {
    try Data(count: MemoryLayout<Int64>.stride * (Call.allCases.count + 1)).write(to: counts)
    var environment = ["LD_PRELOAD": library, "FAULT_COUNTS": counts.path]
    if let fault {
      environment["FAULT_KIND"] = fault.kind.rawValue
      environment["FAULT_CALL"] = fault.call.rawValue
      environment["FAULT_NUMBER"] = "\(fault.number)"
    }
    environment["FAULT_NAME"] = path
    return environment
  }

  /// How many calls of each kind the last program made that was started in ``environment(_:)``.
  func calls() throws -> [Call: Int] {
    let numbers = try Data(contentsOf: counts).withUnsafeBytes { Array($0.bindMemory(to: Int64.self)) }
    return Dictionary(uniqueKeysWithValues: zip(Call.allCases, numbers).map { ($0, Int($1)) })
  }

  private var counts: URL { folder.appending(path: "fault-counts") }

  private static let source = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <fcntl.h>
    #include <fnmatch.h>
    #include <signal.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/mman.h>
    #include <sys/stat.h>
    #include <unistd.h>

    enum { RENAME, RENAMEAT2, FSYNC, FDATASYNC, WRITE, PWRITE, UNLINK, MKDIR, FTRUNCATE, FSYNC_FOLDER, MOVE, KINDS };
    static const char *names[KINDS] = {
      "rename", "renameat2", "fsync", "fdatasync", "write", "pwrite", "unlink", "mkdir", "ftruncate", "fsyncFolder",
      "move"
    };
    enum { NOTHING, ERROR, FULL, KILL_BEFORE, KILL_AFTER, KILL_HALFWAY };
    static long own[KINDS], *counts = own;
    static int ours, meant_call = -1, kind, full;
    static long number;
    static const char *place;

    __attribute__((constructor)) static void begin(void) {
      const char *base = strrchr(program_invocation_name, '/');
      ours = !strcmp(base ? base + 1 : program_invocation_name, "bench");
      const char *call = getenv("FAULT_CALL"), *what = getenv("FAULT_KIND"), *which = getenv("FAULT_NUMBER");
      const char *file = getenv("FAULT_COUNTS");
      place = getenv("FAULT_NAME");
      if (call && what && which) {
        const char *kinds[] = { "", "error", "full", "killBefore", "killAfter", "killHalfway" };
        for (int i = 0; i < KINDS; i++) if (!strcmp(call, names[i])) meant_call = i;
        for (int i = 0; i < 6; i++) if (!strcmp(what, kinds[i])) kind = i;
        number = atol(which);
      }
      if (ours && file) {
        int descriptor = open(file, O_RDWR | O_CLOEXEC);
        if (descriptor >= 0) {
          void *map = mmap(0, KINDS * sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
          if (map != MAP_FAILED) counts = map;
          close(descriptor);
        }
      }
    }

    // What is to happen at a call, which is counted.
    static int fault_at(int call) {
      if (!ours) return NOTHING;
      long count = __sync_add_and_fetch(&counts[call], 1);
      return call == meant_call && count == number ? kind : NOTHING;
    }

    static int move_fault(int call, const char *to) {
      if (meant_call != MOVE) return fault_at(call);
      return place && strstr(to, place) ? fault_at(MOVE) : NOTHING;
    }

    static void end(void) { kill(getpid(), SIGKILL); for (;;) pause(); }

    // Before a call that is made as a whole or not at all; 1: it is not to be made.
    static int stopped(int fault, int needs_room) {
      if (fault == KILL_BEFORE || fault == KILL_HALFWAY) end();
      if (fault == FULL) full = 1;
      if (fault == ERROR) { errno = EIO; return 1; }
      if (full && needs_room) { errno = ENOSPC; return 1; }
      return 0;
    }

    #define CALL(result, name, parameters, arguments, fault_of, needs_room) \\
      result name parameters { \\
        result (*next) parameters = dlsym(RTLD_NEXT, #name); \\
        int fault = fault_of; \\
        if (stopped(fault, needs_room)) return -1; \\
        result value = next arguments; \\
        if (fault == KILL_AFTER) end(); \\
        return value; \\
      }

    CALL(int, rename, (const char *from, const char *to), (from, to), move_fault(RENAME, to), 0)
    CALL(int, renameat2, (int a, const char *from, int b, const char *to, unsigned flags), (a, from, b, to, flags),
         move_fault(RENAMEAT2, to), 0)
    static int is_folder(int descriptor) {
      struct stat status;
      return fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode);
    }

    static int sync_fault(int descriptor) {
      char link[64], path[4096];
      snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
      ssize_t length = place ? readlink(link, path, sizeof path - 1) : 0;
      path[length > 0 ? length : 0] = 0;
      if (place && fnmatch(place, path, 0)) return NOTHING;
      return fault_at(is_folder(descriptor) ? FSYNC_FOLDER : FSYNC);
    }

    CALL(int, fsync, (int file), (file), sync_fault(file), 0)
    CALL(int, fdatasync, (int file), (file), fault_at(FDATASYNC), 0)
    CALL(int, unlink, (const char *path), (path), fault_at(UNLINK), 0)
    CALL(int, mkdir, (const char *path, mode_t mode), (path, mode), fault_at(MKDIR), 1)
    CALL(int, ftruncate, (int file, off_t size), (file, size), fault_at(FTRUNCATE), 0)
    CALL(int, ftruncate64, (int file, off64_t size), (file, size), fault_at(FTRUNCATE), 0)

    static int is_file(int descriptor) {
      struct stat status;
      return descriptor > 2 && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    }

    // A write that meets its fault is cut short: the disk takes half of it and is full, or the power goes.
    #define WRITING(name, parameters, whole, half, call) \\
      ssize_t name parameters { \\
        ssize_t (*next) parameters = dlsym(RTLD_NEXT, #name); \\
        if (!ours || !is_file(file)) return next whole; \\
        int fault = fault_at(call); \\
        if (fault == FULL && size > 1) { full = 1; return next half; } \\
        if (fault == KILL_HALFWAY) { next half; end(); } \\
        if (stopped(fault, 1)) return -1; \\
        ssize_t value = next whole; \\
        if (fault == KILL_AFTER) end(); \\
        return value; \\
      }

    WRITING(write, (int file, const void *bytes, size_t size), (file, bytes, size), (file, bytes, size / 2), WRITE)
    WRITING(pwrite, (int file, const void *bytes, size_t size, off_t at), (file, bytes, size, at),
            (file, bytes, size / 2, at), PWRITE)
    WRITING(pwrite64, (int file, const void *bytes, size_t size, off64_t at), (file, bytes, size, at),
            (file, bytes, size / 2, at), PWRITE)
    """
}
