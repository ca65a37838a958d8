import Experiments
import Presentation
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
      tuning.study.ranked.map(\.label) == [
        "0.1 · same", "0.03 · valid", "0.003 · full",
      ])
    #expect(tuning.study.familySize == 3)
    #expect(tuning.study.metric.name == "test accuracy")
  }

  @Test func theTableSaysWhatWasChosenByWhatAndOfHowMany() throws {
    let record = Samples.withValidation(Samples.grid())
    let tuning = try Tuning(record, axis: "optimizer.lr")
    let text = Report(record, tuning: tuning).text(.md)
    #expect(text.contains("## Each at its own best learning rate"))
    #expect(text.contains("| full | 0.1 † | 4: 0.1, 0.03, 0.01, 0.003 |"))
    #expect(text.contains("chosen on the validation examples by the mean over seeds"))
    #expect(text.contains("any of the 3 configurations"))
    #expect(!Report(record).text(.md).contains("Each at its own best"))
    #expect(Report(record, tuning: tuning).text(.json).contains("\"chosen_by\": \"validation_accuracy\""))
  }

  @Test func survivorsAreNotChosen() throws {
    var record = record([0.9, 0.5, 0.5, 0.6, 0.6, 0.6])
    record.configurations[0].trials[2].state = .diverged
    let tuning = try Tuning(record, axis: "optimizer.lr")
    let valid = try #require(tuning.choices.first)
    #expect(valid.value != "0.1")
    #expect(valid.tried.first?.score == nil)
    #expect(Report(record, tuning: tuning).text(.md).contains("0.1 (✕)"))
  }

  /// The grid without some of the values of the first padding.
  private func unequal() -> StudyRecord {
    var record = record([0.9, 0.8, 0.7, 0.6, 0.85, 0.5, 0.3, 0.4, 0.75, 0.2, 0.65, 0.55])
    let left = ["lr 0.1, padding valid", "lr 0.01, padding valid"]
    record.configurations.removeAll { left.contains($0.configuration.label) }
    return record
  }

  @Test func differentBudgetsAreSaidAndNotTested() throws {
    let record = unequal()
    let tuning = try Tuning(record, axis: "optimizer.lr")
    #expect(!tuning.hasEqualBudgets && tuning.choices.map(\.tried.count) == [4, 4, 2])
    let text = Report(record, tuning: tuning).text(.md)
    let start = try #require(text.range(of: "## Each at its own best")).lowerBound
    let section = text[start...].prefix { _ in true }.split(separator: "\n## ").first ?? ""
    let rows = section.split(separator: "\n").filter {
      ["| valid |", "| same |", "| full |"].contains(where: $0.hasPrefix)
    }
    #expect(rows.count == 3 && rows.allSatisfy { $0.hasSuffix("| – |") }, "\(rows)")
    #expect(!section.contains("≈") && !section.contains("**") && !section.contains("sign-flip"), "\(section)")
    #expect(section.contains("Not all tried as many values, and the best of more values looks better by luck alone."))
    var reader = JSONReader(Array(Report(record, tuning: tuning).text(.json).utf8))
    let tuned = try reader.read().value["tuned"]
    #expect(tuned?["equal_budgets"] == .bool(false))
    #expect(tuned?["choices"]?.array?.allSatisfy { $0["p"] == .null } == true)
    #expect(tuned?["choices"]?.array?.map { $0["expected_best"]?.array?.count } == [4, 4, 2])
  }

  @Test func equalBudgetsAreTested() throws {
    let record = Samples.withValidation(Samples.grid())
    let tuning = try Tuning(record, axis: "optimizer.lr")
    #expect(tuning.hasEqualBudgets)
    let text = Report(record, tuning: tuning).text(.md)
    #expect(!text.contains("Not all tried as many values"))
    #expect(Report(record, tuning: tuning).text(.json).contains("\"equal_budgets\": true"))
  }

  @Test func expectedBestCountsFailedValuesAsTheWorst() throws {
    // Rates 0.1, 0.03, 0.01, 0.003 by paddings valid, same, full.
    var record = record([0.9, 0.8, 0.7, 0.6, 0.85, 0.5, 0.4, 0.4, 0.75, 0.2, 0.65, 0.55])
    let valid = try #require(try Tuning(record, axis: "optimizer.lr").choices.first)
    let whole = try Tuning(record, axis: "optimizer.lr").expectedBest(valid)
    // The mean of 0.9, 0.6, 0.4, 0.2, and the best of them.
    #expect(abs(whole[0] - 0.525) < 1e-12 && abs(whole[3] - 0.9) < 1e-12)
    // Pairs: 0.9 three times, 0.6 twice, 0.4 once.
    #expect(abs(whole[1] - (3 * 0.9 + 2 * 0.6 + 0.4) / 6) < 1e-12)

    record.configurations[3].trials[2].state = .diverged
    let failed = try Tuning(record, axis: "optimizer.lr")
    // 0.2, the worst of all configurations, in place of 0.6.
    #expect(failed.choices[0].failed == ["0.03"])
    #expect(abs(failed.expectedBest(failed.choices[0])[0] - (0.9 + 0.2 + 0.4 + 0.2) / 4) < 1e-12)
    record.configurations[3].trials[2].state = .running
    let unfinished = try Tuning(record, axis: "optimizer.lr")
    #expect(unfinished.choices[0].failed.isEmpty && unfinished.expectedBest(unfinished.choices[0]).count == 3)
  }

  @Test func chartShowsTheExpectedBestOfEach() throws {
    let record = unequal()
    let tuning = try Tuning(record, axis: "optimizer.lr")
    let charts = StudyCharts.all(StudyAnalysis(record, options: ReportOptions(), tuning: tuning))
    let chart = try #require(charts.first { $0.name == "tuning" })
    let blocks = chart.data.split(separator: "\n\n\n").map { $0.split(separator: "\n").filter { !$0.hasPrefix("#") } }
    #expect(blocks.map(\.count) == [4, 4, 2])
    #expect(chart.caption.contains("arXiv:1909.03004") && chart.caption.contains("arXiv:2004.13705"))
    #expect(chart.caption.contains("not all tried as many") && !chart.caption.contains("diverged"))
    #expect(chart.setup.contains { $0.contains("set xtics ('1' 1, '2' 2, '3' 3, '4' 4)") }, "\(chart.setup)")
    #expect(!StudyCharts.all(StudyAnalysis(record, options: ReportOptions())).contains { $0.name == "tuning" })
  }

  @Test(.enabled(if: WritingTests.hasGnuplot, "gnuplot is not installed"))
  func chartIsDrawn() async throws {
    let record = unequal()
    let tuning = try Tuning(record, axis: "optimizer.lr")
    try await withFolder { folder in
      let outcome = try await Report(record, tuning: tuning).write(into: folder)
      #expect(outcome.chartError == nil && outcome.charts.contains("tuning"))
    }
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
    func error(_ record: StudyRecord, _ axis: String) -> String {
      do {
        _ = try Tuning(record, axis: axis)
        return "nothing"
      } catch {
        return "\(error)"
      }
    }
    let grid = Samples.grid()
    #expect(error(grid, "optimizer.lr").contains("no validation examples"))
    #expect(error(grid, "optimizer.lr").contains("--set dataset.validation=5000"))
    #expect(error(grid, "optimizer.l").contains("no such axis; its axes are optimizer.lr, model.padding"))
    #expect(error(Samples.modelABC(), "variant").contains("it has none"))
    var zipped = Samples.withValidation(grid)
    zipped.configurations = [0, 4, 8].map { zipped.configurations[$0] }
    #expect(error(zipped, "optimizer.lr").contains("only together with other settings"))
  }
}
