import Architectures
import Presentation

extension KnownDataset {
  /// EMNIST's 47 classes of letters and digits, equally many of each.
  package static let emnistBalanced = emnist(
    "balanced", "letters and digits, equally many of each", merged, trainCount: 112_800, testCount: 18_800)

  /// EMNIST's digits, capital and small letters, as many as there are.
  package static let emnistByClass = emnist(
    "byclass", "digits, capital and small letters", digitNames + capitals + small, trainCount: 697_932,
    testCount: 116_323)

  /// The same with one class for a capital letter and a small one that look alike.
  package static let emnistByMerge = emnist(
    "bymerge", "the same, letters that look alike in one class", merged, trainCount: 697_932, testCount: 116_323)

  /// EMNIST's letters, numbered from 1 as the files number them.
  package static let emnistLetters = emnist(
    "letters", "letters, capital or small in one class", ["N/A"] + small, trainCount: 124_800, testCount: 20_800)

  /// EMNIST's digits.
  package static let emnistDigits = emnist(
    "digits", "digits, four times as many as MNIST", digitNames, trainCount: 240_000, testCount: 40_000)

  /// EMNIST's digits, as many as MNIST has.
  package static let emnistMNIST = emnist(
    "mnist", "digits, as many as MNIST", digitNames, trainCount: 60_000, testCount: 10_000)

  private static let digitNames = (0...9).map(String.init)
  private static let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init)
  private static let small = capitals.map { $0.lowercased() }
  private static let merged = digitNames + capitals + "abdefghnqrt".map(String.init)

  /// One of the splits of Cohen, Afshar, Tapson and van Schaik's letters and digits, arXiv:1702.05373, which are
  /// published in one archive. Digest as TensorFlow Datasets lists it (url_checksums/emnist.txt).
  private static func emnist(
    _ split: String, _ title: String, _ classes: [String], trainCount: Int, testCount: Int
  ) -> KnownDataset {
    let counts = "\(NumberText.count(trainCount)) and \(NumberText.count(testCount))"
    let (train, test) = ("emnist-\(split)-train", "emnist-\(split)-test")
    let splits = ["balanced", "byclass", "bymerge", "digits", "letters", "mnist"]
    return KnownDataset(
      name: "emnist_\(split)", title: "\(title), 28 × 28 grey",
      documentation:
        "EMNIST's split \(split), in MNIST's format: \(title), \(counts). "
        + "As in torchvision, rows and columns of the images are exchanged.",
      shape: Shape(1, 28, 28), classes: classes, trainCount: trainCount, testCount: testCount,
      format: .idx(train: train, test: test), folders: ["emnist", "EMNIST/raw"],
      publication: Publication(
        mirrors: [
          "https://biometrics.nist.gov/cs_links/EMNIST/", "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/",
        ],
        files: [
          PublishedFile(
            name: "gzip.zip", bytes: 561_753_746, digestOf: .file,
            digest: "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e")
        ],
        archived: splits.flatMap { split in
          ["train", "test"].flatMap { idxNames("emnist-\(split)-\($0)").map { "\($0).gz" } }
        }, archiveFolder: "gzip"))
  }
}
