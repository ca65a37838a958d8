import Datasets
import Experiments
import Foundation
import Testing

private let root = DataRoot()

/// Whether `BENCH_DATA` names a folder with a data set.
private func isPresent(_ name: String) -> Bool {
  root.origin == .environment
    && DatasetLibrary(root: root).catalog().contains {
      if case .present = $0.presence { $0.dataset.name == name } else { false }
    }
}

@Suite struct RealDataTests {
  let library = DatasetLibrary(root: root)

  @Test(.enabled(if: isPresent("mnist"), "BENCH_DATA names no folder with mnist"))
  func mnistIsThePublishedOne() throws {
    let data = try library.load(DatasetSelection(name: "mnist"))
    #expect(data.description.trainCount == 60_000)
    #expect(data.description.testCount == 10_000)
    #expect(Array(data.train.labelValues.prefix(10)) == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    #expect(Array(data.test.labelValues.prefix(10)) == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    #expect(data.train.counts(classes: 10) == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    // The mean that everybody normalises with is 0.1307.
    let sum = data.train.bytes.reduce(0) { $0 + Int($1) }
    #expect(sum == 1_567_298_545)
    #expect(data.digest == "2201cd157772e5b1ec67551a30a7644e36c7da4d27cdafda5fa1fbc296074f54")
  }

  @Test(.enabled(if: isPresent("mnist"), "BENCH_DATA names no folder with mnist"))
  func mnistSplitsAsTheTutorialDoes() throws {
    let data = try library.load(DatasetSelection(name: "mnist", validation: 10_000))
    let whole = try library.load(DatasetSelection(name: "mnist"))
    #expect(data.description.trainCount == 50_000)
    #expect(data.validation.labelValues == Array(whole.train.labelValues.suffix(10_000)))
    #expect(data.validation.bytes == Array(whole.train.bytes.suffix(10_000 * 784)))
  }

  @Test(.enabled(if: isPresent("cifar10"), "BENCH_DATA names no folder with cifar10"))
  func cifarHasAllClasses() throws {
    let data = try library.load(DatasetSelection(name: "cifar10"))
    #expect(data.train.counts(classes: 10).allSatisfy { $0 >= 900 })
    #expect(data.test.counts(classes: 10).allSatisfy { $0 >= 190 })
    #expect(data.description.classes == KnownDataset.cifar10.classes)
  }
}
