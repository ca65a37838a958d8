/// The machine and the program that a trial ran on.
public struct Environment: Sendable, Hashable {
  /// The host's name.
  public var host: String
  /// The processor's name.
  public var cpu: String
  /// Cores that the process may use.
  public var cores: Int
  /// Memory in bytes.
  public var memoryBytes: Int
  /// The operating system.
  public var os: String
  /// The Swift compiler that built the program.
  public var swift: String
  /// The BLAS library's version and the kind of core it chose.
  public var blas: String
  /// The program's version.
  public var program: String
  /// Trials at work at the same time.
  public var workers: Int

  /// Creates a description.
  public init(
    host: String, cpu: String, cores: Int, memoryBytes: Int, os: String, swift: String, blas: String, program: String,
    workers: Int
  ) {
    (self.host, self.cpu, self.cores, self.memoryBytes) = (host, cpu, cores, memoryBytes)
    (self.os, self.swift, self.blas, self.program, self.workers) = (os, swift, blas, program, workers)
  }
}

/// The state of the repository in which a study was run.
public struct Source: Sendable, Hashable {
  /// The commit, in hexadecimal.
  public var commit: String
  /// The branch; `nil` where the head is detached.
  public var branch: String?
  /// What had not been committed, as `git diff HEAD` prints it; `nil` where the tree was clean.
  public var diff: String?

  /// Creates a description.
  public init(commit: String, branch: String?, diff: String?) {
    (self.commit, self.branch, self.diff) = (commit, branch, diff)
  }

  /// Whether anything had not been committed.
  public var isDirty: Bool { diff != nil }
}
