/// The machine and the program that a trial ran on.
package struct Environment: Sendable, Hashable {
  /// The host's name.
  package var host: String
  /// The processor's name.
  package var cpu: String
  /// Cores that the process may use.
  package var cores: Int
  /// Memory in bytes.
  package var memoryBytes: Int
  /// The operating system.
  package var os: String
  /// The Swift compiler that built the program.
  package var swift: String
  /// The BLAS library's version and the kind of core it chose.
  package var blas: String
  /// The program's version.
  package var program: String
  /// Trials at work at the same time.
  package var workers: Int

  /// Creates a description.
  package init(
    host: String, cpu: String, cores: Int, memoryBytes: Int, os: String, swift: String, blas: String, program: String,
    workers: Int
  ) {
    (self.host, self.cpu, self.cores, self.memoryBytes) = (host, cpu, cores, memoryBytes)
    (self.os, self.swift, self.blas, self.program, self.workers) = (os, swift, blas, program, workers)
  }
}

/// The state of the repository in which a study was run.
package struct Source: Sendable, Hashable {
  /// The commit, in hexadecimal.
  package var commit: String
  /// The branch; `nil` where the head is detached.
  package var branch: String?
  /// What had not been committed, as `git diff HEAD` prints it; `nil` where the tree was clean.
  package var diff: String?

  /// Creates a description.
  package init(commit: String, branch: String?, diff: String?) {
    (self.commit, self.branch, self.diff) = (commit, branch, diff)
  }

  /// Whether anything had not been committed.
  package var isDirty: Bool { diff != nil }
}
