import ArgumentParser
import Files
import Foundation
import Harness
import Tracking

/// `bench export …`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Give trained studies and networks to other programs.",
    subcommands: [
      ExportWeightsCommand.self, ExportCSVCommand.self, ExportJSONCommand.self, ExportArraysCommand.self,
      ExportTensorBoardCommand.self, ExportONNXCommand.self, ExportMLflowCommand.self,
    ])
}

/// `bench export weights TRIAL`
struct ExportWeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "Write a trained network's weights as a safetensors file, with PyTorch's names and layouts.",
    discussion: """
      In PyTorch: model.load_state_dict(safetensors.torch.load_file("weights.safetensors")), where model is an \
      nn.Sequential of the same layers; bench schema manual has the modules of residual and concat.
      """)

  @Argument(
    help: "The beginning of the trial's key, as bench show and the trials view give it.", completion: Completions.trials
  )
  var trial: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The file (default: TRIAL.safetensors).", valueName: "file"))
  var output: String?

  @OptionGroup var store: StoreOptions

  func run() throws {
    let store = try Store(path: store.path, access: .readOnly)
    let details = try store.trial(prefix: trial)
    _ = try details.trainable(to: "it has no weights")
    let record = details.record
    try store.prove(record.key)
    let weights = try StoreFolders(store: store.path).weights(of: record, warn: Terminal.say)
    let place = URL(filePath: output ?? "\(record.key.prefix(12)).safetensors")
    try WholeFile.write(weights, to: place)
    print(place.relativePath)
  }
}
