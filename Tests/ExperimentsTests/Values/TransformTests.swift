import Architectures
import Testing

@testable import Experiments

/// `dataset.augment`, `dataset.transform`, folds and seeded splits in a grid.
@Suite struct TransformTests {
  private func grid(_ dataset: String, _ members: [String: String] = [:]) -> String {
    ExperimentsTests.grid(["dataset": "{\"name\": \"mnist\", \(dataset)}"].merging(members) { $1 })
  }

  private func configuration(_ dataset: String) throws -> StudyConfiguration {
    try #require(try study(grid(dataset)).configurations.first)
  }

  @Test func torchvisionsDefaultsAreFilledIn() throws {
    let found = try configuration(
      #""augment": [{"name": "random_crop", "size": 28, "padding": [4, 2]}, {"name": "random_horizontal_flip"}]"#)
    #expect(
      found.resolved.dataset.augment == [
        Transform(RandomCrop(size: Extent(28), padding: Margins(left: 4, top: 2, right: 4, bottom: 2))),
        Transform(RandomHorizontalFlip()),
      ])
    #expect(
      found.resolved.canonicalJSON.contains(
        #""augment":[{"fill":0,"name":"random_crop","pad_if_needed":false,"padding":[4,2],"padding_mode":"constant","size":28},"#
          + #"{"name":"random_horizontal_flip","p":0.5}]"#))
  }

  /// Studies made before keep their trials.
  @Test(arguments: [
    #""augment": []"#, #""transform": []"#, #""mix": null"#, #""split_seed": null"#, #""validation": 0"#,
  ])
  func whatDoesNothingIsNoPartOfTheKey(dataset: String) throws {
    let plain = try #require(try study(ExperimentsTests.grid()).configurations.first)
    #expect(try configuration(dataset).resolved.hash == plain.resolved.hash)
    for word in ["augment", "transform", "mix", "split_seed", "evaluation_batch_size"] {
      #expect(!plain.resolved.canonicalJSON.contains(word))
    }
  }

  @Test(arguments: [
    #""augment": [{"name": "random_vertical_flip", "p": 0.25}]"#, #""transform": [{"name": "pad", "padding": 2}]"#,
    #""augment": [{"name": "random_erasing", "value": "random", "scale": [0.1, 0.2]}]"#,
    #""augment": [{"name": "random_erasing", "value": [0.5]}, {"name": "center_crop", "size": [28, 28]}]"#,
    #""transform": [{"name": "resize", "size": [20, 24], "antialias": false}]"#,
    #""augment": [{"name": "random_affine", "degrees": [1, 2], "scale": [0.5, 1], "shear": 5, "center": [0, 1]}]"#,
    #""augment": [{"name": "random_resized_crop", "size": 28, "ratio": [0.5, 2]}, {"name": "random_rotation", "degrees": 3}]"#,
    #""augment": [{"name": "color_jitter", "brightness": 0.5, "hue": [-0.1, 0]}]"#,
    #""mix": {"name": "mixup"}"#, #""mix": {"name": "cutmix", "alpha": 0.25}"#,
    #""validation": {"fold": 0, "of": 5}"#, #""validation": {"fold": 1, "of": 5}"#,
    #""validation": 6000, "split_seed": 0"#, #""validation": {"fold": 1, "of": 5}, "split_seed": 3"#,
    #""transform": [{"name": "grayscale", "num_output_channels": 3}, {"name": "center_crop", "size": 20}]"#,
  ])
  func whatDoesSomethingHasAKeyAndIsReadBack(dataset: String) throws {
    let plain = try #require(try study(ExperimentsTests.grid()).configurations.first)
    let found = try configuration(dataset)
    #expect(found.resolved.hash != plain.resolved.hash)
    #expect(try StudyConfiguration(storedJSON: found.storedJSON) == found)
  }

  @Test func aFoldIsAnAxis() throws {
    let found = try study(
      grid(
        #""split_seed": 1, "validation": {"fold": 0, "of": 7}"#,
        ["axes": #"{"dataset.validation.fold": {"range": [0, 7, 1]}}"#]))
    #expect(found.configurations.map(\.label) == (0..<7).map { "fold \($0)" })
    // 60,000 = 7 · 8,571 + 3
    #expect(found.configurations.map(\.dataset.validationCount) == [8572, 8572, 8572, 8571, 8571, 8571, 8571])
    #expect(found.configurations.allSatisfy { $0.dataset.trainCount + $0.dataset.validationCount == 60_000 })
  }

  @Test func anAugmentationIsAnAxis() throws {
    let found = try study(
      ExperimentsTests.grid([
        "axes": #"{"dataset.augment": [[], [{"name": "random_crop", "size": 28, "padding": 2}]]}"#
      ]))
    #expect(found.configurations.map(\.label) == ["augment []", "augment [random_crop (size 28, padding 2)]"])
  }

  @Test(arguments: [
    (
      #""augment": [{"name": "random_crob", "size": 28}]"#,
      "3:53: dataset.augment[0].name is \"random_crob\"; expected one of random_crop, random_resized_crop, "
        + "random_horizontal_flip, random_vertical_flip, random_rotation, random_affine, color_jitter, random_erasing, pad, "
        + "resize, center_crop, grayscale. Did you mean \"random_crop\"?"
    ),
    (
      #""augment": [{"name": "random_crop"}]"#,
      "3:44: dataset.augment[0].size is missing; random_crop needs it: a whole number from 1 to 1000000, or a list of 2 such"
    ),
    (
      #""augment": [{"name": "random_crop", "size": 28, "padding": 4, "padding_mode": "mirror"}]"#,
      "3:110: dataset.augment[0].padding_mode is \"mirror\"; expected one of constant, edge, reflect, symmetric"
    ),
    (
      #""augment": [{"name": "random_crop", "size": 28, "padding": -1}]"#,
      "3:91: dataset.augment[0].padding is -1; expected a whole number from 0 to 10000, or a list of 2 such, or a list of 4 "
        + "such, or null"
    ),
    (
      #""augment": [{"name": "random_horizontal_flip", "p": 1.5}]"#,
      "3:84: dataset.augment[0].p is 1.5; expected a number from 0 to 1"
    ),
    (
      #""augment": [{"name": "random_horizontal_flip", "probability": 0.5}]"#,
      "3:79: dataset.augment[0].probability is not a known key; random_horizontal_flip has name and p"
    ),
    (
      #""augment": [{"name": "random_erasing", "scale": [0.3, 0.1]}]"#,
      "3:80: dataset.augment[0].scale is 0.3 to 0.1; expected the smaller number first"
    ),
    (
      #""augment": [{"name": "random_erasing", "value": "noise"}]"#,
      "3:80: dataset.augment[0].value is \"noise\"; expected a number from -1000000 to 1000000, or a list of 1 to 1000, each "
        + "a number from -1000000 to 1000000, or one of random"
    ),
    (
      #""augment": [{"name": "random_rotation"}]"#,
      "3:44: dataset.augment[0].degrees is missing; random_rotation needs it: a number from 0 to 36000, or a list of 2, each "
        + "a number from -36000 to 36000"
    ),
    (
      #""augment": [{"name": "random_rotation", "degrees": [20, -20]}]"#,
      "3:83: dataset.augment[0].degrees is 20.0 to -20.0; expected the smaller number first"
    ),
    (
      #""augment": [{"name": "random_affine", "degrees": 0, "translate": [0.1, 2]}]"#,
      "3:103: dataset.augment[0].translate[1] is 2; expected a number from 0 to 1"
    ),
    (
      #""augment": [{"name": "color_jitter", "hue": 0.7}]"#,
      "3:76: dataset.augment[0].hue is 0.7; expected a number from 0 to 0.5, or a list of 2, each a number from -0.5 to 0.5"
    ),
    (
      #""transform": [{"name": "resize", "size": 32, "max_size": 30}]"#,
      "3:89: dataset.transform[0].max_size is 30; expected more than the size 32"
    ),
    (
      #""transform": [{"name": "resize", "size": 32, "interpolation": "bicubic"}]"#,
      "3:94: dataset.transform[0].interpolation is \"bicubic\"; expected one of nearest, bilinear"
    ),
    (
      #""transform": [{"name": "grayscale", "num_output_channels": 2}]"#,
      "3:91: dataset.transform[0].num_output_channels is 2; expected 1 or 3"
    ),
    (
      #""transform": [{"name": "random_crop", "size": 28}]"#,
      "3:55: dataset.transform[0].name is \"random_crop\"; expected one of pad, resize, center_crop, grayscale"
    ),
    (
      #""augment": {"name": "random_crop", "size": 28}"#,
      "3:43: dataset.augment is an object; expected a list of 0 to 50, each an object whose name is one of random_crop, "
        + "random_resized_crop, random_horizontal_flip, random_vertical_flip, random_rotation, random_affine, color_jitter, "
        + "random_erasing, pad, resize, center_crop, grayscale"
    ),
    (
      #""mix": {"name": "mix_up"}"#,
      "3:48: dataset.mix.name is \"mix_up\"; expected one of mixup, cutmix. Did you mean \"mixup\"?"
    ),
    (
      #""mix": {"name": "cutmix", "alpha": 0}"#,
      "3:67: dataset.mix.alpha is 0; expected a number above 0 and up to 1000"
    ),
    (
      #""validation": {"fold": 5, "of": 5}"#,
      "3:55: dataset.validation.fold is 5, and there are 5 folds; expected 0 to 4"
    ),
    (
      #""validation": {"fold": 0}"#,
      "3:46: dataset.validation.of is missing; validation needs it: a whole number from 2 to 1000000000"
    ),
    (
      #""validation": {"fold": 0, "of": 1}"#,
      "3:64: dataset.validation.of is 1; expected a whole number from 2 to 1000000000"
    ),
    (
      #""split_seed": 1"#,
      "3:46: dataset.split_seed splits nothing: there are no validation examples; set validation, or leave split_seed out"
    ),
    (
      #""validation": 10, "split_seed": -1"#,
      "3:64: dataset.split_seed is -1; expected a whole number from 0 to 4294967295, or null"
    ),
  ])
  func mistakesAreToldWithTheirPlace(dataset: String, message: String) {
    #expect(errors(grid(dataset)) == ["grid.json:" + message])
  }

  @Test func aBatchOfOneHasNoStatistics() {
    let layers = """
      {"layers": [{"type": "flatten"}, {"type": "batch_norm1d", "track_running_stats": false}, {"type": "linear", "out_features": 10}]}
      """
    let text = ExperimentsTests.grid([
      "model": layers, "training": #"{"batch_size": 100, "iterations": 5, "evaluation_batch_size": 9}"#,
    ])
    #expect(
      errors(text) == [
        "grid.json:6:15: sample: batch_norm1 takes its statistics from each batch, and needs more than one "
          + "example; 10000 examples at evaluation_batch_size 9 have a batch of one. Take another, or leave it out"
      ])
  }
}
