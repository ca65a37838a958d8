import Experiments
import Files
import Foundation

/// The transfer of one file by curl, from the first mirror that has it whole.
struct Download {
  let file: PublishedFile
  /// Where the bytes go; what lies there already is gone on from.
  let path: String
  /// After how many seconds without a byte a mirror is given up.
  let stallSeconds: Int
  /// How long one mirror may take; `nil`: as long as the file takes at ``slowAverage``.
  let timeoutSeconds: Int?

  private static let purpose = "download data sets"
  /// A mirror may break off so many times in a row without sending anything new.
  private static let fruitlessAttempts = 2
  /// Bytes per second below which a transfer counts as stalled.
  private static let slowest = 200
  /// Bytes per second that a mirror must reach on the whole, and the seconds that it has for beginning.
  private static let slowAverage = 10_000
  private static let beginning = 60
  private static let progressMicroseconds: UInt32 = 50_000

  /// How one run of curl ended.
  private enum Transfer {
    case complete
    /// The server sent less than it announced; the rest can be asked for.
    case brokenOff(String)
    /// The server does not go on in the middle, or has nothing from there on.
    case notResumable(String)
    case failed(String)
  }

  /// Asks the mirrors in turn.
  func run(mirrors: [String], progress: (FetchProgress) -> Void) throws(DatasetError) {
    var attempts: [FetchAttempt] = []
    for mirror in mirrors {
      let url = mirror + file.name
      guard let reason = try fetch(url, progress: progress) else { return }
      attempts.append(FetchAttempt(url: url, reason: reason))
    }
    throw .notFetched(file: file.name, attempts: attempts)
  }

  /// Fetches from one address.
  ///
  /// - Returns: why it did not work; `nil` where the file is here and right.
  private func fetch(_ url: String, progress: (FetchProgress) -> Void) throws(DatasetError) -> String? {
    var (fruitless, restarts) = (0, 0)
    let allowed = timeoutSeconds ?? (Self.beginning + file.bytes / Self.slowAverage)
    let end = ContinuousClock.now + .seconds(allowed)
    while true {
      let left = (end - .now) / .seconds(1)
      guard left > 0 else { return "it took longer than \(allowed) seconds; allow more with --timeout" }
      let before = receivedBytes
      let reason: String
      switch try transfer(url, seconds: left, progress: progress) {
      case .failed(let why): return why
      case .brokenOff(let why):
        fruitless = receivedBytes > before ? 0 : fruitless + 1
        if fruitless == Self.fruitlessAttempts { return why }
        continue
      case .notResumable(let why): reason = why
      case .complete:
        guard let why = mismatch() else { return nil }
        reason = why
      }
      try discard()
      // What lay here may have been the beginning of another file; but a mirror gets one new start only.
      if before == 0 || restarts == 1 { return reason }
      restarts += 1
    }
  }

  /// Runs curl once, to the end of the file or of the mirror's will.
  private func transfer(
    _ url: String, seconds: Double, progress: (FetchProgress) -> Void
  ) throws(DatasetError) -> Transfer {
    let curl = try ChildProcess(
      .curl,
      [
        // First of all: what stands in a user's own curlrc could redirect, slow down or name other files.
        "-q", "--fail", "--silent", "--show-error", "--location", "--proto", "=http,https", "--proto-redir",
        "=http,https",
        "--connect-timeout", "\(stallSeconds)", "--speed-limit", "\(Self.slowest)", "--speed-time", "\(stallSeconds)",
        "--max-time", "\(max(1, Int(seconds.rounded(.up))))",
        "--continue-at", "-", "--output", path, "--write-out", "%{http_code}", "--", url,
      ], for: Self.purpose)
    let limit = 2 * file.bytes + 1 << 20
    while curl.isRunning {
      usleep(Self.progressMicroseconds)
      let received = receivedBytes
      progress(FetchProgress(file: file.name, url: url, receivedBytes: received, totalBytes: file.bytes))
      if received > limit {
        curl.stop()
        _ = curl.finish()
        try discard()
        return .failed("it sends far more than the \(file.bytes) bytes that were published")
      }
    }
    let end = curl.finish()
    progress(FetchProgress(file: file.name, url: url, receivedBytes: receivedBytes, totalBytes: file.bytes))
    return Self.outcome(of: end, httpCode: curl.readOutput())
  }

  /// What curl's exit status means (curl(1), "EXIT CODES").
  private static func outcome(of end: ChildProcess.End, httpCode: String) -> Transfer {
    let reason = end.message.isEmpty ? "curl ended with status \(end.status)" : end.message
    switch end.status {
    case 0: return .complete
    case 18, 28, 52, 56: return .brokenOff(reason)
    case 33, 36: return .notResumable(reason)
    case 22 where httpCode == "416": return .notResumable(reason)
    default: return .failed(reason)
    }
  }

  private var receivedBytes: Int {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
  }

  private func discard() throws(DatasetError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw .unwritable(path: path, reason: systemMessage()) }
  }

  /// In what way the file here is not the published one.
  private func mismatch() -> String? {
    do {
      let found = try file.digest(at: path)
      return found == file.digest ? nil : "its SHA-256 is \(found); expected \(file.digest)"
    } catch {
      return "\(error)"
    }
  }
}

extension PublishedFile {
  /// SHA-256 of a file here, over what this file's digest is over.
  ///
  /// - Throws: ``DatasetError/wrongSize(path:found:expected:because:)`` as soon as there is more than was published: a
  ///   container of 9 MB can hold 9 GB.
  func digest(at path: String) throws(DatasetError) -> String {
    let source = try ByteSource(path: path, unpacks: digestOf == .contents)
    var hash = ContentDigest()
    var count = 0
    while true {
      let bytes = try source.read(1 << 18)
      if bytes.isEmpty { break }
      count += bytes.count
      guard count <= digestedBytes else {
        throw .wrongSize(path: path, found: nil, expected: digestedBytes, because: "as it was published")
      }
      hash.update(bytes)
    }
    return hash.hex()
  }
}
