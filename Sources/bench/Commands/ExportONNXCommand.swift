import ArgumentParser
import Files
import Foundation
import Harness
import Tracking

/// `bench export onnx TRIAL`
struct ExportONNXCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "onnx", abstract: "Write a trained network as an ONNX file, for ONNX Runtime and others.",
    discussion: """
      Operator set 17, any number of examples at once, evaluation mode. The input is what PyTorch's modules take, after \
      the division by 255 and the normalisation, which are not in the graph but in its metadata; the output is what the \
      last layer gives. In Python: onnxruntime.InferenceSession("net.onnx").run(None, {"input": images}).
      """)

  @Argument(
    help: "The beginning of the trial's key, as bench show and the trials view give it.", completion: Completions.trials
  )
  var trial: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The file (default: TRIAL.onnx).", valueName: "file"))
  var output: String?

  @OptionGroup var store: StoreOptions

  func run() throws {
    let store = try Store(path: store.path, access: .readOnly)
    let details = try store.trial(prefix: trial)
    try store.prove(details.record.key)
    let file = try ONNXExport(details).file(from: StoreFolders(store: store.path), warn: Terminal.say)
    let place = URL(filePath: output ?? "\(details.record.key.prefix(12)).onnx")
    try WholeFile.write(Data(file), to: place)
    print(place.relativePath)
  }
}
