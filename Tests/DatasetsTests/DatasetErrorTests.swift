import Datasets
import Testing

@Suite struct DatasetErrorTests {
  static let texts: [(DatasetError, String)] = [
    (
      .unknownName("mnits", known: ["digits", "mnist"]),
      "data set \"mnits\" is not known; expected one of digits, mnist"
    ),
    (
      .missing(dataset: "mnist", files: ["a", "b"], folder: "/d/mnist", command: "bench data fetch mnist"),
      "data set mnist: a, b not found in /d/mnist; get them with: bench data fetch mnist"
    ),
    (
      .missing(dataset: "idx", files: ["/d/a"], folder: "/d", command: nil),
      "data set idx: /d/a not found in /d; check the path"
    ),
    (.unreadable(path: "/d/a", reason: "Permission denied"), "/d/a: can't be read: Permission denied"),
    (.unwritable(path: "/d/a", reason: "No space left on device"), "/d/a: can't be written: No space left on device"),
    (
      .wrongFormat(path: "/d/a", found: "50 4b", expected: "an IDX magic number"),
      "/d/a: begins with 50 4b; expected an IDX magic number. Is it the right file?"
    ),
    (
      .badHeader(path: "/d/a", found: "9 dimensions", expected: "1 to 4"),
      "/d/a: the header has 9 dimensions; expected 1 to 4. The file is damaged: get it again"
    ),
    (
      .badDimensions(path: "/d/a", found: [3, 4], expected: "those of labels"),
      "/d/a: the dimensions are 3 × 4; expected those of labels"
    ),
    (
      .badElements(path: "/d/a", found: "<f4", expected: "integers"),
      "/d/a: the values are <f4; expected integers. Convert them and save the file again"
    ),
    (
      .wrongSize(path: "/d/a", found: 3, expected: 5, because: "5 values of u1"),
      "/d/a: is cut short: 3 bytes; expected 5 (5 values of u1). Get the file again"
    ),
    (
      .wrongSize(path: "/d/a", found: nil, expected: 5, because: "5 values of u1"),
      "/d/a: is too long; expected 5 (5 values of u1). Get the file again"
    ),
    (
      .tooLarge(path: "/d/a", bytes: 9, limit: 8),
      "/d/a: needs 9 bytes of memory; at most 8 are allowed here. The file is damaged, or the data set too large for "
        + "this machine"
    ),
    (
      .badCompression(path: "/d/a", reason: "unexpected end of file"),
      "/d/a: can't be unpacked: unexpected end of file. Get the file again"
    ),
    (
      .labelOutOfRange(path: "/d/a", index: 7, label: 10, classes: 10),
      "/d/a: label 7 is 10; expected 0 to 9, an index of the 10 classes. Mend the labels or name more classes"
    ),
    (
      .countsDiffer(images: "/d/a", imageCount: 2, labels: "/d/b", labelCount: 3),
      "/d/a has 2 images and /d/b 3 labels; expected as many of one as of the other. Do the files belong together?"
    ),
    (
      .imagesDiffer(train: "/d/a", trainImages: "1 × 2 × 2 bytes", test: "/d/b", testImages: "4 bytes"),
      "/d/a has images of 1 × 2 × 2 bytes, /d/b of 4 bytes; expected the same. Do the files belong together?"
    ),
    (
      .badSelection(key: "dataset.train", found: "0", expected: "1 to 60000"),
      "dataset.train is 0; expected 1 to 60000"
    ),
    (
      .programMissing(name: "curl", purpose: "download data sets"),
      "curl is not installed, which is needed to download data sets; install it with: apt-get install curl"
    ),
    (
      .programFailed(name: "tar", purpose: "unpack a.tar.gz", reason: "disk full"),
      "tar failed to unpack a.tar.gz: disk full"
    ),
    (
      .notFetched(file: "a.gz", attempts: [FetchAttempt(url: "http://x/a.gz", reason: "404")]),
      "a.gz could not be fetched from any mirror; run the command again to go on where it stopped:\n"
        + "  http://x/a.gz: 404"
    ),
    (
      .notFetchable(name: "digits", fetchable: ["mnist", "cifar10"]),
      "data set \"digits\" can't be fetched; expected one of mnist, cifar10"
    ),
  ]

  @Test(arguments: texts)
  func saysWhereWhatAndHowToMendIt(_ error: DatasetError, _ text: String) {
    #expect("\(error)" == text)
  }
}
