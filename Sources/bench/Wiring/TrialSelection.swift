import Experiments

/// Which trials a command is about: conditions of the form `path=value`, all of which must hold.
struct TrialSelection {
  private let conditions: [(path: String, value: String)]

  init(_ texts: [String]) throws {
    conditions = try texts.map { text in
      guard let split = text.firstIndex(of: "="), split > text.startIndex else {
        throw UsageError("--only \(text): expected PATH=VALUE, such as label=\"Model A\" or seed=3")
      }
      return (String(text[..<split]), String(text[text.index(after: split)...]))
    }
  }

  /// Checks that each condition can hold for some trial of the study.
  func check(against study: Study) throws {
    for (path, value) in conditions {
      let values = values(of: path, in: study)
      guard !values.isEmpty else {
        let paths = ["label", "seed"] + study.axes.map(\.path)
        throw UsageError(
          "--only \(path)=\(value): nothing of that name varies; expected one of \(paths.joined(separator: ", "))")
      }
      guard values.contains(value) else {
        throw UsageError(
          "--only \(path)=\(value): no trial has that value; there are \(values.prefix(12).joined(separator: ", "))")
      }
    }
  }

  func includes(_ trial: Trial) -> Bool {
    conditions.allSatisfy { path, value in
      switch path {
      case "label": trial.configuration.label == value
      case "seed": "\(trial.seed)" == value
      default: trial.configuration.settings.contains { $0.path == path && $0.value == value }
      }
    }
  }

  private func values(of path: String, in study: Study) -> [String] {
    switch path {
    case "label": return study.configurations.map(\.label)
    case "seed": return study.seeds.map { "\($0)" }
    default:
      var seen: Set<String> = []
      return study.configurations.flatMap(\.settings).filter { $0.path == path }.map(\.value)
        .filter { seen.insert($0).inserted }
    }
  }
}
