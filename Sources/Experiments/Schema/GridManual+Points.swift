extension GridManual {
  /// How a grid names its points, by examples; a test expands each and counts what comes out.
  static let points = #"""
    # The grid language

    A grid is one JSON object: a `name`, what all trials share (`dataset`, `model`, `loss`, `optimizer`, `training`,
    `initial_weights`, `metrics`), the `seeds`, and what varies. A dotted path names one setting (`optimizer.lr`,
    `model.layers[0].kernel_size`). An unknown key is an error, told with its line, its column and the nearest known key.

    A grid may have comments (`//` to the end of the line, `/* … */`) and a comma after the last value of a list or an
    object, as editors know "JSON with comments". `bench init` writes a first grid to edit.

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

    Where a list of values stands (`axes`, `zip`, `when`, `seeds`), a rule may stand for it: `{"linspace": [from, to, count]}`
    with equal differences, `{"logspace": [from, to, count]}` with equal ratios (the ends themselves, as numpy's `geomspace`),
    `{"range": [from, to, step]}` up to `to`, which is left out as numpy's `arange` does. The numbers are those of
    numpy's formulas, the ends exact; labels show as few digits as tell the values apart. 4 points with 5 seeds:

    ```json
    {"name": "rules", "dataset": {"name": "digits"}, "model": {"family": "mlp", "hidden": [64]},
     "optimizer": {"name": "sgd"}, "training": {"batch_size": 50, "epochs": 1},
     "axes": {"optimizer.lr": {"logspace": [0.001, 1, 4]}}, "seeds": {"range": [0, 5, 1]}}
    ```

    `sample` draws points at random for a random search: `count` of them, each with one value per path. `log_uniform`,
    `uniform` and `int_uniform` draw between two ends (of whole numbers both included), `choice` from a list. Values are
    rounded to four digits (those of `uniform` to a ten-thousandth of the distance between the ends), and follow from `seed`,
    path and number of the point alone: the plan is the same each time and on every machine, a larger `count` keeps the
    points before, and another path leaves the values of the others. A sample is one more axis. 20 points:

    ```json
    {"name": "search", "dataset": {"name": "digits"}, "model": {"family": "mlp", "hidden": [64]},
     "optimizer": {"name": "sgd"}, "training": {"epochs": 1},
     "sample": {"count": 20, "seed": 0, "axes": {"optimizer.lr": {"log_uniform": [0.0001, 1]},
                                                 "optimizer.momentum": {"uniform": [0, 0.95]},
                                                 "training.batch_size": {"choice": [32, 64, 128]}}}}
    ```

    `"extends": "base.json"` takes another grid, named from this one's folder, and puts this one over it: sections, variants,
    axes and settings are merged by key, a list or the value of a path replaces the one there. A changed `name` or `family`
    drops the keys that the new one lacks, as a point does. The other grid may be a part of one (without `name`) and extend
    another. Paths of files count from the folder of the grid that is run. What is stored is the whole, without `extends`.

    `tags`, a list of texts, and `notes`, a text, are free: they change no trial, and stand in `bench show`, in
    `bench list --format json` and above the report.

    A configuration's label is its variant's, then the values of what else varies, in the order of the file. Points that come
    to the same configuration are trained once. Each configuration is trained once with each of the `seeds`, from 0 to
    4294967295 or equal to none of the others modulo 2^32, which is all that PyTorch's generator takes of a seed. On the
    command line `--set path=value` goes over the grid; on an axis it replaces the axis.


    """#
}
