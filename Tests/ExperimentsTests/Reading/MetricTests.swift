import Architectures
import Testing

@testable import Experiments

/// What a grid may ask for beside loss and accuracy, and what it changes.
@Suite struct MetricTests {
  private func resolved(_ metrics: String) throws -> Configuration {
    try #require(try study(grid(["metrics": metrics])).configurations.first).resolved
  }

  @Test func metricsAreRead() throws {
    let scores: [ClassificationScore] = [.topAccuracy(5), .macroF1, .balancedAccuracy, .expectedCalibrationError]
    let names = scores.map { "\"\($0.name)\"" }.joined(separator: ", ")
    #expect(try resolved("[\(names)]").metrics == scores)
    #expect(try resolved("[]").metrics == [])
    let set = try study(grid(["metrics": "[\"f1_macro\"]"]), ["metrics=[\"top_3_accuracy\"]"])
    #expect(set.configurations[0].resolved.metrics == [.topAccuracy(3)])
    #expect(set.gridText.contains("top_3_accuracy") && !set.gridText.contains("f1_macro"))
  }

  @Test func aTrialsKeyChangesOnlyWhereItIsScored() throws {
    let plain = try #require(try study(grid()).configurations.first).resolved
    #expect(try resolved("[]").hash == plain.hash)
    #expect(!plain.canonicalJSON.contains("metrics"))
    let scored = try resolved("[\"f1_macro\", \"balanced_accuracy\"]")
    #expect(scored.hash != plain.hash)
    #expect(try resolved("[\"balanced_accuracy\", \"f1_macro\"]").hash == scored.hash, "the order changes no number")
    #expect(
      scored.canonicalJSON.hasSuffix("\"initial_weights\":null,\"metrics\":[\"balanced_accuracy\",\"f1_macro\"]}"))
  }

  @Test func whatIsStoredIsReadBack() throws {
    let named = try #require(try study(grid(["metrics": "[\"top_3_accuracy\", \"f1_macro\"]"])).configurations.first)
    let read = try StudyConfiguration(storedJSON: named.storedJSON)
    #expect(read == named && read.resolved.metrics == [.topAccuracy(3), .macroF1])
    let strange = named.storedJSON.replacing("f1_macro", with: "f2_macro")
    #expect(throws: StoredJSONError.self) { try StudyConfiguration(storedJSON: strange) }
  }

  @Test(
    arguments: [
      (
        "\"f1_macro\"",
        "is \"f1_macro\"; expected a list of scores, such as [\"top_5_accuracy\", \"f1_macro\", \"balanced_accuracy\", "
          + "\"expected_calibration_error\"]"
      ),
      (
        "[\"f1_macr\"]",
        "[0] is \"f1_macr\"; expected one of top_5_accuracy, f1_macro, balanced_accuracy, expected_calibration_error, where "
          + "5 may be any number from 2 to 1000. Did you mean \"f1_macro\"?"
      ),
      (
        "[\"accuracy\"]",
        "[0] is \"accuracy\"; expected one of top_5_accuracy, f1_macro, balanced_accuracy, expected_calibration_error, where "
          + "5 may be any number from 2 to 1000; it is measured without being asked for"
      ),
      ("[\"f1_macro\", \"f1_macro\"]", "[1] is \"f1_macro\", which is in the list already"),
    ])
  func mistakesAreNamed(metrics: String, message: String) {
    let found = errors(grid(["metrics": metrics]))
    #expect(
      found.count == 1 && found[0].hasSuffix(": metrics\(message.hasPrefix("[") ? "" : " ")\(message)"), "\(found)")
  }

  @Test func whatCanNotBeScoredIsRefused() {
    func only(_ members: [String: String]) -> String { errors(grid(members)).joined(separator: " / ") }
    #expect(
      only(["metrics": "[\"top_10_accuracy\"]"]).hasSuffix(
        ": sample: top_10_accuracy is 1 whatever the network answers: there are 10 classes; expected a number below 10")
    )
    #expect(
      only(["metrics": "[\"expected_calibration_error\"]", "loss": "\"mse\""]).hasSuffix(
        ": sample: expected_calibration_error needs the probabilities of classes, which a network that is trained with the "
          + "loss mse does not give; expected the loss cross_entropy or nll"))
    #expect(errors(grid(["metrics": "[\"f1_macro\"]", "loss": "\"mse\""])) == [])
    let autoencoder =
      "{\"layers\": [{\"type\": \"conv2d\", \"out_channels\": 1, \"kernel_size\": 3, \"padding\": 1}]}"
    #expect(
      only(["metrics": "[\"f1_macro\"]", "loss": "\"mse\"", "model": autoencoder]).hasSuffix(
        ": sample: metrics are scores of classes, and the network reconstructs its input; leave metrics out"))
    #expect(
      only(["axes": "{\"metrics\": [[\"f1_macro\"]]}"]).hasSuffix(
        "axes.metrics is not a path: all configurations are scored alike; list the scores under \"metrics\""))
  }

  @Test func digestsProveTheScores() {
    func digest(_ metrics: [ClassificationScore: Double]) -> String {
      let score = Score(loss: 0.5, accuracy: 0.75, metrics: metrics)
      return TraceDigest.of(
        losses: [1], evaluations: [.init(iteration: 1, epoch: 1, trainLoss: 1, validation: nil, test: score)])
    }
    let all = [
      digest([:]), digest([.macroF1: 0.5]), digest([.balancedAccuracy: 0.5]), digest([.macroF1: 0.25]),
      digest([.macroF1: 0.5, .balancedAccuracy: 0.25]), digest([.macroF1: 0.25, .balancedAccuracy: 0.5]),
    ]
    #expect(Set(all).count == all.count)
  }
}
