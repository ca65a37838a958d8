#!/usr/bin/env python3
"""Writes svhn.json: small MATLAB files as SVHN is published in, in base 64, made by scipy.

    svhn.py    (in this folder)

The pixel at row h, column w and channel c of image n is (7 h + 11 w + 50 c + 31 n) % 256. Needs numpy and scipy.
"""
import base64
import io
import json

import numpy as np
import scipy
from scipy.io import savemat

COUNT = 4
LABELS = [[10, 1, 9, 3]]


def file(compressed=True, count=COUNT, **others):
    h, w, c, n = np.ogrid[:32, :32, :3, :count]
    arrays = {"X": ((7 * h + 11 * w + 50 * c + 31 * n) % 256).astype(np.uint8), "y": np.array(LABELS, np.uint8).T, **others}
    buffer = io.BytesIO()
    savemat(buffer, {name: arrays[name] for name in others.get("order", arrays) if name != "order"},
            do_compression=compressed)
    return base64.b64encode(buffer.getvalue()).decode()


def main():
    labels = np.array(LABELS).T
    files = {"plain": file(), "y first": file(order=["y", "X"]), "double": file(y=labels.astype(float)),
             "int16": file(y=labels.astype(np.int16)), "unpacked": file(compressed=False),
             "label 11": file(y=np.array([[10, 1, 11, 3]], np.uint8).T), "label 0.5": file(y=labels + 0.5),
             "few labels": file(y=labels[:3].astype(np.uint8)), "no y": file(order=["X"]),
             "grey": file(X=np.zeros((32, 32, 1, 4), np.uint8)), "floats": file(X=np.zeros((32, 32, 3, 4)))}
    with open("svhn.json", "w") as out:
        json.dump({"scipy": scipy.__version__, "files": files}, out, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main()
