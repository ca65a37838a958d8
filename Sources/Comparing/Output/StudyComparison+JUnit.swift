import Presentation
import Statistics

extension StudyComparison {
  /// JUnit XML, which build servers show as tests: one for each configuration and metric, and one for each lost trial.
  ///
  /// A row that is worse or collapsed is a failure, and so is one that is not decided although its measured loss exceeds the
  /// tolerance; a lost trial is an error. Other undecided rows are skipped, or a failure where the policy is strict.
  package var junit: String {
    let groups = [("", rows), ("since the anchor: ", anchorRows)]
    let judged = groups.flatMap { prefix, rows in
      zip(ComparisonSections.labels(rows), rows).map { (label: prefix + $0, row: $1, result: result(of: $1)) }
    }
    let cases =
      judged.map { Self.testCase($0.row, label: $0.label, result: $0.result) }
      + lost.map { trial in
        "<testcase classname=\"\(XML.escaped(trial.label))\" name=\"seed \(trial.seed)\">"
          + "<error message=\"\(XML.escaped(trial.problem))\"/></testcase>"
      }
    let counts =
      "tests=\"\(cases.count)\" failures=\"\(judged.count { $0.result == .failure })\" errors=\"\(lost.count)\""
      + " skipped=\"\(judged.count { $0.result == .skipped })\""
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites \(counts)>
        <testsuite name="\(XML.escaped("bench compare \(candidate.study)"))" \(counts)>
      \(cases.map { "    \($0)\n" }.joined())  </testsuite>
      </testsuites>

      """
  }

  /// The result of a row as a build server shows it.
  private enum TestResult { case passed, skipped, failure }

  private func result(of row: ComparisonRow) -> TestResult {
    switch row.verdict {
    case .collapsed, .worse: .failure
    case .notDecided, .notTested, .notComparable: policy.isStrict || row.isSuspect ? .failure : .skipped
    case .worseWithinTolerance, .withinTolerance, .better, .equal: .passed
    }
  }

  private static func testCase(_ row: ComparisonRow, label: String, result: TestResult) -> String {
    let head = "<testcase classname=\"\(XML.escaped(label))\" name=\"\(row.metric.rawValue)\""
    let message = XML.escaped(ComparisonSections.sentence(row))
    switch result {
    case .passed: return "\(head)/>"
    case .skipped: return "\(head)><skipped message=\"\(message)\"/></testcase>"
    case .failure:
      return "\(head)><failure type=\"\(row.verdict.rawValue)\" message=\"\(message)\"/></testcase>"
    }
  }
}
