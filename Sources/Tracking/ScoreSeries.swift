import Architectures
import Experiments
import GRDB

/// A score beside loss and accuracy as a row of the table `series`, made where a trial first has it.
///
/// Its number follows from its name, so that all stores have the same and rows can be copied from one into another.
struct ScoreSeries: Hashable {
  let split: ScoredSplit
  let score: ClassificationScore

  /// The numbers of all such series lie from here on, above those of ``Series`` and of the learning rate.
  static let firstID = 10
  private static let firstTopID = 100

  init(_ split: ScoredSplit, _ score: ClassificationScore) { (self.split, self.score) = (split, score) }

  /// The series of a number; `nil` where it is another's, or one that this program does not know.
  init?(id: Int) {
    guard id >= Self.firstID else { return nil }
    let place = id / 2
    let score: ClassificationScore? =
      switch place {
      case 5: .macroF1
      case 6: .balancedAccuracy
      case 7: .expectedCalibrationError
      default: ClassificationScore("top_\(place - Self.firstTopID / 2)_accuracy")
      }
    guard let score else { return nil }
    self.init(id % 2 == 0 ? .validation : .test, score)
  }

  /// The series of a name such as `test_f1_macro`; `nil` where it is none's.
  init?(name: String) {
    guard let (split, score) = ScoredSplit.score(named: name) else { return nil }
    self.init(split, score)
  }

  /// The number.
  var id: Int {
    let first =
      switch score {
      case .macroF1: Self.firstID
      case .balancedAccuracy: Self.firstID + 2
      case .expectedCalibrationError: Self.firstID + 4
      case .topAccuracy(let count): Self.firstTopID + 2 * count
      }
    return first + (split == .test ? 1 : 0)
  }

  /// Every score of an evaluation with its series.
  static func values(in evaluation: Evaluation) -> [(series: ScoreSeries, value: Double)] {
    ScoredSplit.allCases.flatMap { split in
      (evaluation[split]?.metrics ?? [:]).map { (ScoreSeries(split, $0.key), $0.value) }
    }
  }

  /// Enters the row, where there is none.
  func enter(in database: Database) throws {
    try database.cachedStatement(sql: "INSERT OR IGNORE INTO series (id, split, metric) VALUES (?, ?, ?)")
      .execute(arguments: [id, split.rawValue, score.name])
  }
}
