/// What must be the same for times, speeds and memory to be compared.
package struct Machine: Sendable, Hashable {
  /// The host's name.
  package var host: String
  /// The processor's name.
  package var cpu: String
  /// Cores that the process could use.
  package var cores: Int
  /// Trials at work at the same time.
  package var workers: Int
  /// The program's version.
  package var program: String

  /// Creates a description.
  package init(host: String, cpu: String, cores: Int, workers: Int, program: String) {
    (self.host, self.cpu, self.cores, self.workers, self.program) = (host, cpu, cores, workers, program)
  }

  /// Takes what matters of an environment.
  package init(_ environment: Environment) {
    self.init(
      host: environment.host, cpu: environment.cpu, cores: environment.cores, workers: environment.workers,
      program: environment.program)
  }
}
