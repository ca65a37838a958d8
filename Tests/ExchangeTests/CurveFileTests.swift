import Experiments
import Testing

@testable import Exchange

/// What is read of other programs' curves, and every mistake with its line.
@Suite struct CurveFileTests {
  private static let header = "label,seed,iteration,split,metric,value\n"

  private func study(_ text: String, name: String = "curves.csv") throws -> ImportedStudy {
    try CurveFile(Array(text.utf8), name: name).study()
  }

  private func fault(_ text: String, name: String = "curves.csv") -> String {
    do {
      _ = try study(text, name: name)
      return "no fault"
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [
    (
      "curves.csv",
      """
      label,seed,iteration,split,metric,value
      "A, b",7,1,train,loss,2.5
      "A, b",7,2,train,loss,1.5
      "A, b",7,4,train,loss,0.25
      "A, b",7,2,test,loss,0.125
      "A, b",7,2,test,accuracy,0.5
      "A, b",7,4,test,loss,0.0625
      "A, b",7,4,validation,loss,1e-3
      """
    ),
    (
      "curves.csv",
      "\u{FEFF}value,metric,split,iteration,seed,label\r\n0.0625,loss,test,4,7,\"A, b\"\r\n2.5,loss,train,1,7,\"A, b\"\r\n"
        + "\r\n1.5,loss,train,2,7,\"A, b\"\r\n0.5,accuracy,test,2,7,\"A, b\"\r\n0.125,loss,test, 2 ,7,\"A, b\"\r\n"
        + "0.001,loss,validation,4,7,\"A, b\"\r\n0.25,loss,train,4,7,\"A, b\"\r\n"
    ),
    (
      "curves",
      """
      {"label": "A, b", "seed": 7, "iteration": 1, "split": "train", "metric": "loss", "value": 2.5}
      {"label": "A, b", "seed": 7, "iteration": 2, "split": "train", "metric": "loss", "value": 1.5}

      {"seed": "7", "label": "A, b", "iteration": 4.0, "split": "train", "metric": "loss", "value": 0.25}
      {"label": "A, b", "seed": 7, "iteration": 2, "split": "test", "metric": "loss", "value": 0.125, "epoch": null}
      {"label": "A, b", "seed": 7, "iteration": 2, "split": "test", "metric": "accuracy", "value": 0.5}
      {"label": "A, b", "seed": 7, "iteration": 4, "split": "test", "metric": "loss", "value": 0.0625}
      {"label": "A, b", "seed": 7, "iteration": 4, "split": "validation", "metric": "loss", "value": 0.001}
      """
    ),
  ])
  func columnsStandInAnyOrder(name: String, text: String) throws {
    let study = try study(text, name: name)
    let configuration = try #require(study.configurations.first)
    #expect(study.configurations.count == 1 && study.axes.isEmpty)
    #expect(configuration.configuration.label == "A, b" && configuration.configuration.isImported)
    #expect(configuration.configuration.settings.isEmpty && configuration.configuration.iterationsPerEpoch == nil)
    let trial = try #require(configuration.trials.first)
    #expect(configuration.trials.count == 1 && trial.seed == 7 && trial.iterations == 4)
    #expect(trial.losses.map(\.iteration) == [1, 2, 4] && trial.losses.map(\.loss) == [2.5, 1.5, 0.25])
    #expect(trial.evaluations.map(\.iteration) == [2, 4])
    #expect(trial.evaluations.map(\.trainLoss) == [2, 0.25], "means since the evaluation before")
    #expect(trial.evaluations.allSatisfy { $0.epoch.isNaN })
    #expect(trial.evaluations.map(\.test) == [Score(loss: 0.125, accuracy: 0.5), Score(loss: 0.0625, accuracy: nil)])
    #expect(trial.evaluations.map(\.validation) == [nil, Score(loss: 0.001, accuracy: nil)])
    #expect(trial.result.outcome == .done)
  }

  /// The trace says all of the curves, whatever order they came in.
  @Test func equalCurvesHaveEqualKeys() throws {
    let lines = ["A,0,1,train,loss,1.5", "A,0,2,train,loss,0.5", "A,0,2,test,loss,0.75", "A,0,2,test,accuracy,0.5"]
    func keys(_ lines: [String]) throws -> [String] {
      try study(Self.header + lines.joined(separator: "\n")).configurations.flatMap { row in
        row.trials.map { $0.key(configurationHash: row.configuration.hash) }
      }
    }
    let known = try keys(lines)
    #expect(try keys(lines.reversed()) == known)
    for (index, change) in [
      (0, "A,0,1,train,loss,1.5000000000000002"), (0, "A,0,3,train,loss,1.5"), (2, "A,0,2,test,loss,0.76"),
      (3, "A,0,2,test,accuracy,0.25"), (0, "A,1,1,train,loss,1.5"),
    ] {
      var changed = lines
      changed[index] = change
      let found = try keys(changed)
      #expect(found != known, "\(change)")
    }
  }

  @Test(arguments: ["nan", "NaN", "inf", "Infinity", "-inf", "-Infinity"])
  func whatIsNotFiniteDiverged(word: String) throws {
    let value: Double = word.lowercased() == "nan" ? .nan : word.hasPrefix("-") ? -.infinity : .infinity
    let csv = Self.header + "A,0,1,train,loss,1\nA,0,2,train,loss,\(word)\nA,0,3,train,loss,\(word)\n"
    let json = [1, 2].map {
      "{\"label\":\"NaN \\\"Infinity\",\"seed\":0,\"iteration\":\($0),\"split\":\"train\",\"metric\":\"loss\",\"value\":\(word)}"
    }.joined(separator: "\n")
    let isWord = ["NaN", "Infinity", "-Infinity"].contains(word)
    let quoted = json.replacing("\"value\":\(word)", with: "\"value\":\"\(word)\"")
    for (text, name, first) in [(csv, "a.csv", 2), (isWord ? json : quoted, "a.jsonl", 1), (quoted, "a.jsonl", 1)] {
      let trial = try #require(try study(text, name: name).configurations.first?.trials.first)
      #expect(trial.result.outcome == .diverged(iteration: first))
      #expect(trial.losses.last.map { $0.loss.isNaN == value.isNaN && ($0.loss == value || value.isNaN) } == true)
    }
  }

  @Test func furtherColumnsAreSettings() throws {
    let text = """
      label,optimizer.lr,seed,iteration,split,metric,value,note
      A,0.1,0,1,test,loss,1,x
      A,0.01,0,1,test,loss,2,x
      A,0.1,1,1,test,loss,3,x
      B,0.1,0,1,test,loss,4,
      """
    let study = try study(text)
    #expect(study.configurations.map(\.configuration.label) == ["A, lr 0.1", "A, lr 0.01", "B"])
    #expect(study.configurations.map { $0.trials.map(\.seed) } == [[0, 1], [0], [0]])
    #expect(
      study.axes == [Axis(path: "variant", values: ["A", "B"]), Axis(path: "optimizer.lr", values: ["0.1", "0.01"])])
    #expect(
      study.configurations[0].configuration.settings == [
        Setting(path: "variant", value: "A"), Setting(path: "optimizer.lr", value: "0.1"),
        Setting(path: "note", value: "x"),
      ])
    #expect(study.configurations[2].configuration.settings.map(\.path) == ["variant", "optimizer.lr"])
    let json = """
      {"label":"A","seed":0,"iteration":1,"split":"test","metric":"loss","value":1,"hidden":[16,32],"bias":true}
      {"label":"A","seed":0,"iteration":1,"split":"test","metric":"loss","value":1,"bias":false,"hidden":[16]}
      """
    #expect(
      try self.study(json, name: "x.json").configurations.map(\.configuration.label)
        == ["A, hidden [16,32], bias true", "A, hidden [16], bias false"])
  }

  @Test func epochsTellTheirLength() throws {
    let text = "label,seed,iteration,split,metric,value,epoch\nA,0,30,test,loss,1,0.05\nA,0,1200,test,loss,1,2\n"
    let configuration = try #require(try study(text).configurations.first)
    #expect(configuration.configuration.iterationsPerEpoch == 600)
    #expect(configuration.trials[0].evaluations.map(\.epoch) == [0.05, 2])
  }

  private static let mistakes: [(String, String)] = [
    ("", "line 1: the file is empty; expected a header with label, seed, iteration, split, metric and value"),
    ("\(header)", "line 1: there is no line below the header"),
    (
      "lable,seed,iteration,split,metric,value\n",
      "line 1: the column label is missing; expected label, seed, iteration, split, metric and value, in any order. Did "
        + "you mean \"lable\"?"
    ),
    (
      "label,seed,seed,iteration,split,metric,value,variant,\n",
      """
      3 faults, so nothing was imported:
        line 1: the column "seed" stands there twice
        line 1: a column is named variant, which is what the labels are; give it another name
        line 1: a column has no name
      """
    ),
    ("\(header)A,0,1,train,loss\n", "line 2: 5 fields; the header has 6"),
    (
      "\(header)\n\"two\nlines\",x,1,train,loss,1\n",
      "line 3: seed is \"x\"; expected a whole number from 0 to \(UInt64.max)"
    ),
    ("\(header),0,1,train,loss,1\n", "line 2: label is missing"),
    ("\(header)A,-1,1,train,loss,1\n", "line 2: seed is \"-1\"; expected a whole number from 0 to \(UInt64.max)"),
    (
      "\(header)A,0,0,train,loss,1\n",
      "line 2: iteration is \"0\"; expected the training steps done, a whole number from 1 to 1,000,000,000"
    ),
    (
      "\(header)A,0,1,val,loss,1\n",
      "line 2: split is \"val\"; expected train, validation or test. Did you mean \"validation\"?"
    ),
    ("\(header)A,0,1,test,f1,1\n", "line 2: metric is \"f1\"; expected loss or accuracy"),
    ("\(header)A,0,1,test,loss,1e999\n", "line 2: value is \"1e999\"; expected a number, nan, inf or -inf"),
    ("\(header)A,0,1,test,loss,0x1p3\n", "line 2: value is \"0x1p3\"; expected a number, nan, inf or -inf"),
    (
      "\(header)A,0,1,test,accuracy,97.04\n",
      "line 2: accuracy is 97.04; expected a share from 0 to 1: 97.04 % is 0.9704"
    ),
    ("\(header)A,0,1,test,accuracy,inf\n", "line 2: accuracy is inf; expected a share from 0 to 1"),
    (
      "\(header)A,0,1,train,accuracy,0.5\n",
      "line 2: split train has accuracy; of training examples the loss alone is kept, so leave such lines out"
    ),
    (
      "\(header)A,0,1,test,accuracy,0.5\n",
      "line 2: test accuracy of \"A\", seed 0, at iteration 1 has no test loss beside it; an evaluation needs its loss"
    ),
    (
      "\(header)A,0,5,test,loss,1\nB,0,5,test,loss,1\nA,0,5,test,loss,2\n",
      "line 4: test loss of \"A\", seed 0, at iteration 5 stands in line 2 already"
    ),
    ("\(header)\"A,0,1,train,loss,1\n", "line 2: a quote is opened and never closed"),
    (
      "\(header)\"A\"b,0,1,train,loss,1\n",
      "line 2: something stands between a closing quote and the next comma; a quote in a field is doubled"
    ),
    (
      "label,seed,iteration,split,metric,value,epoch\nA,0,500,test,loss,1,1\nA,0,1000,test,loss,1,1\n",
      "line 3: epoch is \"1\" at iteration 1,000, but line 2 says that an epoch has 500 iterations; expected the passes "
        + "done, with their fraction, or no column epoch"
    ),
    (
      "label,seed,iteration,split,metric,value,epoch\nA,0,1,test,loss,2.3,1e-200\n",
      "line 2: epoch is \"1e-200\" at iteration 1, but no whole number of iterations is an epoch; expected the passes "
        + "done, with their fraction, or no column epoch"
    ),
    (
      "Model A,0,1,train,loss,2.5\nModel A,0,2,train,loss,2.5\n",
      "line 1: is not a header; expected label,seed,iteration,split,metric,value, in any order"
    ),
    (
      "label,seed,iteration,split,metric,value,epoch\nA,0,500,test,loss,1,0\n",
      "line 2: epoch is \"0\"; expected passes over the training examples, a number above 0"
    ),
  ]

  @Test(arguments: mistakes) func eachMistakeIsToldWithItsLine(text: String, message: String) {
    #expect(fault(text) == message)
  }

  @Test(arguments: [
    ("", "line 1: the file is empty; expected a JSON object in each line"),
    ("[1]\n", "line 1: is not a JSON object; expected {\"label\": …, \"seed\": …, …}, one in each line"),
    ("\n{\"label\": 'A'}\n", "line 2: column 11: found '; a string stands in double quotes"),
    ("{\"label\":\"A\",\"label\":\"B\"}\n", "line 1: the key \"label\" stands there twice"),
    (
      "{\"label\":\"A\",\"seed\":1.5,\"iteration\":1,\"split\":\"test\",\"metric\":\"loss\",\"value\":null}\n",
      """
      2 faults, so nothing was imported:
        line 1: seed is "1.5"; expected a whole number from 0 to \(UInt64.max)
        line 1: value is missing
      """
    ),
  ])
  func eachMistakeOfJSONIsToldWithItsLine(text: String, message: String) {
    #expect(fault(text, name: "curves.jsonl") == message)
  }

  @Test func manyFaultsAreCounted() {
    let text = Self.header + (1...100).map { "A,0,\($0),train,loss,bad\n" }.joined()
    let lines = fault(text).split(separator: "\n")
    #expect(lines.count == 22 && lines.first == "100 faults, so nothing was imported:")
    #expect(lines[1] == "  line 2: value is \"bad\"; expected a number, nan, inf or -inf")
    #expect(lines.last == "  and 80 more")
  }

  @Test func aColumnThatChangesWithEachLineIsNoSetting() {
    let text =
      "label,seed,iteration,split,metric,value,time\n" + (1...60).map { "A,0,\($0),train,loss,1,\($0)\n" }.joined()
    #expect(
      fault(text)
        == "line 2: the column \"time\" is another in each line; a further column is a setting, the same in all lines of a "
        + "trial: leave it out")
  }

  @Test func brokenUTF8IsAFault() {
    let bytes = Array(Self.header.utf8) + [0x41, 0xFF] + Array(",0,1,train,loss,1\n".utf8)
    #expect(throws: CurveFileError.self) { try CurveFile(bytes, name: "a.csv").study() }
    let header = [0x6C, 0xE9] + Array(",seed\n".utf8)
    let error = #expect(throws: CurveFileError.self) { try CurveFile(header, name: "a.csv").study() }
    #expect(error?.description == "line 1: is not UTF-8")
  }

  @Test(arguments: ["a.csv", "a.jsonl"]) func aFileOfUTF16IsNamed(name: String) {
    for mark: [UInt8] in [[0xFF, 0xFE], [0xFE, 0xFF]] {
      let error = #expect(throws: CurveFileError.self) { try CurveFile(mark + [0x6C, 0], name: name).study() }
      #expect(
        error?.description == "line 1: the file is UTF-16, as its first two bytes say; expected UTF-8, which iconv -f "
          + "UTF-16 -t UTF-8 FILE makes of it")
    }
  }
}
