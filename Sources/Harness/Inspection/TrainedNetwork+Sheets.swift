import Architectures
import Datasets
import Foundation
import Pictures
import Presentation
import Reporting

/// A layer and its output for an image.
struct LayerOutput {
  let layer: ResolvedLayer
  let values: [Float]
}

extension TrainedNetwork {
  /// Tiles of a row that are drawn; a note says how many are left out.
  private static var tileLimit: Int { 64 }
  /// Rows of kernels that are drawn.
  private static var rowLimit: Int { 16 }

  /// The weights of the first layer that has any, as pictures on one scale: one row per input channel, one tile per output.
  func kernelSheet() throws -> TileSheet {
    let banks = network.layers.lazy.compactMap { [network, input = subject.configuration.architecture.input] in
      KernelBank(of: $0, in: network, images: input)
    }
    guard let bank = banks.first else { throw UsageError("--kernels: \(subject.title) has no layer with kernels") }
    let namesClasses = isClassifier && bank.layer.index == network.layers.last?.index && bank.outputs == classes.count
    let titles = namesClasses ? classes : (0..<bank.outputs).map(String.init)
    let names = channelNames(bank.inputs)
    let shownInputs = min(bank.inputs, Self.rowLimit)
    let shownOutputs = min(bank.outputs, Self.tileLimit)
    let rows = (0..<shownInputs).map { input in
      let tiles = (0..<shownOutputs).map { output in
        TileSheet.Tile(title: titles[output], width: min(bank.width, 64), values: bank.kernel(output, input))
      }
      var notes: [String] = []
      if input == 0 {
        notes += [bank.tensor.name, bank.tensor.shape.map(String.init).joined(separator: " × ")]
        notes += Self.omission(shownOutputs, bank.outputs, "kernels")
      }
      if input == shownInputs - 1 { notes += Self.omission(shownInputs, bank.inputs, "channels") }
      return TileSheet.Row(title: names[input], notes: notes, content: .tiles(tiles))
    }
    return TileSheet(
      name: "kernels", title: "\(subject.title): weights of \(bank.layer.title)", rows: rows, sharesScale: true)
  }

  /// A test image and every layer's output for it; layers that only pass values on are left out.
  func mapSheet(of index: Int) throws -> TileSheet {
    guard index < dataset.test.count else {
      throw UsageError(
        "--feature-maps \(index): \(dataset.description.name) has \(NumberText.count(dataset.test.count)) test "
          + "images here, 0 to \(dataset.test.count - 1)")
    }
    let outputs = activations(of: index)
    let picture = Picture(of: dataset.test, at: index)
    let truth = classes[Int(dataset.test.labels[index])]
    var rows = [
      TileSheet.Row(
        title: "test image \(index)", notes: ["\(dataset.test.shape)", "truth: \(truth)"],
        content: .image(width: picture.width, height: picture.height, rgb: picture.rgb))
    ]
    for output in outputs where !output.layer.layer.kind.onlyPassesOn {
      rows.append(
        .init(title: output.layer.title, notes: Self.notes(output), content: .tiles(Self.tiles(output))))
    }
    var title = "\(subject.title): test image \(index), a \"\(truth)\", layer by layer"
    if isClassifier, let last = outputs.last {
      let shares = Array(shares(of: last.values[...]))
      let guess = shares.indices.max { shares[$0] < shares[$1] } ?? 0
      title = "\(subject.title): test image \(index), a \"\(truth)\", taken for \"\(classes[guess])\""
      if classes.count <= 24 {
        rows.append(
          .init(
            title: "guess", notes: [subject.configuration.loss.comparesValues ? "the outputs" : "soft-max"],
            content: .bars(
              classes.indices.map {
                .init(title: classes[$0], share: Double(shares[$0]), isMarked: $0 == guess)
              })))
      }
    }
    return TileSheet(name: "feature-maps-\(index)", title: title, rows: rows)
  }

  private func channelNames(_ count: Int) -> [String] {
    if count == 1 { return ["weights"] }
    if count == 3, dataset.test.channels == 3 { return ["red", "green", "blue"] }
    return (0..<count).map { "from channel \($0)" }
  }

  private static func tiles(_ output: LayerOutput) -> [TileSheet.Tile] {
    let shape = output.layer.output.dimensions
    guard shape.count == 3 else {
      // [channels, length] is one picture, one row per channel; [features] is broken into rows.
      let width = shape.count == 2 ? shape[1] : min(shape[0], 64)
      return [.init(width: max(1, width), values: output.values)]
    }
    let plane = shape[1] * shape[2]
    return (0..<min(shape[0], tileLimit)).map {
      .init(width: shape[2], values: Array(output.values[$0 * plane..<($0 + 1) * plane]))
    }
  }

  private static func notes(_ output: LayerOutput) -> [String] {
    let finite = output.values.filter(\.isFinite)
    var notes = ["\(output.layer.output)"]
    if let low = finite.min(), let high = finite.max() { notes.append("\(number(low)) to \(number(high))") }
    let dimensions = output.layer.output.dimensions
    if dimensions.count == 3 { notes += omission(min(dimensions[0], tileLimit), dimensions[0], "maps") }
    return notes
  }

  private static func omission(_ shown: Int, _ all: Int, _ what: String) -> [String] {
    shown < all ? ["first \(shown) of \(all) \(what)"] : []
  }

  private static func number(_ value: Float) -> String { NumberText.short(Double(value)) }
}

extension LayerKind {
  /// Whether the layer gives the values that it gets, when it does not train.
  fileprivate var onlyPassesOn: Bool { self is Flatten || self is Dropout }
}
