import Foundation
import Testing

@testable import Reporting

@Suite struct PictureTests {
  private let matrix = ConfusionMatrix(
    classes: ["cat", "'dog'\n", "emu"], counts: [[8, 2, 0], [5, 5, 0], [0, 0, 0]])

  @Test func countsPerClass() {
    #expect(matrix.total == 20)
    #expect(matrix.correct == 13)
    #expect(matrix.accuracy(of: 0) == 0.8)
    #expect(matrix.accuracy(of: 1) == 0.5)
    #expect(matrix.accuracy(of: 2) == nil)
    #expect(matrix.confusions.map { [$0.truth, $0.guess, $0.count] } == [[1, 0, 5], [0, 1, 2]])
  }

  @Test func printsMatrixAccuracyAndConfusions() {
    #expect(
      matrix.text() == """
        13 of 20 test images right, 65.00 %

          truth \\ guess  cat  'dog'   emu  accuracy
          ─────────────  ───  ──────  ───  ────────
          cat              8       2    ·   80.00 %
          'dog'            5       5    ·   50.00 %
          emu              ·       ·    ·         –

        Most often confused

          truth   taken for  times  of its class
          ──────  ─────────  ─────  ────────────
          'dog'   cat            5       50.00 %
          cat     'dog'          2       20.00 %

        """)
  }

  @Test(arguments: [1, 2, 10, 26, 100])
  func drawsACellForEachPairOfClasses(classes: Int) {
    let counts = (0..<classes).map { truth in (0..<classes).map { truth == $0 ? 90 : 1 } }
    let names = (0..<classes).map { "class \($0)" }
    let chart = ConfusionChart.chart(ConfusionMatrix(classes: names, counts: counts), title: "it's")
    #expect(chart.data.split(separator: "\n").count == classes * classes + 1)
    #expect(chart.script.contains("'it''s: "))
    #expect(chart.width < 1400 && chart.height < 1400)
  }

  @Test func aTileIsDrawnAtItsPlaceWithItsValues() {
    let tile = TileSheet.Tile(title: "t", width: 2, values: [1, -0.5, .nan])
    let sheet = TileSheet(name: "maps", title: "A map", rows: [.init(title: "conv1", content: .tiles([tile]))])
    let chart = TileChart.chart(sheet)
    #expect(chart.data == "# t column\trow\tvalue\n0\t0\t1.0\n1\t0\t-0.5\n0\t1\tNaN\n\n\n")
    // A width of 150 over two columns, on a scale of 1.
    #expect(
      chart.plots == [
        "'maps.tsv' index 0 using (213.5+$1*75):(145.5+$2*75):(37.5):(37.5):($3/1) with boxxyerror linecolor palette"
      ])
  }

  @Test func largeFullTilesArePicturesAndOthersRectangles() {
    func plot(_ tile: TileSheet.Tile) -> String {
      TileChart.chart(
        TileSheet(name: "maps", title: "", rows: [.init(title: "", content: .tiles([tile]))])
      ).plots[0]
    }
    #expect(plot(.init(width: 10, values: .init(repeating: 1, count: 100))).hasSuffix("with image"))
    #expect(plot(.init(width: 64, values: .init(repeating: 1, count: 100))).contains("boxxyerror"))
    #expect(plot(.init(width: 100, values: .init(repeating: 1, count: 100))).contains("boxxyerror"))
    #expect(plot(.init(width: 10, values: .init(repeating: .nan, count: 100))).contains("boxxyerror"))
  }

  @Test func eachRowHasItsOwnScaleUnlessTheSheetSharesOne() {
    let rows = [1, 4].map { value in
      TileSheet.Row(title: "", content: .tiles([.init(width: 1, values: [Float(value), 0])]))
    }
    let own = TileChart.chart(TileSheet(name: "k", title: "", rows: rows))
    let shared = TileChart.chart(TileSheet(name: "k", title: "", rows: rows, sharesScale: true))
    #expect(own.plots[0].contains("($3/1)") && own.plots[1].contains("($3/4)"))
    #expect(shared.plots.allSatisfy { $0.contains("($3/4)") })
  }
}
