import Architectures
import Presentation

// The parts of a grid that need no other part to be understood: texts, labels, seeds and metrics.

extension OutlineReader {
  func readText(_ node: JSONNode, allowsEmpty: Bool) -> String? {
    guard let text = node.string, text.unicodeScalars.count <= 200, allowsEmpty || !text.allSatisfy(\.isWhitespace)
    else {
      let amount = node.string.map { $0.unicodeScalars.count > 200 ? " (\($0.unicodeScalars.count) characters)" : "" }
      log.report(
        node.position, "is \(node.found)\(amount ?? ""); expected a text of \(allowsEmpty ? 0 : 1) to 200 characters")
      return nil
    }
    return text
  }

  func readSeeds(_ node: JSONNode) -> [UInt64] {
    let expected = "a list of 1 to 100000 seeds, such as [0, 1, 2]"
    guard let elements = readValueList(node, expected: expected) else { return [] }
    guard elements.count <= 100_000 else {
      log.report(node.position, "is \(node.found); expected \(expected)")
      return []
    }
    // By what the generator takes of a seed.
    var seen: [UInt32: UInt64] = [:]
    var seeds: [UInt64] = []
    for element in elements {
      guard case .number(let number) = element.content, let seed = number.uint64 else {
        log.report(element.position, "is \(element.found); expected a whole number from 0 to \(UInt64.max)")
        continue
      }
      let bits = UInt32(truncatingIfNeeded: seed)
      let other = seen[bits]
      if other == seed {
        log.report(element.position, "is \(seed), which is in the list already; a seed is trained once")
      } else if let other {
        log.report(
          element.position,
          "is \(seed), which trains the same bits as \(other): the generator, as PyTorch's, takes a seed modulo 2^32, "
            + "which is \(bits) for both; take seeds below 4294967296")
      } else {
        seen[bits] = seed
        seeds.append(seed)
      }
    }
    return seeds
  }

  /// Reads `metrics`.
  func readMetrics(_ node: JSONNode) -> [ClassificationScore] {
    let names = ClassificationScore.exampleNames
    guard let elements = node.elements, elements.count <= 100 else {
      log.report(
        node.position,
        "is \(node.found); expected a list of scores, such as [\(names.map { quoted($0) }.joined(separator: ", "))]")
      return []
    }
    var scores: [ClassificationScore] = []
    for element in elements {
      guard let score = element.string.flatMap({ ClassificationScore($0) }) else {
        let hint =
          ["loss", "accuracy"].contains(element.string)
          ? "; it is measured without being asked for" : suggestion(for: element.string ?? "", among: names)
        log.report(
          element.position,
          "is \(element.found); expected one of \(names.joined(separator: ", ")), where 5 may be any number from "
            + "\(ClassificationScore.topCounts.lowerBound) to \(ClassificationScore.topCounts.upperBound)\(hint)")
        continue
      }
      if scores.contains(score) {
        log.report(element.position, "is \(element.found), which is in the list already")
      } else {
        scores.append(score)
      }
    }
    return scores
  }

  /// Checks `tags`, which nothing but the grid's text keeps.
  func readTags(_ node: JSONNode) {
    guard let elements = node.elements, elements.count <= 100 else {
      log.report(node.position, "is \(node.found); expected a list of 0 to 100 tags, such as [\"pooling\", \"draft\"]")
      return
    }
    var seen: Set<String> = []
    for element in elements {
      guard let tag = element.string, tag.unicodeScalars.count <= 60, !tag.allSatisfy(\.isWhitespace) else {
        log.report(element.position, "is \(element.found); expected a text of 1 to 60 characters")
        continue
      }
      if !seen.insert(tag).inserted {
        log.report(element.position, "is \(element.found), which is in the list already")
      }
    }
  }

  /// Checks `notes`, which nothing but the grid's text keeps.
  func readNotes(_ node: JSONNode) {
    if let notes = node.string, notes.unicodeScalars.count <= 10_000 { return }
    log.report(node.position, "is \(node.found); expected a text of 0 to 10000 characters")
  }

  func checkLabel(_ label: String, _ position: SourcePosition) {
    if label.allSatisfy(\.isWhitespace) || label.unicodeScalars.count > 200 {
      log.report(position, "is not a label; expected a text of 1 to 200 characters")
    }
  }
}
