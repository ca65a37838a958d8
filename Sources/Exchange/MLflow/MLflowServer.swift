import Files
import Foundation
import Presentation

/// Who asks an MLflow server, as its own client takes it from the environment.
package enum MLflowCredentials: Sendable, Hashable {
  /// Nobody.
  case none
  /// `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`.
  case user(String, password: String)
  /// `MLFLOW_TRACKING_TOKEN`.
  case token(String)

  /// Takes them from an environment; a name and its password go before a token, as in MLflow's client.
  package init(environment: [String: String]) {
    func value(_ name: String) -> String? { environment["MLFLOW_TRACKING_\(name)"].flatMap { $0.isEmpty ? nil : $0 } }
    if let name = value("USERNAME"), let password = value("PASSWORD") {
      self = .user(name, password: password)
    } else if let token = value("TOKEN") {
      self = .token(token)
    } else {
      self = .none
    }
  }
}

/// An MLflow server, asked by its REST API with curl.
///
/// Credentials go to curl over its standard input: arguments can be read by everybody on the machine.
package struct MLflowServer: Sendable {
  private let url: String
  private let credentials: MLflowCredentials
  private let timeoutSeconds: Int

  /// Bytes of an answer at most.
  private static let answerLimit = 256 << 20

  /// Names a server, of which nothing is asked yet.
  ///
  /// - Parameters:
  ///   - url: where the server is: `http://localhost:5000`.
  ///   - credentials: who asks.
  ///   - timeoutSeconds: how long a request may take.
  /// - Throws: ``MLflowError`` where the address is no such address, or holds a password.
  package init(url: String, credentials: MLflowCredentials, timeoutSeconds: Int) throws(MLflowError) {
    let parts = URLComponents(string: url)
    guard let parts, ["http", "https"].contains(parts.scheme?.lowercased()), parts.host?.isEmpty == false else {
      throw MLflowError("the address \(quoted(url)) is not one of a server; expected http://HOST:PORT or https://HOST")
    }
    guard parts.user == nil, parts.password == nil else {
      throw MLflowError(
        "the address holds a name or a password, which everybody on this machine could read; set "
          + "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN")
    }
    guard parts.query == nil, parts.fragment == nil else {
      throw MLflowError("the address \(quoted(url)) has something behind ? or #; expected http://HOST:PORT")
    }
    self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
    (self.credentials, self.timeoutSeconds) = (credentials, timeoutSeconds)
  }

  /// Calls a method.
  ///
  /// - Parameters:
  ///   - method: its path below `/api/2.0/mlflow/`.
  ///   - body: what is sent.
  /// - Throws: ``MLflowError`` where the server refuses or does not answer.
  func call(_ method: String, _ body: JSONValue) throws(MLflowError) -> JSONValue {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bench-mlflow-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "body.json")
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try Data(body.compactText.utf8).write(to: file)
    } catch {
      throw MLflowError("\(file.path): can't be written: \(SystemReason.of(error))")
    }
    let address = "\(url)/api/2.0/mlflow/\(method)"
    return try answer(
      of: curl(configuration(address, body: file.path)), saying: "MLflow at \(escaped(url)), \(method)")
  }

  /// What curl reads from its standard input.
  private func configuration(_ address: String, body: String) -> String {
    var lines = [
      ("url", address), ("data-binary", "@\(body)"), ("header", "Content-Type: application/json"),
      ("header", "Expect:"), ("proto", "=http,https"), ("max-time", "\(timeoutSeconds)"),
      ("connect-timeout", "\(min(timeoutSeconds, 30))"), ("write-out", "\\n%{http_code} %{redirect_url}"),
    ]
    switch credentials {
    case .none: break
    case .user(let name, let password): lines.append(("user", "\(name):\(password)"))
    case .token(let token): lines.append(("header", "Authorization: Bearer \(token)"))
    }
    return "silent\nshow-error\ngloboff\n" + lines.map { "\($0.0) = \(Self.quotedForCurl($0.1))\n" }.joined()
  }

  /// A value of curl's configuration; a line end would begin another setting.
  private static func quotedForCurl(_ value: String) -> String {
    let text = value.filter { !$0.isNewline }
    let isFormat = text.hasPrefix("\\n%{")
    let escaped = isFormat ? text : text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "\"\(escaped)\""
  }

  private func curl(_ configuration: String) throws(MLflowError) -> ChildProcess.Outcome {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw MLflowError("no pipe to curl: \(SystemReason.of())") }
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // Nobody reads yet: what the pipe does not hold would be waited for without an end.
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    let bytes = Array(configuration.utf8)
    let written = write(ends[1], bytes, bytes.count)
    close(ends[1])
    guard written == bytes.count else {
      throw MLflowError(
        "the address and the credentials have \(NumberText.count(bytes.count)) bytes, more than can be handed to curl; "
          + "check --to and MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD and MLFLOW_TRACKING_TOKEN")
    }
    do {
      // First of all: what stands in a user's own curlrc could redirect the request.
      return try ChildProcess("curl", ["-q", "--config", "-"], input: ends[0])
        .outcome(limit: Self.answerLimit, seconds: Double(timeoutSeconds) + 10)
    } catch {
      throw MLflowError(
        error.code == ENOENT
          ? "curl is not here: export mlflow needs it; apt-get install curl brings it"
          : "curl can't be started: \(SystemReason.of(code: error.code))")
    }
  }

  private func answer(of outcome: ChildProcess.Outcome, saying place: String) throws(MLflowError) -> JSONValue {
    switch outcome {
    case .tooSlow: throw MLflowError("\(place): no answer within \(timeoutSeconds) seconds; allow more with --timeout")
    case .tooLong: throw MLflowError("\(place): the answer has more than \(Self.answerLimit) bytes")
    case .ended(let status, let output, let errors):
      guard status == 0 else {
        let reason = errors.isEmpty ? "curl ended with status \(status)" : PlainText.oneLine(errors.trimmed)
        throw MLflowError("\(place): \(reason)")
      }
      let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
      let ending = (lines.last ?? "").split(separator: " ", maxSplits: 1).map(String.init)
      let code = ending.first.flatMap { Int($0) } ?? 0
      let text = lines.dropLast().joined(separator: "\n")
      var reader = JSONReader(Array(text.utf8))
      let value = try? reader.read().value
      guard code == 200, let value else {
        let advice = advice(on: code, redirect: ending.count > 1 ? ending[1] : nil, isMLflow: value != nil)
        // A page that is no answer of MLflow's says less than the advice.
        let message = value?["message"]?.string ?? (advice == nil ? text : "")
        let kind = value?["error_code"]?.string.map { " \($0)" } ?? ""
        let words = [PlainText.shortened(PlainText.oneLine(message).trimmed, to: 300), advice ?? ""]
        throw MLflowError(
          "\(place): status \(code)\(PlainText.oneLine(kind)): "
            + words.filter { !$0.isEmpty }.joined(separator: "; "), kind: value?["error_code"]?.string)
      }
      return value
    }
  }

  /// What to do about an answer; `nil` where the server's own words are all there is to say.
  private func advice(on code: Int, redirect: String?, isMLflow: Bool) -> String? {
    switch code {
    case 300..<400:
      let place = redirect.map { $0.components(separatedBy: "/api/2.0/mlflow/")[0] }
      return
        "the server sends requests to \(place.map { escaped($0) } ?? "another address"), which are not followed, so "
        + "that credentials go nowhere else; name the address itself with --to"
    case 401, 403:
      return credentials == .none
        ? "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"
        : "check MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"
    case 404 where !isMLflow, 200: return "there is no MLflow at this address"
    default: return nil
    }
  }
}

/// Why something could not be brought to an MLflow server.
package struct MLflowError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where, what was found, and how to mend it.
  package let description: String
  /// The server's own word for it: `RESOURCE_ALREADY_EXISTS`.
  let kind: String?

  init(_ description: String, kind: String? = nil) { (self.description, self.kind) = (description, kind) }
}
