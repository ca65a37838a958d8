import Architectures
import TestSupport
import Testing

@testable import NeuralNetwork

/// Weight files with seeded damage: each is read or refused with a message, and what is read is what the file says.
@Suite struct HostileWeightFileTests {
  private let network: Network
  private let file: [UInt8]

  init() throws {
    let layers = [Layer(Flatten()), Layer(Linear(outFeatures: 3)), Layer(BatchNorm(rank: .one))]
    network = try Network(
      Architecture(input: Shape(1, 2, 2), layers: layers), batchSize: 4, loss: .crossEntropy, target: .classes(3),
      optimizer: .sgd(.init(learningRate: 0.1)), threads: 1)
    network.initialize(with: Generator(seed: 1))
    file = SafetensorsFile.write(network.tensors)
  }

  @Test(.timeLimit(.minutes(60))) func damagedWeightFiles() {
    var taken = 0
    for round in 0..<fuzzRounds(everyDay: 1_000) {
      var random = SeededGenerator(seed: UInt64(round))
      do {
        let tensors = try SafetensorsFile.read(round % 2 == 0 ? file.damaged(&random) : withDamagedHeader(&random))
        for tensor in tensors {
          #expect(tensor.values.count == tensor.shape.reduce(1, *), "round \(round)")
        }
        try network.load(tensors)
        taken += 1
      } catch {
        #expect("\(error)".count > 20, "round \(round)")
      }
    }
    #expect(taken > 0, "some damage leaves the header as it was")
  }

  /// The file with damage inside its header and a length that fits, so that the reader comes further.
  private func withDamagedHeader(_ random: inout SeededGenerator) -> [UInt8] {
    let length = file[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = Array(file[8..<8 + length]).damaged(&random)
    return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + file[(8 + length)...]
  }
}
