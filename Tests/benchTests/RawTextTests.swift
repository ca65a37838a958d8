import Foundation
import GRDB
import Presentation
import StudySupport
import Testing
import Tracking

/// Nothing that a user, a file or a store names moves a terminal's cursor, turns its text round or commands a workflow.
@Suite struct RawTextTests {
  /// Escape, a C1 control, and three marks that turn the direction of writing.
  private static let nasty = "\u{1B}[2Jx\u{9B}31my\u{61C}\u{202E}\u{2066}z"

  private func expectClean(_ outcome: Program.Outcome, _ name: String, quotes: Bool = true) {
    let text = outcome.output + outcome.errors
    for scalar in "\u{1B}\u{9B}\u{61C}\u{202E}\u{2066}".unicodeScalars {
      #expect(!text.unicodeScalars.contains(scalar), "\(name): U+\(String(scalar.value, radix: 16)) in \(text)")
    }
    if quotes { #expect(text.contains("[2Jx") && text.contains("31my"), "\(name): \(text)") }
  }

  private func grid(_ change: (inout String) -> Void) -> String {
    var text = Program.tinyGrid
    change(&text)
    return text
  }

  private static let escaped = "\\u001b[2Jx\\u009b31my\\u061c\\u202e\\u2066z"

  @Test func optionsAreQuotedWithoutCodes() async throws {
    try await Program.inTemporaryFolder { program in
      try await program.trainTinyStudy()
      let nasty = Self.nasty
      let calls: [[String]] = [
        ["run", "grid.json", "--only", nasty], ["run", "grid.json", "--only", "seed=\(nasty)"],
        ["list", "--where", nasty], ["status", "--db", nasty], ["run", "grid.json", "--db", "no/\(nasty)/x.db", nasty],
        ["report", nasty], ["compare", nasty, nasty], ["baseline", "export", nasty], ["show", nasty], ["plan", nasty],
        ["plan", "grid.json", "--set", nasty], ["data", "fetch", nasty], [nasty], ["run", "grid.json", "--\(nasty)"],
        ["data", "fetch", "mnist", "--mirror", "http://127.0.0.1:1/\(nasty)/", "--data", "data"],
      ]
      for call in calls {
        let outcome = try await program.run(call)
        #expect(outcome.code != 0)
        expectClean(outcome, "\(call)")
      }
    }
  }

  @Test func pathsAndTensorsOfFilesAreQuotedWithoutCodes() async throws {
    try await Program.inTemporaryFolder { program in
      let paths = ["train_images", "train_labels", "test_images", "test_labels"].map {
        "\"\($0)\": \"\(Self.escaped)\""
      }
      let idx = "{\"name\": \"idx\", \(paths.joined(separator: ", "))}"
      try program.write(
        grid { $0.replace("{\"name\": \"digits\", \"train\": 60, \"test\": 40}", with: idx) }, to: "idx.json")
      try program.write(
        grid { $0.replace("\"seeds\"", with: "\"initial_weights\": \"\(Self.escaped)\", \"seeds\"") },
        to: "weights.json")
      try program.write(
        grid { $0.replace("\"seeds\"", with: "\"initial_weights\": \"w.safetensors\", \"seeds\"") }, to: "tensor.json")
      let header = #"{"\#(Self.escaped)":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
      var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
      bytes += Data(header.utf8) + Data([0, 0, 0, 0])
      try bytes.write(to: program.folder.appending(path: "w.safetensors"))
      for name in ["idx.json", "weights.json", "tensor.json"] {
        let outcome = try await program.run("run", name)
        #expect(outcome.code != 0)
        expectClean(outcome, name)
      }
    }
  }

  @Test func whatAStoreHoldsIsQuotedWithoutCodes() async throws {
    try await Program.inTemporaryFolder { program in
      try await program.trainTinyStudy()
      let queue = try DatabaseQueue(path: program.folder.appending(path: ".bench/bench.db").path)
      try await queue.write {
        try $0.execute(sql: "UPDATE study SET name = ?", arguments: [Self.nasty])
        try $0.execute(sql: "UPDATE named_configuration SET label = ? || label", arguments: [Self.nasty])
        try Store.sealRows(in: $0)
        try $0.execute(sql: "UPDATE attempt SET wall_seconds = 77 WHERE id = 1")
      }
      for call in [["report"], ["status"], ["list"], ["doctor"], ["compare", ".bench/bench.db", ".bench/bench.db"]] {
        expectClean(try await program.run(call), "\(call)", quotes: call != ["list"])
      }
      try await queue.write {
        try $0.execute(
          sql: "INSERT INTO format (migration, needs) VALUES ('v99', ?)", arguments: [Self.nasty])
      }
      try queue.close()
      let newer = try await program.run("status")
      #expect(newer.code == 1)
      expectClean(newer, "needs")
    }
  }

  @Test func labelsCommandNoWorkflow() async throws {
    try await Program.inTemporaryFolder { program in
      let labels = ["::stop-commands::x", "##[group]y", "a ##[error]b"]
      let variants = labels.map { "\"\($0)\": {\"optimizer.lr\": 0.1}" }.joined(separator: ", ")
      let text = grid {
        $0.replace("\"axes\": {\"optimizer.lr\": [0.1, 0.01]}", with: "\"variants\": {\(variants)}")
        $0.replace("\"lr\": 0.1", with: "\"lr\": 0.2")
        $0.replace("\"name\": \"tiny\"", with: "\"name\": \"::stop-commands::tiny\"")
        for (index, label) in labels.enumerated() {
          $0.replace("\"\(label)\": {\"optimizer.lr\": 0.1}", with: "\"\(label)\": {\"optimizer.lr\": 0.\(index + 1)1}")
        }
      }
      try program.write(text, to: "grid.json")
      let workflow = ["GITHUB_ACTIONS": "true"]
      // A pipe, as a runner reads it; into a file nothing is changed.
      var piped = program
      piped.launcher = ["/bin/bash", "-c", "\"$0\" \"$@\" | cat; exit ${PIPESTATUS[0]}"]
      let other = "other.db"
      #expect(try await program.run("run", "grid.json", "-q", "--db", other).code == 0)
      for call in [
        ["run", "grid.json", "-v"], ["report", "--format", "text"], ["report", "--format", "md"],
        ["report", "--format", "json"], ["report", "--format", "csv"], ["list"], ["list", "--format", "csv"],
        ["compare", other, ".bench/bench.db"], ["compare", other, ".bench/bench.db", "--format", "json"], ["status"],
      ] {
        let outcome = try await piped.run(call, environment: workflow)
        #expect(outcome.code == 0, "\(call): \(outcome.errors)")
        for line in (outcome.output + outcome.errors).split(whereSeparator: \.isNewline) {
          let isCommand = line.drop(while: \.isWhitespace).hasPrefix("::stop") || line.contains("##[")
          #expect(!isCommand, "\(call): \(line)")
        }
      }
      let json = try await piped.run(["report", "--format", "json"], environment: workflow)
      var reader = JSONReader(Array(json.output.utf8))
      let value = try reader.read().value
      #expect(value.compactText.contains("##[group]y"), "JSON means the same")
      let file = try await program.run(["export", "csv"], environment: workflow)
      #expect(file.output.contains("a ##[error]b"), "a file is read by no runner")
    }
  }
}
