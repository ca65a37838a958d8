import Comparing
import Experiments
import Files
import Foundation

extension ComparisonPolicy {
  /// The policy that a user asks for.
  ///
  /// - Parameters:
  ///   - file: a JSON file with a policy; `nil` is the default one.
  ///   - tolerances: limits that go over the file's, `test_accuracy=0.005,images_per_second=10%`.
  ///   - alpha: the share of false alarms in place of the file's.
  ///   - isStrict: whether what is not decided fails, whatever the file says.
  /// - Throws: ``UsageError`` where the file or a limit can't be read.
  package init(file: String?, tolerances: [String], alpha: Double?, isStrict: Bool) throws {
    do {
      try self.init(file: file)
      for limit in try tolerances.flatMap({ try ComparisonPolicy.Limit.list($0) }) { set(limit) }
    } catch let error as PolicyError {
      throw UsageError("--tolerance: \(error)")
    }
    if let alpha { self.alpha = alpha }
    if isStrict { self.isStrict = true }
  }

  private init(file: String?) throws {
    guard let file else {
      self.init()
      return
    }
    if let complaint = FileKind(path: file)?.complaint {
      throw UsageError("--policy \(file): can't be read: \(complaint)")
    }
    let text: String
    do {
      text = try String(contentsOf: URL(filePath: file), encoding: .utf8)
    } catch {
      throw UsageError("--policy \(file): can't be read: \(SystemReason.of(error))")
    }
    do { try self.init(json: text) } catch { throw UsageError("\(file): \(error)") }
  }
}
