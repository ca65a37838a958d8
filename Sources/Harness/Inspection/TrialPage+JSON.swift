import Experiments
import Presentation
import Tracking

extension TrialPage {
  /// The same for programs.
  package var json: JSONValue {
    let record = details.record
    let value: JSONValue = [
      "schema": 1, "trial": .string(record.key), "seed": .number(JSONNumber(record.seed)),
      "state": .string(record.state.rawValue), "error": text(record.error),
      "studies": .array(
        details.studies.map {
          .object(
            [.init("study", .string($0.study)), .init("label", .string($0.label))] + $0.annotations.members
              + ($0.importedFile.map { [.init("imported_from", .string($0.name))] } ?? []))
        }),
      "configuration": .string(details.configurationHash), "parameters": .optional(details.parameters),
      "settings": storedConfiguration, "data_digest": .string(details.dataDigest),
      "evaluations": .array(record.evaluations.map(json)), "result": record.result.map(json) ?? .null,
      "attempts": .array(details.attempts.map(json)),
    ]
    guard details.annotations != Annotations(), case .object(let members) = value else { return value }
    return .object(members + details.annotations.members)
  }

  /// The configuration as the store keeps it.
  private var storedConfiguration: JSONValue {
    // `storedJSON` writes JSON.
    var reader = JSONReader(Array(details.configuration.storedJSON.utf8))
    return (try? reader.read().value) ?? .null
  }

  private func json(_ evaluation: Evaluation) -> JSONValue {
    [
      "iteration": .integer(evaluation.iteration), "epoch": .optional(evaluation.epoch.ifMeasured),
      "train_loss": .optional(details.configuration.known(evaluation.trainLoss)),
      "validation": json(evaluation.validation),
      "test": json(evaluation.test),
    ]
  }

  private func json(_ score: Score?) -> JSONValue {
    guard let score else { return .null }
    return .object(
      [.init("loss", .double(score.loss)), .init("accuracy", .optional(score.accuracy))]
        + score.metrics.sorted { $0.key < $1.key }.map { .init($0.key.name, .double($0.value)) })
  }

  private func json(_ result: TrialResult) -> JSONValue {
    [
      "iterations": .integer(result.iterations), "wall_seconds": .optional(result.wallSeconds.ifMeasured),
      "cpu_seconds": .optional(result.cpuSeconds.ifMeasured),
      "peak_bytes": details.configuration.isImported ? .null : .integer(result.peakBytes),
      "images_per_second": .optional(result.imagesPerSecond.ifMeasured),
      "trace_digest": .string(result.traceDigest),
      "weights_digest": .optional(result.weightsDigest),
      "confusion": result.confusion.map { .array($0.map { .array($0.map { .integer($0) }) }) } ?? .null,
    ]
  }

  private func json(_ attempt: AttemptRecord) -> JSONValue {
    let environment = attempt.environment
    return [
      "number": .integer(attempt.number), "state": .string(attempt.state.rawValue),
      "claimed_at": .double(attempt.claimedAt), "heartbeat_at": .double(attempt.heartbeatAt),
      "ended_at": attempt.endedAt.map { .double($0) } ?? .null, "resumed_from": .integer(attempt.resumedFrom),
      "recorded": .integer(attempt.recorded), "checkpoint": attempt.checkpoint.map { .integer($0) } ?? .null,
      "error": text(attempt.error), "log_tail": text(attempt.logTail),
      "process": .integer(Int(attempt.owner.process)), "host": .string(attempt.owner.host),
      "command_line": .array(attempt.commandLine.map { .string($0) }),
      "environment": [
        "cpu": .string(environment.cpu), "cores": .integer(environment.cores),
        "memory_bytes": .integer(environment.memoryBytes), "os": .string(environment.os),
        "swift": .string(environment.swift), "blas": .string(environment.blas),
        "program": .string(environment.program), "workers": .integer(environment.workers),
      ],
      "source": attempt.source.map { source in
        [
          "commit": .string(source.commit), "branch": text(source.branch), "dirty": .bool(source.isDirty),
          "diff": text(source.diff),
        ]
      } ?? .null,
    ]
  }

  private func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
}
