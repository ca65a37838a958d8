import Presentation
import TestSupport
import Testing

@testable import Experiments

@Suite struct ShortNamesTests {
  /// A configuration with these settings and a label as the grid language makes it.
  static func configuration(_ settings: [(String, String)]) throws -> StudyConfiguration {
    var configuration = try #require(try study(grid()).configurations.first)
    configuration.settings = settings.map { Setting(path: $0.0, value: $0.1) }
    configuration.label = settings.map { path, value in
      path == "variant" ? value : "\(path.split(separator: ".").last ?? "") \(value)"
    }.joined(separator: ", ")
    return configuration
  }

  private func names(_ all: [[(String, String)]], without path: String? = nil) throws -> [String] {
    try ShortNames(all.map(Self.configuration), axes: [], without: path).names
  }

  @Test func aNameIsMadeOfWhatDiffers() throws {
    let all = ["max", "average"].flatMap { pooling in
      ["same", "valid"].flatMap { padding in
        ["0.1", "0.01"].map {
          [("model.pooling", pooling), ("model.padding", padding), ("optimizer.lr", $0), ("model.activation", "relu")]
        }
      }
    }
    let names = try ShortNames(all.map(Self.configuration), axes: [])
    #expect(names.names.first == "max · same · 0.1" && names.names.last == "avg · valid · 0.01")
    #expect(names.meaning == "A name says pooling · padding · learning rate; avg stands for average.")
    #expect(!names.isShortened)
    let groups = try self.names(all, without: "optimizer.lr")
    #expect(groups[0] == "max · same" && groups[1] == groups[0] && Set(groups).count == 4)
  }

  @Test func numbersOfSeveralSettingsSayWhichTheyAre() throws {
    let all = ["0.1", "0.01"].flatMap { rate in
      ["0", "0.9"].map { [("optimizer.lr", rate), ("optimizer.momentum", $0)] }
    }
    #expect(try names(all)[1] == "lr 0.1 · momentum 0.9")
    let switches = ["true", "false"].map { [("optimizer.nesterov", $0)] }
    #expect(try names(switches) == ["nesterov", "no nesterov"])
    let mixed = ["same", "2"].map { [("model.padding", $0)] }
    #expect(try names(mixed) == ["same", "padding 2"])
    let alike = [("a", "b"), ("b", "a"), ("a", "a")].map { [("model.first", $0.0), ("model.second", $0.1)] }
    #expect(try names(alike) == ["first a · second b", "first b · second a", "first a · second a"])
  }

  @Test func aListGoesByItsNamesAndAnEmptyOneByWhatIsMissing() throws {
    let lists = ["[]", "[random_crop (size 28, padding 2), random_horizontal_flip]"]
    #expect(try names(lists.map { [("dataset.augment", $0)] })[0] == "no augment")
    let crops = ["[]", "[random_crop (size 28, padding 2)]"].flatMap { list in
      ["A", "B"].map { [("model.shortcut", $0), ("dataset.augment", list)] }
    }
    #expect(try names(crops) == ["A · no augment", "B · no augment", "A · random_crop", "B · random_crop"])
    // Two lists with the same names are told apart.
    let sizes = ["2", "4"].map { [("dataset.augment", "[random_crop (size 28, padding \($0))]")] }
    #expect(try Set(names(sizes)).count == 2)
  }

  @Test func aVariantSaysItsOwnSettings() throws {
    let all = [("Model A", "max"), ("Model B", "average")].flatMap { name, pooling in
      ["0.1", "0.01"].map { [("variant", name), ("model.pooling", pooling), ("optimizer.lr", $0)] }
    }
    #expect(try names(all) == ["Model A · 0.1", "Model A · 0.01", "Model B · 0.1", "Model B · 0.01"])
    let plain = try ShortNames(["MLP", "CNN, max pooling"].map { try Self.configuration([("variant", $0)]) }, axes: [])
    #expect(plain.names == ["MLP", "CNN, max pooling"] && plain.meaning == nil)
  }

  /// As older programs stored a study: the label alone says the variant.
  @Test func aVariantThatOnlyTheLabelSaysIsTheNameToo() throws {
    let all = try [("Model A", "max"), ("Model A, tuned", "average")].map { label, pooling in
      var configuration = try Self.configuration([("model.pooling", pooling)])
      configuration.label = label
      return configuration
    }
    let axes = [Axis(path: "variant", values: all.map(\.label))]
    #expect(ShortNames(all, axes: axes).names == ["Model A", "Model A, tuned"])
  }

  @Test func longValuesGoByTheWordsThatTellThemApart() throws {
    let all = ["small", "large"].map {
      [("variant", "a network for the tutorial with a \($0) hidden layer and dropout")]
    }
    let names = try ShortNames(all.map(Self.configuration), axes: [])
    #expect(names.names == ["…small…", "…large…"] && names.isShortened)
  }

  /// Where nothing is a word, the number of the value tells it apart.
  @Test func whatCanNotBeToldByItsWordsHasANumber() throws {
    let all = ["1", "2", "3"].map { [("model.layers", String(repeating: "conv", count: 20) + $0)] }
    let names = try names(all)
    #expect(Set(names).count == 3 && names.allSatisfy { $0.terminalColumns <= ShortNames.limit })
    #expect(names[2].hasSuffix("#3"), "\(names)")
  }

  /// Over grids of any shape with any names: as many names as configurations, each short and on one line, and without a
  /// setting as many as there are groups.
  @Test(arguments: 0..<300) func equalNamesNeverMeanDifferentThings(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let pool =
      [
        "0.1", "0.01", "max", "average", "avg", "true", "false", "none", "[16, 32]", "[16, 32, 64]", "a · b", "b", "a",
        "",
      ]
      + [
        "x #2", "x", "#1 x", "lr 0.1", "…", String(repeating: "long ", count: 30) + "end",
        String(repeating: "y", count: 90),
      ]
      + hostileNames
    let paths = [
      "variant", "optimizer.lr", "model.lr", "model.pooling", "dataset.train", "model.a_b",
      "a.very.long.path_of_a_setting",
    ]
    let dimensions = paths.shuffled(using: &random).prefix(Int.random(in: 1...5, using: &random)).map { path in
      (path, Array(pool.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random))))
    }
    var points: [[(String, String)]] = [[]]
    for (path, values) in dimensions {
      points = points.flatMap { point in
        // Now and then a setting is missing, as under "when".
        values.map { value in Int.random(in: 0..<9, using: &random) == 0 ? point : point + [(path, value)] }
      }
    }
    let configurations = try points.map(Self.configuration)
    let names = ShortNames(configurations, axes: [])
    #expect(names.names.count == configurations.count)
    #expect(Set(names.names).count == configurations.count, "\(names.names)")
    for name in names.names {
      #expect(PlainText.oneLine(name) == name && !name.isEmpty)
      #expect(name.terminalColumns <= ShortNames.limit + 12, "\(name)")
    }
    for path in dimensions.map(\.0) {
      let groups = ShortNames(configurations, axes: [], without: path).names
      var known: [String: [Setting]] = [:]
      for (name, configuration) in zip(groups, configurations) {
        let others = configuration.settings.filter { $0.path != path }
        #expect(known.updateValue(others, forKey: name).map { $0 == others } ?? true, "\(name)")
      }
      let whole = Set(configurations.map { $0.settings.filter { $0.path != path } })
      #expect(known.count == whole.count)
    }
  }
}
