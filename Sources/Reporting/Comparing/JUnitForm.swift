import Statistics

extension StudyComparison {
  /// JUnit XML, which build servers show as tests: one a configuration and metric, and one a lost trial.
  ///
  /// A regression is a failure, a lost trial an error; what can't be told is skipped, or a failure where the policy is
  /// strict.
  public var junit: String {
    let labels = ComparisonContent.labels(self)
    var cases = rows.indices.map { Self.testCase(rows[$0], label: labels[$0], isStrict: policy.isStrict) }
    cases += lost.map { trial in
      "<testcase classname=\"\(XML.escaped(trial.label))\" name=\"seed \(trial.seed)\">"
        + "<error message=\"\(XML.escaped(trial.problem))\"/></testcase>"
    }
    let undecided = count(.inconclusive) + count(.incomparable)
    let failures = count(.regressed) + (policy.isStrict ? undecided : 0)
    let counts =
      "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(lost.count)\""
      + " skipped=\"\(policy.isStrict ? 0 : undecided)\""
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites \(counts)>
        <testsuite name="\(XML.escaped("bench compare \(candidate.study)"))" \(counts)>
      \(cases.map { "    \($0)\n" }.joined())  </testsuite>
      </testsuites>

      """
  }

  private static func testCase(_ row: Row, label: String, isStrict: Bool) -> String {
    let head = "<testcase classname=\"\(XML.escaped(label))\" name=\"\(row.metric.rawValue)\""
    let message = XML.escaped(ComparisonContent.sentence(row))
    switch row.verdict {
    case .same, .improved: return "\(head)/>"
    case .regressed: return "\(head)><failure type=\"regressed\" message=\"\(message)\"/></testcase>"
    case .inconclusive, .incomparable:
      return isStrict
        ? "\(head)><failure type=\"\(row.verdict.rawValue)\" message=\"\(message)\"/></testcase>"
        : "\(head)><skipped message=\"\(message)\"/></testcase>"
    }
  }
}

extension ComparisonContent {
  /// `test accuracy (%) regressed: 96.93 before, 95.90 now, −1.03 [−1.20, −0.86], p 0.016, n = 6`
  static func sentence(_ row: StudyComparison.Row) -> String {
    let start = "\(row.metric.title) \(verdictText(row))"
    guard let before = row.baselineMean, let after = row.candidateMean else { return start }
    let p = pText(row)
    return "\(start): \(row.metric.text(before)) before, \(row.metric.text(after)) now, \(differenceText(row))"
      + (p.isEmpty ? "" : ", p \(p)") + ", n = \(seedsText(row))"
  }
}

/// XML in which names are never markup.
enum XML {
  /// `text` for quoted attributes. Characters that XML 1.0 does not allow at all become spaces or go.
  static func escaped(_ text: String) -> String {
    let allowed = text.unicodeScalars.filter { $0.value != 0xFFFE && $0.value != 0xFFFF }
    return HTML.escaped(String(String.UnicodeScalarView(allowed)))
  }
}
