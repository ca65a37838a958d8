import Presentation

/// Counts of the true classes against the predicted ones.
package struct ConfusionMatrix: Sendable, Hashable {
  /// The classes' names.
  package let classes: [String]
  /// Counts by `[truth][guess]`, as many rows and columns as classes.
  package let counts: [[Int]]

  /// Creates a matrix; its rows and columns must be as many as the classes.
  package init(classes: [String], counts: [[Int]]) {
    precondition(counts.count == classes.count && counts.allSatisfy { $0.count == classes.count }, "\(counts.count)")
    (self.classes, self.counts) = (classes, counts)
  }

  /// All examples.
  package var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// Examples that were taken for what they are.
  package var correct: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }

  /// The share of a class's examples that were taken for it; `nil` where there are none.
  package func accuracy(of truth: Int) -> Double? {
    let examples = counts[truth].reduce(0, +)
    return examples > 0 ? Double(counts[truth][truth]) / Double(examples) : nil
  }

  /// A class taken for another.
  package struct Confusion: Sendable, Hashable {
    /// The true class.
    package let truth: Int
    /// The predicted class.
    package let guess: Int
    /// The number of examples.
    package let count: Int
  }

  /// The confusions that occurred, most frequent first; equal ones in the classes' order.
  package var confusions: [Confusion] {
    counts.indices.flatMap { truth in
      counts.indices.compactMap { guess in
        let count = counts[truth][guess]
        return truth != guess && count > 0 ? Confusion(truth: truth, guess: guess, count: count) : nil
      }
    }.sorted { ($1.count, $0.truth, $0.guess) < ($0.count, $1.truth, $1.guess) }
  }

  /// The matrix, the accuracy of each class and the most frequent confusions, for a terminal.
  ///
  /// - Parameter limit: how many confusions are listed.
  package func text(limit: Int = 10) -> String {
    let names = PlainText.distinct(classes, limit: 16)
    let columns =
      [Table.Column(title: "truth \\ guess")]
      + (names + ["accuracy"]).map { Table.Column(title: $0, alignment: .right) }
    let rows = counts.indices.map { truth -> [Table.Cell] in
      [.init(names[truth])] + counts[truth].map { .init($0 == 0 ? "·" : NumberText.count($0)) }
        + [.init(Self.percent(accuracy(of: truth)))]
    }
    var sections = [
      Section(
        id: "confusion", title: "Confusion",
        blocks: [.paragraph(summary), .table(Table(columns: columns, rows: rows))])
    ]
    let most = confusions.prefix(limit)
    if !most.isEmpty {
      let columns: [Table.Column] = [
        .init(title: "truth"), .init(title: "taken for"), .init(title: "times", alignment: .right),
        .init(title: "of its class", alignment: .right),
      ]
      let rows = most.map { pair -> [Table.Cell] in
        let share = Double(pair.count) / Double(counts[pair.truth].reduce(0, +))
        return [
          .init(names[pair.truth]), .init(names[pair.guess]), .init(NumberText.count(pair.count)),
          .init(Self.percent(share)),
        ]
      }
      sections.append(
        Section(id: "confused", title: "Most often confused", blocks: [.table(Table(columns: columns, rows: rows))]))
    }
    return AlignedText.render(sections)
  }

  /// `96.93 % of 10,000 right`
  var correctText: String {
    let share = total > 0 ? Double(correct) / Double(total) : nil
    return "\(Self.percent(share)) of \(NumberText.count(total)) right"
  }

  /// `9,693 of 10,000 test images right, 96.93 %`
  var summary: String {
    "\(NumberText.count(correct)) of \(NumberText.count(total)) test images right"
      + (total > 0 ? ", \(Self.percent(Double(correct) / Double(total)))" : "")
  }

  static func percent(_ share: Double?) -> String {
    share.map { "\(NumberText.fixed($0 * 100, 2)) %" } ?? NumberText.none
  }
}
