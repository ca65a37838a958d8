import Foundation
import Harness
import Presentation
import Testing

/// The speed of networks as rows.
@Suite struct SpeedReportTests {
  @Test func byLayerEveryPartIsARow() throws {
    let report = try SpeedReport(ModelChoice.all(of: "mlp", data: Workspace.data), seconds: 0.01, byLayer: true)
    let measured = try #require(try json(report)["networks"]?.array?.first)
    let parts = try #require(measured["parts"]?.array)
    #expect(parts.count > 3)
    let lines = report.text(.csv).split(separator: "\n").map(String.init)
    #expect(
      lines.first
        == "study,network,batch_size,threads,step_ms,images_per_second,gflops,sgemm_peak_share,data,part,forward_ms,"
        + "backward_ms,plan")
    #expect(lines.count == parts.count + 1)
    for (line, part) in zip(lines.dropFirst(), parts) {
      let title = try #require(part["title"]?.string)
      let forward = try #require(part["forward_ms"]?.double)
      #expect(line.hasPrefix(",mlp,100,1,") && line.contains(",random,") && line.contains(title), "\(line)")
      #expect(line.contains(",\(NumberText.exact(forward)),"), "\(line)")
    }
    for format in [OutputFormat.text, .md, .html] {
      for part in parts { #expect(report.text(format).contains(part["title"]?.string ?? "?"), "\(format)") }
    }
  }

  @Test func otherwiseAPresetIsARow() throws {
    let report = try SpeedReport(ModelChoice.all(of: "mlp", data: Workspace.data), seconds: 0.01)
    let lines = report.text(.csv).split(separator: "\n")
    #expect(lines.count == 2 && lines[0].hasSuffix(",sgemm_peak_share,data") && lines[1].hasSuffix(",random"))
    #expect(try json(report)["schema"]?.int == 2)
  }

  @Test func ofAGridEachConfigurationIsARow() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "speed-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "grid.json").path
    try """
    {"name": "widths", "dataset": {"name": "digits"}, "model": {"family": "mlp", "hidden": [8]},
     "optimizer": {"name": "sgd", "lr": 0.1}, "training": {"batch_size": 20, "iterations": 1},
     "axes": {"model.hidden": [[8], [64]]}}
    """.write(toFile: path, atomically: false, encoding: .utf8)
    let report = try SpeedReport(ModelChoice.all(of: path, data: Workspace.data), seconds: 0.01, byLayer: true)
    let networks = try #require(try json(report)["networks"]?.array)
    #expect(networks.map { $0["study"]?.string } == ["widths", "widths"])
    let labels = networks.compactMap { $0["network"]?.string }
    #expect(Set(labels).count == 2)
    for label in labels {
      #expect(report.text(.text).contains("widths: \(label)"))
      #expect(report.text(.csv).contains("\nwidths,\(CSV.field(.string(label))),20,1,"))
    }
    // Eight times the hidden units, so eight times the arithmetic.
    let operations = networks.map { ($0["gflops"]?.double ?? 0) * ($0["step_ms"]?.double ?? 0) }
    #expect((7.9...8.1).contains(operations[1] / operations[0]), "\(operations)")
  }
}
