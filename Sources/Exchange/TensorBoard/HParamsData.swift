import Experiments
import Foundation

/// What TensorBoard's page HParams reads: one experiment for the whole folder, and the beginning and the end of each
/// session, which is a trial.
///
/// Sources: tensorboard/plugins/hparams/api.proto, plugin_data.proto, metadata.py.
struct HParamsData {
  /// The name under which the page looks for it.
  let tag: String
  /// A message `HParamsPluginData` of version 0.
  let content: [UInt8]

  /// The name of the end of a trial.
  static let endTag = "_hparams_/session_end_info"

  private init(_ tag: String, _ field: Int, _ write: (inout ProtocolBuffer) -> Void) {
    self.tag = tag
    var data = ProtocolBuffer()
    data.add(field, write)
    content = data.bytes
  }

  /// The settings that vary in a study, with their values, and the metrics that its trials are compared by.
  static func experiment(_ study: TensorBoardStudy) -> HParamsData {
    HParamsData("_hparams_/experiment", 2) { experiment in
      experiment.add(6, study.name)
      experiment.add(1, study.title)
      experiment.add(3, study.createdAt)
      for setting in study.settings {
        experiment.add(4) { info in
          info.add(1, setting.path)
          info.add(4, setting.kind.rawValue)
          info.add(5) { list in for value in setting.values { list.add(1, setting.kind.value(value)) } }
          info.add(7, setting.values.count > 1 ? 1 : 0)
        }
      }
      for metric in study.metrics {
        experiment.add(5) { info in
          info.add(1) { $0.add(2, metric.tag) }
          info.add(3, metric.title)
          info.add(5, metric.isOfValidation ? 2 : 0)
        }
      }
    }
  }

  /// The beginning of a trial.
  ///
  /// - Parameter group: what the trials of one configuration have in common.
  static func start(_ settings: [Setting], in study: TensorBoardStudy, group: String, at time: Double) -> HParamsData {
    HParamsData("_hparams_/session_start_info", 3) { info in
      for setting in study.settings {
        guard let value = settings.first(where: { $0.path == setting.path })?.value else { continue }
        info.add(1) { entry in
          entry.add(1, setting.path)
          entry.add(2, setting.kind.value(value))
        }
      }
      info.add(4, group)
      info.add(5, time)
    }
  }

  /// The end of a trial. One that diverged is a failure: its last score says nothing of its configuration.
  static func end(isSuccess: Bool, at time: Double) -> HParamsData {
    HParamsData(endTag, 4) { info in
      info.add(1, isSuccess ? 1 : 2)
      info.add(2, time)
    }
  }
}

/// What the values of a setting are; the numbers are TensorBoard's.
enum SettingKind: Int {
  /// Texts.
  case text = 1
  /// `true` and `false`.
  case flag = 2
  /// Numbers.
  case number = 3

  /// The kind that all of some values are of.
  init(_ values: [String]) {
    if values.allSatisfy({ Double($0)?.isFinite == true }) {
      self = .number
    } else {
      self = values.allSatisfy { ["true", "false"].contains($0) } ? .flag : .text
    }
  }

  /// A value as a message `google.protobuf.Value`.
  fileprivate func value(_ text: String) -> ProtocolBuffer {
    var value = ProtocolBuffer()
    switch self {
    case .number: value.add(2, Double(text) ?? .nan)
    case .text: value.add(3, text)
    case .flag: value.add(4, text == "true" ? 1 : 0)
    }
    return value
  }
}
