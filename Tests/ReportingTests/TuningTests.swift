import Experiments
import Testing

@testable import Reporting

@Suite struct TuningTests {
  /// The grid with validation scores of one's own: by configuration, the same for every seed.
  private func record(_ validation: [Double]) -> StudyRecord {
    var record = Samples.withValidation(Samples.grid())
    for (index, accuracy) in validation.enumerated() {
      for trial in record.configurations[index].trials.indices {
        for place in record.configurations[index].trials[trial].evaluations.indices {
          record.configurations[index].trials[trial].evaluations[place].validation?.accuracy = accuracy
        }
      }
    }
    return record
  }

  @Test func eachIsAtTheValueThatValidationLikesBest() throws {
    // Rates 0.1, 0.03, 0.01, 0.003 by paddings valid, same, full: each padding likes another rate.
    let record = record([0.5, 0.9, 0.5, 0.9, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.9])
    let tuning = try Tuning(record, axis: "optimizer.lr")
    #expect(tuning.choices.map(\.name) == ["padding valid", "padding same", "padding full"])
    #expect(tuning.choices.map(\.value) == ["0.03", "0.1", "0.003"])
    #expect(tuning.choices.map(\.isAtTheEdge) == [false, true, true])
    #expect(tuning.choices.allSatisfy { $0.tried.count == 4 && $0.validation.mean == 0.9 })
    // Scored on test, where the choice of "full" is the worst of its rates.
    #expect(
      tuning.analysis.ranked.map(\.label) == [
        "lr 0.1, padding same", "lr 0.03, padding valid", "lr 0.003, padding full",
      ])
    #expect(tuning.analysis.familySize == 3)
    #expect(tuning.analysis.metric.name == "test accuracy")
  }

  @Test func theTableSaysWhatWasChosenByWhatAndOfHowMany() throws {
    let record = Samples.withValidation(Samples.grid())
    let tuning = try Tuning(record, axis: "optimizer.lr")
    let text = Report(record, tuning: tuning).text(.markdown)
    #expect(text.contains("## Each at its own best learning rate"))
    #expect(text.contains("| padding full | 0.1 † | 4: 0.1, 0.03, 0.01, 0.003 |"))
    #expect(text.contains("chosen on the validation examples by the mean over seeds"))
    #expect(text.contains("picked from 3:"))
    #expect(!Report(record).text(.markdown).contains("Each at its own best"))
    #expect(Report(record, tuning: tuning).text(.json).contains("\"chosen_by\": \"validation_accuracy\""))
  }

  @Test func survivorsAreNotChosen() throws {
    var record = record([0.9, 0.5, 0.5, 0.6, 0.6, 0.6])
    record.configurations[0].trials[2].state = .diverged
    let tuning = try Tuning(record, axis: "optimizer.lr")
    let valid = try #require(tuning.choices.first)
    #expect(valid.value != "0.1")
    #expect(valid.tried.first?.score == nil)
    #expect(Report(record, tuning: tuning).text(.markdown).contains("0.1 (✕)"))
  }

  @Test func lossIsChosenByTheLowest() throws {
    var record = Samples.withValidation(Samples.grid())
    for configuration in record.configurations.indices {
      for trial in record.configurations[configuration].trials.indices {
        for place in record.configurations[configuration].trials[trial].evaluations.indices {
          record.configurations[configuration].trials[trial].evaluations[place].validation?.accuracy = nil
          record.configurations[configuration].trials[trial].evaluations[place].test?.accuracy = nil
        }
      }
    }
    let tuning = try Tuning(record, axis: "optimizer.lr")
    #expect(tuning.metric.name == "validation loss")
    #expect(tuning.choices.allSatisfy { $0.value == "0.1" })
  }

  @Test func whatCannotBeTunedIsRefusedWithAWayOut() throws {
    func fault(_ record: StudyRecord, _ axis: String) -> String {
      do {
        _ = try Tuning(record, axis: axis)
        return "nothing"
      } catch {
        return "\(error)"
      }
    }
    let grid = Samples.grid()
    #expect(fault(grid, "optimizer.lr").contains("no validation examples"))
    #expect(fault(grid, "optimizer.lr").contains("--set dataset.validation=5000"))
    #expect(fault(grid, "optimizer.l").contains("no such axis; its axes are optimizer.lr, model.padding"))
    #expect(fault(Samples.modelABC(), "variant").contains("it has none"))
    var zipped = Samples.withValidation(grid)
    zipped.configurations = [0, 4, 8].map { zipped.configurations[$0] }
    #expect(fault(zipped, "optimizer.lr").contains("only together with other settings"))
  }
}
