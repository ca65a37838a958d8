import Presentation
import Synchronization
import TestSupport

@testable import Exchange

/// A server on the loopback interface that answers as MLflow does, and keeps what it is sent.
final class FakeMLflow: Sendable {
  struct Run {
    var id: String
    var tags: [String: String] = [:]
    var parameters: [String: String] = [:]
    /// In the order in which they came.
    var values: [(name: String, step: Int, value: Double)] = []
    var status = "RUNNING"
    var endTime: Int?

    /// Whether no metric has two values of one step.
    var hasEachOnce: Bool { Set(values.map { "\($0.name) \($0.step)" }).count == values.count }
  }

  fileprivate struct State {
    var runs: [Run] = []
    /// The method that is refused, after so many of its calls.
    var refusal: (method: String, after: Int)?
  }

  private final class Shared: Sendable {
    let state = Mutex(State())
  }

  private let shared: Shared
  private let loopback: LoopbackServer

  init() throws {
    let shared = Shared()
    self.shared = shared
    loopback = try LoopbackServer { request in
      var reader = JSONReader(request.body)
      let body = (try? reader.read().value) ?? .null
      let method = request.path.split(separator: "/").suffix(2).joined(separator: "/")
      let answer = shared.state.withLock { $0.answer(method, body) }
      return .init(status: answer == nil ? 500 : 200, body: Array((answer ?? [:]).compactText.utf8))
    }
  }

  /// A client of it.
  var client: MLflowServer {
    get throws {
      try MLflowServer(url: String(loopback.address.dropLast()), credentials: .none, timeoutSeconds: 20)
    }
  }

  /// What it has.
  var runs: [Run] { shared.state.withLock { $0.runs } }

  /// Lets the server refuse a method after so many further calls; `nil` refuses none.
  func refuse(_ method: String?, after calls: Int = 0) {
    shared.state.withLock { $0.refusal = method.map { ($0, calls) } }
  }

  /// Changes what it has.
  func change(_ body: (inout [Run]) -> Void) { shared.state.withLock { body(&$0.runs) } }
}

extension FakeMLflow.State {
  fileprivate mutating func answer(_ method: String, _ body: JSONValue) -> JSONValue? {
    if let refusal, refusal.method == method {
      if refusal.after == 0 { return nil }
      self.refusal?.after -= 1
    }
    func pairs(_ list: JSONValue?) -> [(String, String)] {
      (list?.array ?? []).compactMap { pair in
        pair["key"]?.string.flatMap { key in pair["value"]?.string.map { (key, $0) } }
      }
    }
    func entries(_ pairs: [String: String]) -> JSONValue {
      .array(pairs.map { ["key": .string($0.key), "value": .string($0.value)] })
    }
    let place = runs.firstIndex { $0.id == body["run_id"]?.string }
    switch (method, place) {
    case ("experiments/create", _): return ["experiment_id": "1"]
    case ("runs/search", _):
      return [
        "runs": .array(
          runs.map { run in
            [
              "info": [
                "run_id": .string(run.id), "status": .string(run.status), "end_time": .optional(run.endTime),
              ], "data": ["tags": entries(run.tags), "params": entries(run.parameters)],
            ]
          })
      ]
    case ("runs/create", _):
      let run = FakeMLflow.Run(id: "run\(runs.count)", tags: Dictionary(pairs(body["tags"])) { $1 })
      runs.append(run)
      return ["run": ["info": ["run_id": .string(run.id)]]]
    case ("runs/log-batch", let place?):
      let values = (body["metrics"]?.array ?? []).compactMap { metric in
        metric["key"]?.string.flatMap { name in
          metric["step"]?.int.flatMap { step in metric["value"]?.double.map { (name: name, step: step, value: $0) } }
        }
      }
      guard values.count + pairs(body["tags"]).count <= 1000 else { return nil }
      runs[place].values += values
      runs[place].parameters.merge(pairs(body["params"])) { $1 }
      runs[place].tags.merge(pairs(body["tags"])) { $1 }
      return [:]
    case ("runs/update", let place?):
      runs[place].status = body["status"]?.string ?? runs[place].status
      runs[place].endTime = body["end_time"]?.int ?? runs[place].endTime
      return [:]
    default: return nil
    }
  }
}
