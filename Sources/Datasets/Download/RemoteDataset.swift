/// The files that a known data set is published as, where they lie, and how they are recognised.
struct RemoteDataset: Sendable {
  let name: String
  /// The folder below the data root that they belong in.
  let folder: String
  /// Addresses of folders, each with all files, in the order in which they are asked.
  let mirrors: [String]
  let files: [RemoteFile]
  /// What is taken out of the one file, where it is an archive: the names below the archive's folder.
  var archived: [String] = []

  /// The data sets that can be fetched.
  static let all = [mnist, fashionMNIST, cifar10]

  /// MNIST, by the digests of what is inside: its mirrors may pack it anew.
  static let mnist = RemoteDataset(
    name: "mnist", folder: "mnist",
    mirrors: [
      "https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ],
    files: [
      RemoteFile(
        name: "train-images-idx3-ubyte.gz", bytes: 9_912_422, digestOf: .contents,
        digest: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
      RemoteFile(
        name: "train-labels-idx1-ubyte.gz", bytes: 28_881, digestOf: .contents,
        digest: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
      RemoteFile(
        name: "t10k-images-idx3-ubyte.gz", bytes: 1_648_877, digestOf: .contents,
        digest: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
      RemoteFile(
        name: "t10k-labels-idx1-ubyte.gz", bytes: 4_542, digestOf: .contents,
        digest: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ])

  /// Fashion-MNIST. Digests as TensorFlow Datasets lists them (url_checksums/fashion_mnist.txt).
  static let fashionMNIST = RemoteDataset(
    name: "fashion_mnist", folder: "fashion_mnist",
    mirrors: [
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
      "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    ],
    files: [
      RemoteFile(
        name: "train-images-idx3-ubyte.gz", bytes: 26_421_880, digestOf: .file,
        digest: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
      RemoteFile(
        name: "train-labels-idx1-ubyte.gz", bytes: 29_515, digestOf: .file,
        digest: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
      RemoteFile(
        name: "t10k-images-idx3-ubyte.gz", bytes: 4_422_102, digestOf: .file,
        digest: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
      RemoteFile(
        name: "t10k-labels-idx1-ubyte.gz", bytes: 5_148, digestOf: .file,
        digest: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ])

  /// CIFAR-10's binary version. Digest as TensorFlow Datasets lists it (url_checksums/cifar10.txt).
  static let cifar10 = RemoteDataset(
    name: "cifar10", folder: "cifar-10-batches-bin", mirrors: ["https://www.cs.toronto.edu/~kriz/"],
    files: [
      RemoteFile(
        name: "cifar-10-binary.tar.gz", bytes: 170_052_171, digestOf: .file,
        digest: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")
    ],
    archived: (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin", "batches.meta.txt"])
}

/// One published file.
struct RemoteFile: Sendable {
  let name: String
  /// The size as it was published; for the display, and to stop a server that sends far more.
  let bytes: Int
  let digestOf: DigestOf
  /// SHA-256 in hexadecimal.
  let digest: String

  /// What a digest is taken over.
  enum DigestOf: Sendable {
    /// The file as it is.
    case file
    /// What is inside the gzip container, or the file where it is none.
    case contents
  }
}
