import Architectures
import Presentation

/// The grid language as Markdown: its points by examples, its options from the tables that grids are read with.
package enum GridManual {
  /// How a grid names its points, then a section for data sets, families, presets, layers, optimizers and the training, each with a table of options.
  package static var markdown: String {
    var text = points + section("dataset", DatasetSelection.tables)
    text += section("model: families", ModelFamily.all.map(\.table))
    text += section("dataset.augment and dataset.transform", Transform.tables)
    text += "## model: presets\n\n" + presets.markdown + "\n"
    text += section("model: types of layers", LayerRegistry.types.map(\.table))
    text += "Every layer may also say:\n\n" + table(LayerType.commonOptions).markdown + "\n"
    text += "Every layer with parameters may also say:\n\n" + table(LayerType.learningOptions(.matrix)).markdown + "\n"
    text += nested
    text += section("init: how parameters begin", Initialiser.tables)
    text += section("optimizer", Optimizer.tables)
    text += section("loss", Loss.tables)
    text += section("training", [TrainingSettings.table, EarlyStopping.table])
    text += section("initial_weights", [InitialWeights.table]) + metrics
    // Inside of a word an underscore needs no escape, and people search for options by their names.
    return text.replacing("\\_", with: "_")
  }

  /// The modules of layers that are made of layers, which PyTorch does not have.
  private static let nested = """
    Layers made of layers lie in each other up to \(OptionReader.maximumNesting) deep. Weight files have the names that \
    these PyTorch modules give: `3.shortcut.0.weight`, `5.branches.1.0.weight`.

    ```python
    class Residual(nn.Module):
        def __init__(self, layers, shortcut=()):
            super().__init__()
            self.layers, self.shortcut = nn.Sequential(*layers), nn.Sequential(*shortcut)

        def forward(self, x):
            return self.layers(x) + self.shortcut(x)

    class Concat(nn.Module):
        def __init__(self, *branches):
            super().__init__()
            self.branches = nn.ModuleList(nn.Sequential(*layers) for layers in branches)

        def forward(self, x):
            return torch.cat([branch(x) for branch in self.branches], 1)

    class Subsample2d(nn.Module):
        def __init__(self, stride, out_channels):
            super().__init__()
            self.stride, self.out_channels = stride, out_channels

        def forward(self, x):
            added = self.out_channels - x.shape[1]
            x = x[:, :, ::self.stride, ::self.stride]
            return nn.functional.pad(x, (0, 0, 0, 0, added // 2, added - added // 2))
    ```


    """

  /// The scores beside loss and accuracy.
  private static var metrics: String {
    let scores = ClassificationScore.exampleNames.compactMap { ClassificationScore($0) }
    return
      "## metrics\n\nA list of what every evaluation scores beside loss and accuracy, of networks that answer with "
      + "classes. In place of 5 any number from \(ClassificationScore.topCounts.lowerBound) on, below that of the classes.\n\n"
      + Table([.init("metric"), .init("meaning")], texts: scores.map { [$0.name, $0.documentation] }).markdown + "\n"
  }

  private static var presets: Table {
    Table([.init("preset"), .init("network")], texts: Preset.all.map { [$0.name, $0.documentation] })
  }

  private static func section(_ title: String, _ tables: [OptionTable]) -> String {
    var text = "## \(title)\n\n"
    for options in tables {
      text += "### `\(options.name)`\n\n\(options.documentation)\n\n"
      if !options.options.isEmpty { text += table(options.options).markdown + "\n" }
    }
    return text + chosen(tables.flatMap(\.options))
  }

  /// The tables between which the `name` of an option chooses, which several tables may share.
  private static func chosen(_ options: [Option]) -> String {
    var text = ""
    var seen: Set<OptionKind> = []
    for option in options {
      for case .tagged(let tables) in option.kind.flattened where seen.insert(option.kind).inserted {
        for nested in tables {
          text += "#### `\(option.name)`: `\(nested.name)`\n\n\(nested.documentation)\n\n"
          if !nested.options.isEmpty { text += table(nested.options).markdown + "\n" }
        }
      }
    }
    return text
  }

  private static func table(_ options: [Option]) -> Table {
    Table(
      [.init("option"), .init("values"), .init("default"), .init("meaning")],
      texts: options.map { option in
        let fallback = option.defaultValue.map { JSONValue($0).compactText } ?? (option.isOptional ? "" : "required")
        return [option.name, option.kind.expected, fallback, option.documentation]
      })
  }
}
