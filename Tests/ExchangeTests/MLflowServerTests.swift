import TestSupport
import Testing

@testable import Exchange

/// What is asked of an MLflow server before any request; `Tests/Exchange/mlflow_check.py` asks a real one.
@Suite struct MLflowServerTests {
  private func server(_ url: String) throws -> MLflowServer {
    try MLflowServer(url: url, credentials: .none, timeoutSeconds: 5)
  }

  @Test(arguments: [
    (
      "localhost:5000",
      "the address \"localhost:5000\" is not one of a server; expected http://HOST:PORT or https://HOST"
    ),
    (
      "file:///etc/passwd",
      "the address \"file:///etc/passwd\" is not one of a server; expected http://HOST:PORT or https://HOST"
    ),
    ("", "the address \"\" is not one of a server; expected http://HOST:PORT or https://HOST"),
    (
      "https://me:secret@host",
      "the address holds a name or a password, which everybody on this machine could read; set "
        + "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"
    ),
    ("http://host/?x=1", "the address \"http://host/?x=1\" has something behind ? or #; expected http://HOST:PORT"),
  ])
  func addressesAreChecked(url: String, message: String) {
    let error = #expect(throws: MLflowError.self) { try server(url) }
    #expect(error?.description == message)
  }

  @Test(arguments: [
    ([:], MLflowCredentials.none), (["USERNAME": "me"], .none),
    (["USERNAME": "me", "PASSWORD": "p", "TOKEN": "t"], .user("me", password: "p")), (["TOKEN": "t"], .token("t")),
    (["TOKEN": ""], .none),
  ])
  func credentialsComeFromTheEnvironment(variables: [String: String], expected: MLflowCredentials) {
    let environment = Dictionary(uniqueKeysWithValues: variables.map { ("MLFLOW_TRACKING_\($0.key)", $0.value) })
    #expect(MLflowCredentials(environment: environment) == expected)
  }

  @Test func aServerThatIsNotThereIsTold() throws {
    let error = #expect(throws: MLflowError.self) { try server("http://127.0.0.1:1").call("runs/search", [:]) }
    #expect(
      error?.description.hasPrefix("MLflow at http://127.0.0.1:1, runs/search: curl: (7)") == true, "\(error as Any)")
  }
}

/// What is said of answers that are not MLflow's.
@Suite struct MLflowAnswerTests {
  private func fault(
    _ response: LoopbackServer.Response, credentials: MLflowCredentials = .none
  ) throws -> String {
    let loopback = try LoopbackServer { _ in response }
    let url = String(loopback.address.dropLast())
    let server = try MLflowServer(url: url, credentials: credentials, timeoutSeconds: 20)
    let error = #expect(throws: MLflowError.self) { try server.call("experiments/create", [:]) }
    return (error?.description ?? "").replacing(url, with: "URL")
  }

  @Test func whatToDoIsSaidByTheStatus() throws {
    let place = "MLflow at URL, experiments/create: status"
    #expect(
      try fault(
        .init(status: 301, header: ("Location", "https://other.example/base/api/2.0/mlflow/experiments/create")))
        == "\(place) 301: the server sends requests to https://other.example/base, which are not followed, so that "
        + "credentials go nowhere else; name the address itself with --to")
    #expect(
      try fault(.init(status: 401))
        == "\(place) 401: set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN")
    #expect(
      try fault(
        .init(status: 403, body: Array("{\"error_code\": \"PERMISSION_DENIED\", \"message\": \"not you\"}".utf8)),
        credentials: .token("t"))
        == "\(place) 403 PERMISSION_DENIED: not you; check MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or "
        + "MLFLOW_TRACKING_TOKEN")
    for status in [404, 200] {
      #expect(
        try fault(.init(status: status, body: Array("<html>\nno such page".utf8)))
          == "\(place) \(status): there is no MLflow at this address")
    }
    #expect(try fault(.init(status: 500, body: Array("out of\nmemory".utf8))) == "\(place) 500: out of memory")
  }

  /// More than a pipe holds would be waited for without an end.
  @Test func whatIsTooLongForAPipeIsRefused() throws {
    let server = try MLflowServer(
      url: "http://127.0.0.1:1", credentials: .token(String(repeating: "x", count: 1 << 20)), timeoutSeconds: 5)
    let error = #expect(throws: MLflowError.self) { try server.call("runs/search", [:]) }
    #expect(
      error?.description.hasPrefix("the address and the credentials have 1,048,") == true
        && error?.description.hasSuffix(
          "bytes, more than can be handed to curl; check --to and MLFLOW_TRACKING_USERNAME, "
            + "MLFLOW_TRACKING_PASSWORD and MLFLOW_TRACKING_TOKEN") == true,
      "\(error as Any)")
  }

  /// Brackets and braces are no patterns of addresses.
  @Test func anAddressIsTakenAsItStands() throws {
    let loopback = try LoopbackServer { _ in .init(body: Array("{}".utf8)) }
    let server = try MLflowServer(
      url: "\(loopback.address)%5B1-2%5D{a,b}", credentials: .none, timeoutSeconds: 20)
    _ = try server.call("runs/search", [:])
    #expect(loopback.requests.count == 1)
  }
}
