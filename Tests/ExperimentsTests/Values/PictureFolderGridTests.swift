import Testing

@testable import Experiments

/// `{"name": "image_folder", …}` in a grid.
@Suite struct PictureFolderGridTests {
  private func configuration(_ options: String) throws -> StudyConfiguration {
    let dataset = #"{"name": "image_folder", "train_folder": "a/train", "test_folder": "a/test""# + options + "}"
    return try #require(try study(grid(["dataset": dataset])).configurations.first)
  }

  @Test func pathsAreStoredAndNoPartOfTheKey() throws {
    let found = try configuration("")
    #expect(found.resolved.dataset.folders == PictureFolders(train: "a/train", test: "a/test", mode: .colour))
    #expect(try StudyConfiguration(storedJSON: found.storedJSON) == found)
    var moved = found.resolved
    moved.dataset.folders = PictureFolders(train: "b", test: "c")
    #expect(moved.hash == found.resolved.hash)
  }

  @Test func greyIsPartOfTheKey() throws {
    let (colour, plain, grey) = try (
      configuration(#", "mode": "RGB""#), configuration(""), configuration(#", "mode": "L""#)
    )
    #expect(colour.resolved.hash == plain.resolved.hash && grey.resolved.hash != plain.resolved.hash)
    #expect(try StudyConfiguration(storedJSON: grey.storedJSON) == grey)
  }

  @Test(arguments: [
    (
      #"{"name": "image_folder", "train_folder": "a"}"#,
      "3:14: dataset.test_folder is missing; image_folder needs it: a text of 1 to 4096 characters"
    ),
    (
      #"{"name": "image_folder", "train_folder": "a", "test_folder": "b", "mode": "rgb"}"#,
      "3:88: dataset.mode is \"rgb\"; expected one of RGB, L. Did you mean \"RGB\"?"
    ),
    (
      #"{"name": "imagefolder", "train_folder": "a", "test_folder": "b"}"#,
      "3:23: dataset.name is \"imagefolder\"; expected one of mnist, fashion_mnist, kmnist, emnist_balanced, "
        + "emnist_byclass, emnist_bymerge, emnist_letters, emnist_digits, emnist_mnist, cifar10, cifar100, "
        + "cifar100_coarse, svhn, digits, idx, npy, image_folder. Did you mean \"image_folder\"?"
    ),
  ])
  func mistakesAreToldWithTheirPlace(dataset: String, message: String) {
    #expect(errors(grid(["dataset": dataset])) == ["grid.json:" + message])
  }
}
