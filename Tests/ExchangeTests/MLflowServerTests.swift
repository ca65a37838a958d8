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
