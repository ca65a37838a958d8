import Experiments
import Foundation
import TestSupport
import Testing

@testable import Exchange

/// Gives `body` a path at which there is nothing, in a folder that is removed afterwards.
func inTemporaryFolder(_ body: (URL) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "bench-exchange-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder)
}

/// The files in a folder, by their paths.
func files(_ folder: URL) throws -> [String: Data] {
  let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
  return Dictionary(
    uniqueKeysWithValues: try names.compactMap { name in
      var isFolder: ObjCBool = false
      let url = folder.appending(path: name)
      guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue else {
        return nil
      }
      return (name, try Data(contentsOf: url))
    })
}

func points(_ folder: URL, _ run: String, file: Int = 1) throws -> [EventPoint] {
  let place = folder.appending(path: run).appending(path: TensorBoardFolder.eventFile(file))
  return try eventPoints(in: Array(Data(contentsOf: place)))
}

@Suite struct TensorBoardExportTests {
  @Test func aTrialIsARunAndSeedsHaveMeanAndBand() throws {
    try inTemporaryFolder { folder in
      let place = folder.appending(path: "board")
      try TensorBoardExport(Samples.curves(Samples.two)).write(to: place)
      let names = Set(try files(place).keys.map { ($0 as NSString).deletingLastPathComponent })
      #expect(
        names == [
          "", "lr 0.1/seed 0", "lr 0.1/seed \(UInt64.max)", "lr 0.1/mean", "lr 0.1/mean - sd", "lr 0.1/mean + sd",
          "lr 10/seed 0", "lr 10/seed 1",
        ])
      #expect(
        try points(place, "lr 0.1/seed 0") == [
          EventPoint(tag: "loss/train", step: 1, value: 3, time: 100 + 100 * (1 / 3.0)),
          EventPoint(tag: "loss/train", step: 2, value: 2, time: 100 + 100 * (2 / 3.0)),
          EventPoint(tag: "loss/train", step: 3, value: 1, time: 200),
          EventPoint(tag: "loss/test", step: 3, value: 1, time: 200),
          EventPoint(tag: "accuracy/test", step: 3, value: 0.5, time: 200),
        ])
      #expect(try points(place, "lr 10/seed 1")[1].value.isNaN)
      let losses = { (run: String) in try points(place, run, file: 2).filter { $0.tag == "loss/train" }.map(\.value) }
      #expect(try losses("lr 0.1/mean") == [4, 3, 2])
      let deviation = Float(2.0.squareRoot())
      for (found, mean) in zip(try losses("lr 0.1/mean - sd"), [4, 3, 2] as [Float]) {
        #expect(abs(found - (mean - deviation)) < 1e-6)
      }
      for (found, mean) in zip(try losses("lr 0.1/mean + sd"), [4, 3, 2] as [Float]) {
        #expect(abs(found - (mean + deviation)) < 1e-6)
      }
    }
  }

  /// What the page HParams reads: one experiment, and of each trial its beginning, and its end where it has one.
  @Test func settingsThatVaryAreSaid() throws {
    func data(_ file: URL, _ tag: String) throws -> WireMessage? {
      for event in try events(in: Array(Data(contentsOf: file))) {
        guard let value = try event.messages(5).first?.messages(1).first, value.text(1) == "_hparams_/\(tag)" else {
          continue
        }
        let plugin = try value.message(9, 1)
        #expect(plugin.text(1) == "hparams")
        return try plugin.message(2)
      }
      return nil
    }
    try inTemporaryFolder { folder in
      let place = folder.appending(path: "board")
      try TensorBoardExport(Samples.curves(Samples.two)).write(to: place)
      let experiment = try #require(try data(place.appending(path: TensorBoardFolder.eventFile(2)), "experiment"))
        .message(2)
      #expect(experiment.text(6) == "sample" && experiment.text(1) == "a title" && experiment.number(3) == 50)
      let settings = try experiment.messages(4)
      #expect(settings.map { $0.text(1) } == ["optimizer.lr"] && settings.map { $0.integer(4) } == [3])
      #expect(try settings[0].message(5).messages(1).map { $0.number(2) } == [0.1, 10])
      #expect(try experiment.messages(5).map { try $0.message(1).text(2) } == ["accuracy/test", "loss/test"])
      let file = TensorBoardFolder.eventFile(1)
      let start = try #require(try data(place.appending(path: "lr 10/seed 1/\(file)"), "session_start_info")).message(3)
      #expect(start.text(4) == "lr 10" && start.number(5) == 100)
      #expect(try start.message(1).text(1) == "optimizer.lr" && start.message(1, 2).number(2) == 10)
      for (run, status) in ["lr 0.1/seed 0": 1, "lr 10/seed 1": 2] {
        let end = try #require(try data(place.appending(path: "\(run)/\(file)"), "session_end_info")).message(4)
        #expect(end.integer(1) == status && end.number(2) == 200)
      }
    }
  }

  @Test func aSecondExportTakesThePlaceOfTheFirstAlone() throws {
    try inTemporaryFolder { folder in
      let place = folder.appending(path: "board")
      try Data("mine".utf8).write(to: folder.appending(path: "mine"))
      try TensorBoardExport(Samples.curves(Samples.two)).write(to: place)
      let first = try files(folder)
      try TensorBoardExport(Samples.curves(Samples.two)).write(to: place)
      #expect(try files(folder) == first)
      var fewer = Samples.two
      fewer.configurations.removeLast()
      try TensorBoardExport(Samples.curves(fewer)).write(to: place)
      #expect(try files(place).keys.allSatisfy { !$0.hasPrefix("lr 10/") })
      #expect(try files(folder)["mine"] == first["mine"])
    }
  }

  @Test func whatSomebodyElseWroteIsNotTouched() throws {
    func refusal(_ place: URL, _ record: StudyRecord = Samples.two) throws -> String {
      let before = try? files(place)
      var text = ""
      do { try TensorBoardExport(Samples.curves(record)).write(to: place) } catch { text = "\(error)" }
      let after = try? files(place)
      #expect(after == before)
      return text
    }
    try inTemporaryFolder { folder in
      let advice = "name a folder that is empty or not there yet, or move this one away"
      let file = folder.appending(path: "file")
      try Data("mine".utf8).write(to: file)
      #expect(try refusal(file) == "\(file.path): is not a folder; \(advice)")
      #expect(
        try refusal(folder) == "\(folder.path): holds file, which bench did not write, and is not touched; \(advice)")
      let place = folder.appending(path: "board")
      try TensorBoardExport(Samples.curves(Samples.two)).write(to: place)
      var other = Samples.two
      other.name = "an\nother"
      #expect(
        try refusal(place, other)
          == "\(place.path): holds the study sample, not an other, and TensorBoard's page HParams shows one study per "
          + "folder; \(advice)")
      let stranger = place.appending(path: "lr 10/seed 0/events.out.tfevents.1700000000.host.1.0")
      try Data("mine".utf8).write(to: stranger)
      #expect(
        try refusal(place)
          == "\(place.path): holds lr 10/seed 0/events.out.tfevents.1700000000.host.1.0, which bench did not write, and is "
          + "not touched; \(advice)")
      try FileManager.default.removeItem(at: stranger)
      try FileManager.default.createSymbolicLink(
        at: place.appending(path: "bench-study.json.link"), withDestinationURL: file)
      #expect(try refusal(place).contains("holds bench-study.json.link, which bench did not write"))
      try FileManager.default.removeItem(at: place.appending(path: "bench-study.json.link"))
      try FileManager.default.removeItem(at: place.appending(path: TensorBoardFolder.marker))
      #expect(
        try refusal(place)
          == "\(place.path): is not empty, and has no bench-study.json that says which study it is of; \(advice)")
    }
  }
}

@Suite struct RunFoldersTests {
  @Test func plainNamesStay() {
    let names = ["Model A", "avg · valid · 0.1", "no dropout", "#3 · x", "lr 1e-05", "a"]
    #expect(
      RunFolders.names(names, hashes: names) == ["Model A", "avg, valid, 0.1", "no dropout", "#3, x", "lr 1e-05", "a"])
  }

  @Test func namesAreFitForAPathAndNoTwoAreAlike() {
    let names =
      hostileNames + [
        "../x", "a/b", "a\\b", "line\nbreak", "", ".", "..", ".hidden", "x.", "x ", "con", "CON", "Model A", "model a",
        "MODEL A", "a · b", "a, b", "a/c", "a c", "model a hash", "é", "e\u{301}",
      ]
    let hashes = names.indices.map { "hash\($0)" }
    let folders = RunFolders.names(names, hashes: hashes)
    #expect(Set(folders.map { $0.lowercased() }).count == names.count)
    for folder in folders {
      #expect(!folder.isEmpty && folder.utf8.count <= 80 && !folder.hasPrefix("."), "\(folder)")
      #expect(
        folder.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "/") && $0 != 0x5C }, "\(folder)")
      #expect(!["con", "nul"].contains(folder.lowercased()) && folder.last != " " && folder.last != ".", "\(folder)")
    }
  }

  /// A name that looks like another with its hash.
  @Test func aNameThatLooksLikeAnotherWithItsHashIsToldApart() {
    let folders = RunFolders.names(["A", "a", "a one"], hashes: ["one", "two", "three"])
    #expect(Set(folders.map { $0.lowercased() }).count == 3)
  }
}
