extension GridManual {
  /// How a grid names its points, by examples; a test expands each and counts what comes out.
  static let points = #"""
    # The grid language

    A grid is one JSON object: a `name`, what all trials share (`dataset`, `model`, `loss`, `optimizer`, `training`,
    `initial_weights`), the `seeds`, and what varies. A dotted path names one setting (`optimizer.lr`,
    `model.layers[0].kernel_size`). An unknown key is an error, told with its line, its column and the nearest known key.

    `axes` vary freely: the points are the product of all. Here 3 × 2 points:

    ```json
    {"name": "product", "dataset": {"name": "digits"}, "model": {"family": "cnn", "channels": [8]},
     "optimizer": {"name": "sgd"}, "training": {"batch_size": 50, "epochs": 1},
     "axes": {"optimizer.lr": [0.1, 0.03, 0.01], "model.padding": ["valid", "same"]}, "seeds": [0, 1, 2]}
    ```

    `variants` are points with a label of their own; together they are one more axis. 2 points:

    ```json
    {"name": "labels", "dataset": {"name": "digits"}, "optimizer": {"name": "adam"},
     "training": {"batch_size": 50, "epochs": 1},
     "variants": {"MLP": {"model": {"family": "mlp", "hidden": [64]}}, "CNN": {"model": {"family": "cnn", "channels": [8]}}}}
    ```

    An object as value replaces the whole section; a path changes one setting and keeps the others: `"optimizer.lr": 0.1`, not
    `"optimizer": {"lr": 0.1}`, in a grid whose `optimizer` says more than its rate.

    `zip` varies several settings together, in lists of one length. 2 points:

    ```json
    {"name": "together", "dataset": {"name": "digits"}, "model": {"family": "mlp", "hidden": [64]},
     "optimizer": {"name": "sgd"}, "training": {"epochs": 1},
     "zip": [{"training.batch_size": [32, 128], "optimizer.lr": [0.01, 0.04]}]}
    ```

    `when` adds axes where a condition holds, `exclude` leaves points out, `include` adds single ones with a label.
    1 + 2 × 2 points, less one, and one more:

    ```json
    {"name": "conditions", "dataset": {"name": "digits"}, "optimizer": {"name": "sgd"},
     "training": {"batch_size": 50, "epochs": 1},
     "variants": {"MLP": {"model": {"family": "mlp", "hidden": [64]}}, "CNN": {"model": {"family": "cnn", "channels": [8]}}},
     "when": [{"if": {"model.family": "cnn"},
               "axes": {"model.pooling": ["max", "average"], "model.padding": ["valid", "same"]}}],
     "exclude": [{"model.pooling": "average", "model.padding": "same"}],
     "include": [{"label": "wide MLP", "model": {"family": "mlp", "hidden": [256]}}]}
    ```

    A configuration's label is its variant's, then the values of what else varies, in the order of the file. Points that come
    to the same configuration are trained once. Each configuration is trained once with each of the `seeds`, from 0 to
    4294967295 or equal to none of the others modulo 2^32, which is all that PyTorch's generator takes of a seed. On the
    command line `--set path=value` goes over the grid; on an axis it replaces the axis.


    """#
}
