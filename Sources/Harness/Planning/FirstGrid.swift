import Files
import Foundation
import Presentation

/// The grid that `bench init` writes: small, commented, and ready to run.
package enum FirstGrid {
  /// The grid's text: JSON with comments.
  package static let text = #"""
    // A grid of experiments for bench. Comments and a comma after the last value are allowed here.
    //   bench plan GRID      what this would train; nothing is written
    //   bench run GRID       trains it, and goes on where it was interrupted
    //   bench report first   the tables and charts
    // bench schema manual explains every key; bench schema prints a JSON Schema for the editor.
    {
      "name": "first",
      "title": "Does max or average pooling do better on small digits?",
      // Free text; it changes no trial.
      "tags": ["example"],
      "notes": "",

      // Drawn by the program. Others: mnist, fashion_mnist, cifar10 and more (bench data list), or your own: idx, npy, or a
      // folder of pictures for each class. "augment" changes the images: [{"name": "random_crop", "size": 28, "padding": 2}].
      "dataset": {"name": "digits", "train": 2000, "test": 500, "validation": 200},

      // A family (mlp, cnn, conv1d, lenet, vgg, resnet), {"preset": "lab7"}, or {"layers": [...]} one by one.
      "model": {"family": "cnn", "channels": [8, 16], "kernel_size": 5},
      // Learning rates follow a scheduler of torch.optim: "scheduler": {"name": "cosine_annealing_lr", "T_max": 2}.
      "optimizer": {"name": "adam", "lr": 0.002},
      "training": {"batch_size": 50, "epochs": 2},

      // Each configuration is trained once with each seed: a comparison needs several.
      "seeds": {"range": [0, 3, 1]},

      // What varies, by its path: every combination is one configuration.
      "axes": {
        "model.pooling": ["max", "average"],
        // The same as [0.001, 0.01].
        "optimizer.lr": {"logspace": [0.001, 0.01, 2]},
      },
    }

    """#

  /// Writes the grid into a new file.
  ///
  /// - Parameter replaces: whether a file that is there is replaced.
  /// - Throws: ``UsageError`` where there is a file, ``OperationalError`` where none can be written.
  package static func write(to path: String, replaces: Bool) throws {
    let file = URL(filePath: path)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      if isFolder.boolValue { throw UsageError("\(path): is a folder; expected the name of a file to write") }
      guard replaces else {
        throw UsageError("\(path): is there already; name another file, or replace this one with --force")
      }
    }
    do { try WholeFile.write(Data(text.utf8), to: file) } catch {
      throw OperationalError("\(path): the grid can't be written: \(error.reason)")
    }
  }
}
