/// What must be the same for times, speeds and memory to be compared.
public struct Machine: Sendable, Hashable {
  /// The host's name.
  public var host: String
  /// The processor's name.
  public var cpu: String
  /// Cores that the process could use.
  public var cores: Int
  /// Trials at work at the same time.
  public var workers: Int
  /// The program's version.
  public var program: String

  /// Creates a description.
  public init(host: String, cpu: String, cores: Int, workers: Int, program: String) {
    (self.host, self.cpu, self.cores, self.workers, self.program) = (host, cpu, cores, workers, program)
  }

  /// Takes what matters of an environment.
  public init(_ environment: Environment) {
    self.init(
      host: environment.host, cpu: environment.cpu, cores: environment.cores, workers: environment.workers,
      program: environment.program)
  }
}
