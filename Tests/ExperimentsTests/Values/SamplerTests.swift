import Testing

@testable import Experiments

/// `dataset.sampler` in a grid.
@Suite struct SamplerTests {
  private func grid(_ dataset: String, _ members: [String: String] = [:]) -> String {
    ExperimentsTests.grid(["dataset": "{\"name\": \"mnist\", \(dataset)}"].merging(members) { $1 })
  }

  private func configuration(_ dataset: String, _ members: [String: String] = [:]) throws -> StudyConfiguration {
    try #require(try study(grid(dataset, members)).configurations.first)
  }

  /// Studies made before keep their trials, and so does the sampler that a shuffling loader has.
  @Test(arguments: [
    #""sampler": null"#, #""sampler": {"name": "random_sampler"}"#,
    #""sampler": {"name": "random_sampler", "replacement": false, "num_samples": null}, "shuffle": true"#,
  ])
  func whatDoesNothingIsNoPartOfTheKey(dataset: String) throws {
    let plain = try #require(try study(ExperimentsTests.grid()).configurations.first)
    let found = try configuration(dataset)
    #expect(found.resolved.hash == plain.resolved.hash && !found.resolved.canonicalJSON.contains("sampler"))
  }

  @Test(arguments: [
    (
      #"{"name": "random_sampler", "replacement": true}"#, ExampleSampler.random(replacement: true),
      #"{"name":"random_sampler","num_samples":null,"replacement":true}"#, "sampled with replacement"
    ),
    (
      #"{"name": "random_sampler", "num_samples": 5000}"#, .random(replacement: false, count: 5_000),
      #"{"name":"random_sampler","num_samples":5000,"replacement":false}"#,
      "sampled without replacement, 5,000 per epoch"
    ),
    (
      #"{"name": "weighted_random_sampler", "weights": "balanced"}"#, .weighted(.balanced),
      #"{"name":"weighted_random_sampler","num_samples":null,"weights":"balanced"}"#, "sampled with classes balanced"
    ),
    (
      #"{"name": "weighted_random_sampler", "weights": [0, 1, 1, 1, 1, 1, 1, 1, 1, 2.5], "num_samples": 100}"#,
      .weighted(.given([0, 1, 1, 1, 1, 1, 1, 1, 1, 2.5]), count: 100),
      #"{"name":"weighted_random_sampler","num_samples":100,"weights":[0,1,1,1,1,1,1,1,1,2.5]}"#,
      "sampled with class weights 0, 1, 1, 1, 1, 1, 1, 1, 1, 2.5, 100 per epoch"
    ),
  ])
  func aSamplerHasAKeyAndIsReadBack(text: String, sampler: ExampleSampler, canonical: String, words: String) throws {
    let found = try configuration("\"sampler\": \(text)")
    #expect(found.resolved.dataset.sampler == sampler && sampler.text == words)
    #expect(found.resolved.canonicalJSON.contains(#""sampler":"# + canonical))
    #expect(try StudyConfiguration(storedJSON: found.storedJSON) == found)
  }

  @Test func theNumberOfSamplesIsTheLengthOfAnEpoch() throws {
    let sampler = #""sampler": {"name": "random_sampler", "replacement": true, "num_samples": 1050}"#
    let epochs = ["training": #"{"batch_size": 100, "epochs": 3}"#]
    let (kept, dropped) = try (
      study(grid(sampler, epochs)), study(grid(sampler + #", "drop_last": true"#, epochs))
    )
    #expect(kept.trials[0].iterations == 33 && dropped.trials[0].iterations == 30)
    let training = kept.configurations[0].resolved.training
    #expect(training.iterationsPerEpoch(examples: 60_000) == 11 && training.examplesPerEpoch(of: 60_000) == 1_050)
    #expect(training.smallestBatch(examples: 60_000) == 50 && training.largestBatch(examples: 10) == 100)
  }

  @Test func aSamplerIsAnAxis() throws {
    let found = try study(
      ExperimentsTests.grid([
        "axes": #"{"dataset.sampler": [null, {"name": "weighted_random_sampler", "weights": "balanced"}]}"#
      ]))
    #expect(
      found.configurations.map(\.label) == ["sampler none", "sampler weighted_random_sampler (weights balanced)"])
    let counts = try study(
      grid(
        #""sampler": {"name": "random_sampler", "replacement": true}"#,
        ["axes": #"{"dataset.sampler.num_samples": [100, 200]}"#]))
    #expect(counts.configurations.map(\.label) == ["num_samples 100", "num_samples 200"])
  }

  @Test(arguments: [
    (
      #""sampler": {"name": "random", "replacement": true}"#,
      "3:52: dataset.sampler.name is \"random\"; expected one of random_sampler, weighted_random_sampler. Did "
        + "you mean \"random_sampler\"?"
    ),
    (
      #""sampler": "random_sampler""#,
      "3:43: dataset.sampler is \"random_sampler\"; expected an object whose name is one of random_sampler, "
        + "weighted_random_sampler, or null. Write {\"name\": \"random_sampler\"}"
    ),
    (
      #""sampler": {"name": "random_sampler", "num_samples": 0}"#,
      "3:85: dataset.sampler.num_samples is 0; expected a whole number from 1 to 1000000000, or null"
    ),
    (
      #""sampler": {"name": "random_sampler", "replacement": 1}"#,
      "3:85: dataset.sampler.replacement is 1; expected true or false"
    ),
    (
      #""sampler": {"name": "weighted_random_sampler"}"#,
      "3:43: dataset.sampler.weights is missing; weighted_random_sampler needs it: one of balanced, or a list "
        + "of 2 to 256, each a number from 0 to 1000000000"
    ),
    (
      #""sampler": {"name": "weighted_random_sampler", "weights": "balance"}"#,
      "3:90: dataset.sampler.weights is \"balance\"; expected one of balanced, or a list of 2 to 256, each a "
        + "number from 0 to 1000000000. Did you mean \"balanced\"?"
    ),
    (
      #""sampler": {"name": "weighted_random_sampler", "weights": [1, -1]}"#,
      "3:94: dataset.sampler.weights[1] is -1; expected a number from 0 to 1000000000"
    ),
    (
      #""sampler": {"name": "weighted_random_sampler", "weights": [1, 2, 3]}"#,
      "3:90: dataset.sampler.weights has 3 values; expected one for each of the 10 classes"
    ),
    (
      #""sampler": {"name": "weighted_random_sampler", "weights": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}"#,
      "3:90: dataset.sampler.weights has zeros alone; expected a number above 0 among them"
    ),
    (
      #""sampler": {"name": "weighted_random_sampler", "weights": "balanced", "num_samples": 1}"#,
      "3:117: dataset.sampler.num_samples is 1; expected a whole number from 2 to 1000000000, or null"
    ),
    (
      #""sampler": {"name": "weighted_random_sampler", "weights": "balanced", "replacement": false}"#,
      "3:102: dataset.sampler.replacement is not a known key; weighted_random_sampler has name, weights and "
        + "num_samples"
    ),
    (
      #""sampler": {"name": "weighted_random_sampler", "weights": "balanced"}, "train": 1"#,
      "3:43: dataset.sampler draws a single example; expected 2 or more, so set num_samples, or train on more "
        + "examples"
    ),
    (
      #""sampler": {"name": "random_sampler", "replacement": true}, "shuffle": false"#,
      "3:103: dataset.shuffle is false beside a sampler, which says the order of the examples; leave one of "
        + "them out"
    ),
    (
      #""sampler": {"name": "random_sampler", "num_samples": 50}, "drop_last": true"#,
      "3:14: sample: dataset.drop_last is true, and the only batch is dropped: 50 examples at batch_size 100; "
        + "take batch_size 50 or less, or leave drop_last out"
    ),
  ])
  func mistakesAreToldWithTheirPlace(dataset: String, message: String) {
    #expect(errors(grid(dataset)) == ["grid.json:" + message])
  }
}
