import Testing

@testable import Architectures

@Suite struct LossTests {
  @Test(arguments: Loss.tables)
  func defaultsArePyTorchsAndGoWithoutSaying(table: OptionTable) throws {
    let loss = try Loss(table.name, table.filled([:]))
    #expect(loss.name == table.name && loss.changedOptions.isEmpty)
    #expect((loss.labelSmoothing, loss.beta) == (0, 1) && loss.weight == nil)
  }

  @Test func optionsThatAreChangedAreSaid() throws {
    let table = try #require(Loss.tables.first { $0.name == "cross_entropy" })
    let weight = OptionValue.list([.integer(1), .number(2.5)])
    let loss = try Loss("cross_entropy", table.filled(["label_smoothing": .number(0.1), "weight": weight]))
    #expect(loss.text == "cross entropy, label smoothing 0.1, weight 1, 2.5")
    #expect(loss.changedOptions.map(\.name) == ["label_smoothing", "weight"])
    #expect(throws: OptionError.self) {
      try Loss("cross_entropy", table.filled(["weight": .list([.integer(0), .integer(0)])]))
    }
  }

  @Test func whatComparesWithClassesIsInNats() {
    #expect(Loss.Kind.allCases.filter { !Loss($0).comparesValues } == [.crossEntropy, .nll])
    #expect(Loss.Kind.allCases.filter { !Loss($0).isInNats } == [.mse, .l1, .smoothL1])
  }
}
