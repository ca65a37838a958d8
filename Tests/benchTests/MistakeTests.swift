import Foundation
import GRDB
import StudySupport
import Testing

/// What the program says to mistakes, and that it leaves nothing behind.
@Suite struct MistakeTests {
  @Test func tellsEveryFaultOfAGridAndMakesNoStore() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(
        """
        {
          "name": "bad",
          "dataset": {"name": "digits", "train": 300, "test": 100},
          "model": {"family": "mlpp", "hidden": [16]},
          "optimizer": {"name": "adm", "lr": 0.1},
          "training": {"batch_size": 0, "iterations": 300, "evaluat_every": 50},
          "seeds": [0, 0]
        }
        """, to: "bad.json")
      let outcome = try await program.run("run", "bad.json")
      #expect(outcome.code == 64)
      let lines = outcome.errors.split(separator: "\n")
      #expect(lines.count == 5)
      for (line, part) in zip(lines, ["\"mlpp\"", "\"adm\"", "batch_size is 0", "evaluat_every", "seeds[1]"]) {
        #expect(line.hasPrefix("bad.json:") && line.contains(part))
      }
      #expect(try program.contents == ["bad.json"])
    }
  }

  struct Mistake: CustomTestStringConvertible {
    var arguments: [String]
    var code: Int
    var says: String
    var testDescription: String { arguments.joined(separator: " ") }
  }

  @Test(arguments: [
    Mistake(
      arguments: ["run", "good.json", "--only", "seed=9"], code: 64, says: "no trial is like that; seed is one of 0"),
    Mistake(
      arguments: ["run", "good.json", "--only", "model.width=9"], code: 64,
      says: "no trial has \"model.width\"; expected one of label, seed"),
    Mistake(arguments: ["run", "good.json", "--set", "optimizer.lr"], code: 64, says: "expected PATH=VALUE"),
    Mistake(arguments: ["run", "good.json", "--set", "optimizer.lrr=1"], code: 64, says: "lrr"),
    Mistake(arguments: ["run", "good.json", "--jobs", "0"], code: 64, says: "expected at least 1"),
    Mistake(arguments: ["run", "good.json", "--timeout=-1"], code: 64, says: "more than 0 seconds"),
    Mistake(arguments: ["run", "good.json", "--checkpoint-every", "soon"], code: 64, says: "soon"),
    Mistake(arguments: ["run", "nowhere.json"], code: 64, says: "nowhere.json: can't be read: No such file"),
    Mistake(arguments: ["run", "."], code: 64, says: "is a directory; expected a file"),
    Mistake(arguments: ["run", "mnist.json", "--data", "empty"], code: 1, says: "bench data fetch mnist"),
    Mistake(arguments: ["run", "good.json", "--require-clean"], code: 1, says: "git finds no commit here"),
    Mistake(arguments: ["trian", "good.json"], code: 64, says: "trian"),
    Mistake(arguments: ["list"], code: 1, says: "there is no store here"),
    Mistake(arguments: ["report", "good"], code: 1, says: "there is no store here"),
  ]) func saysWhatIsWrongAndMakesNoStore(mistake: Mistake) async throws {
    try await Program.inTemporaryFolder { program in
      let good = SmallGrid().text
      try program.write(good, to: "good.json")
      try program.write(good.replacing("\"digits\"", with: "\"mnist\""), to: "mnist.json")
      // A repository around the temporary folder is none of this test's business.
      let outcome = try await program.run(
        mistake.arguments, environment: ["GIT_CEILING_DIRECTORIES": program.folder.deletingLastPathComponent().path])
      #expect(outcome.code == mistake.code)
      #expect(outcome.errors.contains(mistake.says), "\(outcome.errors)")
      #expect(try program.contents == ["good.json", "mnist.json"])
    }
  }

  /// An IDX file of bytes.
  private static func idx(_ dimensions: [Int], _ values: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(dimensions.count)] + dimensions.flatMap { [0, 0, UInt8($0 / 256), UInt8($0 % 256)] } + values
  }

  struct Damage: CustomTestStringConvertible {
    var testDescription: String
    var file: String
    var bytes: [UInt8]?
    var says: String
  }

  @Test(arguments: [
    Damage(
      testDescription: "cut short", file: "b", bytes: Array(idx([3, 2, 2], Array(0..<12)).dropLast(5)),
      says: "is cut short"),
    Damage(testDescription: "wrong magic", file: "b", bytes: Array("\u{89}PNG\r\n and more".utf8), says: "begins with"),
    Damage(
      testDescription: "label out of range", file: "c", bytes: idx([3], [0, 1, 10]),
      says: "label 2 is 10; expected 0 to 2"),
    Damage(testDescription: "missing", file: "d", bytes: nil, says: "not found"),
    Damage(
      testDescription: "more labels than images", file: "e", bytes: idx([3], [1, 2, 3]), says: "has 2 images and"),
  ]) func damagedDataIsToldAndNothingIsWritten(damage: Damage) async throws {
    try await Program.inTemporaryFolder { program in
      let files: [String: [UInt8]] = [
        "b": Self.idx([3, 2, 2], Array(0..<12)), "c": Self.idx([3], [0, 1, 2]),
        "d": Self.idx([2, 2, 2], Array(0..<8)), "e": Self.idx([2], [2, 1]),
      ]
      for (name, bytes) in files where name != damage.file {
        try Data(bytes).write(to: program.folder.appending(path: name))
      }
      if let bytes = damage.bytes { try Data(bytes).write(to: program.folder.appending(path: damage.file)) }
      try program.write(
        """
        {"name": "own", "model": {"family": "mlp", "hidden": [4]}, "optimizer": {"name": "sgd", "lr": 0.1},
         "training": {"batch_size": 2, "iterations": 3}, "seeds": [0], "dataset": {"name": "idx",
         "train_images": "b", "train_labels": "c", "test_images": "d", "test_labels": "e",
         "classes": ["a", "b", "c"]}}
        """, to: "a.json")
      let before = try program.contents
      let outcome = try await program.run("run", "a.json")
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains(damage.says), "\(outcome.errors)")
      #expect(try program.contents == before)
    }
  }

  @Test func aForeignFileIsLeftAlone() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid().text, to: "g.json")
      try program.write("a letter to my aunt", to: "letter.db")
      let foreign = try DatabaseQueue(path: program.folder.appending(path: "foreign.db").path)
      try await foreign.write { try $0.execute(sql: "CREATE TABLE aunts (name)") }
      try foreign.close()
      for (file, says) in [("letter.db", "not an SQLite database"), ("foreign.db", "belongs to another program")] {
        let before = try Data(contentsOf: program.folder.appending(path: file))
        for command in ["run", "list"] {
          let outcome = try await program.run([command] + (command == "run" ? ["g.json"] : []) + ["--db", file])
          #expect(outcome.code == 1 && outcome.errors.contains(says), "\(outcome.errors)")
        }
        #expect(try Data(contentsOf: program.folder.appending(path: file)) == before)
      }
      #expect(try program.contents == ["foreign.db", "g.json", "letter.db"])
    }
  }

  @Test func aNewerStoreIsRefused() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid().text, to: "g.json")
      _ = try await program.run("run", "g.json")
      try program.meddle("INSERT INTO format VALUES ('v99', 'bench 9.9')")
      let outcome = try await program.run("run", "g.json", "--rerun")
      #expect(outcome.code == 1 && outcome.errors.contains("it needs bench 9.9 or later"), "\(outcome.errors)")
      #expect(try program.attempts() == SmallGrid().trials)
    }
  }

  @Test(.enabled(if: getuid() != 0, "root may write everywhere")) func aReadOnlyFolderIsToldAndCanBeRead() async throws
  {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid().text, to: "g.json")
      _ = try await program.run("run", "g.json")
      let folder = program.folder.appending(path: ".bench").path
      try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder)
      defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder) }
      let run = try await program.run("run", "g.json", "--rerun")
      #expect(run.code == 1 && run.errors.contains("read-only"), "\(run.errors)")
      let list = try await program.run("list")
      #expect(list.code == 0 && list.output.contains("small"))
    }
  }

  @Test(arguments: [257, 2, 1]) func aWrongNumberOfClassesIsAMistakeOfTheGrid(count: Int) async throws {
    try await Program.inTemporaryFolder { program in
      let classes = (0..<count).map { "\"\($0)\"" }.joined(separator: ",")
      try program.write(
        Program.tinyGrid.replacing("\"train\": 60", with: "\"classes\": [\(classes)], \"train\": 60"), to: "grid.json")
      let outcome = try await program.run("plan", "grid.json")
      #expect(outcome.code == 64 && outcome.errors.contains("dataset.classes"), "\(outcome)")
      #expect(outcome.errors.contains(count == 2 ? "expected 10" : "2 to 256"), "\(outcome.errors)")
    }
    let manual = try await Program.inTemporaryFolder { try await $0.run("schema", "manual") }
    #expect(manual.output.contains("a list of 2 to 256") && !manual.output.contains("a list of 2 to 10000"))
  }
}
