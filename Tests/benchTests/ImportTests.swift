import Foundation
import Testing

/// `bench import` as people type it.
@Suite struct ImportTests {
  private static let text = "label,seed,iteration,split,metric,value\nA,0,5,test,loss,1\nA,1,5,test,loss,2\n"

  @Test func readsAFile() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Self.text, to: "curves.csv")
      let file = try await program.run("import", "curves.csv", "--study", "theirs")
      #expect(file.code == 0 && file.output.hasPrefix("study theirs, revision 1: 2 trials of 1 configuration"))
      let again = try await program.run("import", "curves.csv", "--study", "theirs", "--format", "json")
      #expect(again.code == 0 && again.output.contains("\"new\": false"))
      let report = try await program.run("report", "theirs")
      #expect(report.code == 0, "\(report.errors)")
    }
  }

  @Test func faultsEndWithTheCodeOfUsage() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Self.text + "A,2,5,test,accuracy,50\n", to: "curves.csv")
      let bad = try await program.run("import", "curves.csv", "--study", "theirs")
      #expect(bad.code == 64)
      #expect(
        bad.errors == "bench: curves.csv: line 4: accuracy is 50; expected a share from 0 to 1: 50 % is 0.5\n")
      let away = try await program.run("import", "nowhere.csv", "--study", "theirs")
      #expect(away.code == 64 && away.errors.contains("nowhere.csv: can't be read"))
      #expect(!FileManager.default.fileExists(atPath: program.storePath))
    }
  }
}
