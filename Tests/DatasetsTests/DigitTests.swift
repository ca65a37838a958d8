import Datasets
import Experiments
import Testing

@Suite struct DigitTests {
  let library = DatasetLibrary(root: DataRoot(option: "/nowhere"))

  func digits(train: Int, test: Int = 1) throws -> Dataset {
    try library.load(DatasetSelection(name: "digits", train: train, test: test))
  }

  /// Changes only when the drawing does, and then every number learnt from it changes.
  @Test func drawsTheSameBitsOnEveryMachine() throws {
    let digest = try digits(train: 500, test: 100).digest
    #expect(digest == "39f6ff334c7d4a7f6cd58306dd027a9e6cc319daf3ae0fea75e3589d97f49117")
  }

  @Test func fewerAreThePrefixOfMore() throws {
    let (few, many) = (try digits(train: 300), try digits(train: 700))
    #expect(few.train.bytes == Array(many.train.bytes.prefix(300 * 784)))
    #expect(few.train.labelValues == Array(many.train.labelValues.prefix(300)))
  }

  @Test func trainingAndTestExamplesDiffer() throws {
    let data = try digits(train: 50, test: 50)
    #expect(data.train.bytes != data.test.bytes)
    #expect(data.train.labelValues != data.test.labelValues)
  }

  @Test func allClassesComeAboutEquallyOften() throws {
    let counts = try digits(train: 5000).train.counts(classes: 10)
    #expect(counts.allSatisfy { (420...580).contains($0) }, "\(counts)")
  }

  /// The nearest mean image is a weak classifier: far from guessing, and far from what a network reaches.
  @Test func isNeitherTrivialNorNoise() throws {
    let data = try digits(train: 3000, test: 1000)
    var means = [[Float]](repeating: [Float](repeating: 0, count: 784), count: 10)
    let (bytes, labels) = (data.train.bytes, data.train.labelValues)
    let counts = data.train.counts(classes: 10)
    for index in 0..<data.train.count {
      let label = Int(labels[index])
      for pixel in 0..<784 { means[label][pixel] += Float(bytes[index * 784 + pixel]) / Float(counts[label]) }
    }
    let (tests, truths) = (data.test.bytes, data.test.labelValues)
    let right = (0..<data.test.count).count { index in
      let distances = means.map { mean in
        (0..<784).reduce(Float(0)) { sum, pixel in
          let difference = Float(tests[index * 784 + pixel]) - mean[pixel]
          return sum + difference * difference
        }
      }
      let nearest = distances.indices.min { distances[$0] < distances[$1] }
      return nearest == Int(truths[index])
    }
    #expect((500...800).contains(right), "\(right) of 1000 by the nearest mean")
  }
}
