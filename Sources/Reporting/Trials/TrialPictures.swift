import Files
import Foundation
import Presentation

/// The pictures of one trial in a folder of its own, inside the report of its study: `STUDY/trials/KEY/`.
package struct TrialPictures: Sendable {
  /// Where they lie.
  package let folder: URL
  private let gnuplot: String

  /// Names the place; nothing is made yet.
  ///
  /// - Parameters:
  ///   - reports: the folder of all reports.
  ///   - key: the beginning of the trial's key.
  ///   - gnuplot: the program that draws, by name or path.
  package init(reports: URL, study: String, key: String, gnuplot: String = "gnuplot") {
    folder = reports.appending(path: ReportFolder.name(for: study), directoryHint: .isDirectory)
      .appending(path: ReportFolder.trials, directoryHint: .isDirectory)
      .appending(path: FolderName.safe(key), directoryHint: .isDirectory)
    self.gnuplot = gnuplot
  }

  /// Draws a confusion matrix as a heat map: `confusion.svg` and `.png`, script and data beside them.
  /// - Throws: ``PictureError``.
  package func draw(_ matrix: ConfusionMatrix, title: String) throws(PictureError) -> [URL] {
    try draw(ConfusionChart.chart(matrix, title: title))
  }

  /// Draws a sheet of tiles, script and data beside it.
  /// - Throws: ``PictureError``.
  package func draw(_ sheet: TileSheet) throws(PictureError) -> [URL] {
    try draw(TileChart.chart(sheet))
  }

  /// Puts a file that was made elsewhere beside the pictures.
  /// - Throws: ``PictureError``.
  package func write(_ data: Data, to name: String) throws(PictureError) -> URL {
    let place = folder.appending(path: name)
    do {
      try WholeFile.makeFolder(folder)
      try WholeFile.write(data, to: place)
    } catch {
      throw .cannotWrite(error)
    }
    return place
  }

  private func draw(_ chart: Chart) throws(PictureError) -> [URL] {
    _ = try write(Data(chart.data.utf8), to: "\(chart.name).tsv")
    _ = try write(Data(chart.script.utf8), to: "\(chart.name).gp")
    // gnuplot writes bit by bit, so it works in a folder that nobody looks at.
    let picture = folder.appending(path: "\(chart.name).svg")
    Draft.sweep(of: picture)
    let draft = Draft(for: picture)
    defer { draft.remove() }
    do {
      try WholeFile.makeFolder(draft.url)
      for kind in ["tsv", "gp"] {
        let name = "\(chart.name).\(kind)"
        try FileManager.default.copyItem(at: folder.appending(path: name), to: draft.url.appending(path: name))
      }
    } catch {
      throw .cannotWrite(FileError(path: picture.path(percentEncoded: false), error))
    }
    do {
      try Gnuplot.draw(chart.name, in: draft.url, program: gnuplot)
    } catch {
      throw .notDrawn(name: chart.name, folder: folder.path(percentEncoded: false), reason: error.message)
    }
    let drawn: (svg: Data, png: Data)
    do {
      let svg = try String(contentsOf: draft.url.appending(path: "\(chart.name).svg"), encoding: .utf8)
      drawn = (
        Data(SVG.withSharpPixels(SVG.titled(svg, chart.title)).utf8),
        try Data(contentsOf: draft.url.appending(path: "\(chart.name).png"))
      )
    } catch {
      throw .cannotWrite(FileError(path: picture.path(percentEncoded: false), error))
    }
    return [try write(drawn.svg, to: "\(chart.name).svg"), try write(drawn.png, to: "\(chart.name).png")]
  }
}

/// Why a trial's picture is missing.
package enum PictureError: Error, Hashable, CustomStringConvertible {
  /// The file system said no.
  case cannotWrite(FileError)
  /// gnuplot is not there or failed; script and data are.
  case notDrawn(name: String, folder: String, reason: String)

  /// The failure, and the files that are there all the same.
  package var description: String {
    switch self {
    case .cannotWrite(let error): "\(error)"
    case .notDrawn(let name, let folder, let reason):
      "\(name) was not drawn: \(reason); its script and data are in \(folder)"
    }
  }
}

extension SVG {
  /// The picture with images inside it shown pixel by pixel, which browsers otherwise blur.
  static func withSharpPixels(_ svg: String) -> String {
    svg.replacing("<image ", with: "<image style='image-rendering:pixelated' ")
  }
}
