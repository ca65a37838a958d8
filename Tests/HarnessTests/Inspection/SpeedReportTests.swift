import Harness
import Presentation
import Testing

import struct Architectures.Preset

/// The speed of presets as rows.
@Suite struct SpeedReportTests {
  @Test func byLayerEveryPartIsARow() throws {
    let preset = try #require(Preset.named("mlp"))
    let report = try SpeedReport([preset], data: Workspace.data, seconds: 0.01, byLayer: true)
    let measured = try #require(try json(report)["presets"]?.array?.first)
    let parts = try #require(measured["parts"]?.array)
    #expect(parts.count > 3)
    let lines = report.text(.csv).split(separator: "\n").map(String.init)
    #expect(
      lines.first
        == "preset,batch_size,threads,step_ms,images_per_second,gflops,sgemm_peak_share,data,part,forward_ms,"
        + "backward_ms,plan")
    #expect(lines.count == parts.count + 1)
    for (line, part) in zip(lines.dropFirst(), parts) {
      let title = try #require(part["title"]?.string)
      let forward = try #require(part["forward_ms"]?.double)
      #expect(line.hasPrefix("mlp,100,1,") && line.contains(",random,") && line.contains(title), "\(line)")
      #expect(line.contains(",\(NumberText.exact(forward)),"), "\(line)")
    }
    for format in [OutputFormat.text, .md, .html] {
      for part in parts { #expect(report.text(format).contains(part["title"]?.string ?? "?"), "\(format)") }
    }
  }

  @Test func otherwiseAPresetIsARow() throws {
    let report = try SpeedReport(Preset.named(["mlp"]), data: Workspace.data, seconds: 0.01)
    let lines = report.text(.csv).split(separator: "\n")
    #expect(lines.count == 2 && lines[0].hasSuffix(",sgemm_peak_share,data") && lines[1].hasSuffix(",random"))
    #expect(try json(report)["schema"]?.int == 1)
  }
}
