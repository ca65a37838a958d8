#!/usr/bin/env python3
"""Writes pictures.json: small PNG and JPEG files, and what Pillow makes of them in the modes RGB and L.

    pictures.py    (in this folder)

Bytes are in base 64. The order of a folder's files is that of torchvision.datasets.ImageFolder's make_dataset, which is
os.walk, sorted. Needs pillow and numpy.
"""
import base64
import io
import json
import os
import tempfile

import numpy as np
import PIL
from PIL import Image

HEIGHT, WIDTH = 11, 14
# Names that order differently by code points, by letters and by depth.
NAMES = ["b.png", "B.PNG", "a.jpeg", "é.png", "z.JPG", "e.png", "10.png", "9.png", "a b/1.png", "a/1.png", "a/c/0.png", "a/c.png",
         "notes.txt", "png", "A/2.png", "a-b/3.png"]


def text(data):
    return base64.b64encode(data).decode()


def smooth():
    """Colours that run, with an alpha channel."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return np.stack([x * 17 % 256, y * 21 % 256, x * y * 3 % 256, (x + y) * 10 % 256], -1).astype(np.uint8)


def noisy():
    return np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 4), dtype=np.uint8)


def files():
    """Names, pictures and how they are saved."""
    for style, pixels in [("smooth", smooth()), ("noisy", noisy())]:
        image = Image.fromarray(pixels, "RGBA")
        for mode in ["RGBA", "RGB", "LA", "L", "1", "P"]:
            yield f"{style} {mode} png", image.convert(mode), {"format": "PNG"}
        yield f"{style} with a transparent colour", image.convert("RGB"), {"format": "PNG", "transparency": (17, 0, 0)}
        yield f"{style} with a gamma", image.convert("RGB"), {"format": "PNG", "pnginfo": gamma()}
        yield f"{style} of 4 colours", image.convert("RGB").quantize(4), {"format": "PNG", "bits": 2}
        for mode in ["RGB", "L"]:
            for quality, subsampling, progressive in [(75, 2, False), (95, 0, False), (30, 1, True)]:
                yield (f"{style} {mode} jpeg {quality}", image.convert(mode),
                       {"format": "JPEG", "quality": quality, "subsampling": subsampling, "progressive": progressive})


def gamma():
    """A linear gamma, which Pillow does not apply."""
    from PIL.PngImagePlugin import PngInfo
    info = PngInfo()
    info.add(b"gAMA", (100000).to_bytes(4, "big"))
    return info


def refused():
    """Files that are whole and not read."""
    deep = Image.fromarray(np.arange(12, dtype=np.uint16).reshape(3, 4) * 5000)
    inks = Image.fromarray(noisy(), "CMYK")
    return [("16 bits", saved(deep, format="PNG")), ("CMYK", saved(inks, format="JPEG")),
            ("BMP", saved(inks.convert("RGB"), format="BMP"))]


def saved(image, **options):
    file = io.BytesIO()
    image.save(file, **options)
    return file.getvalue()


def listed():
    """A folder's pictures in the order of ImageFolder, as paths in it."""
    endings = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp")
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
            open(f"{folder}/{name}", "w").close()
        return [os.path.relpath(os.path.join(root, name), folder)
                for root, _, names in sorted(os.walk(folder, followlinks=True)) for name in sorted(names)
                if name.lower().endswith(endings)]


def main():
    pictures = []
    for name, image, options in files():
        data = saved(image, **options)
        found = Image.open(io.BytesIO(data))
        pictures.append({"name": name, "file": text(data), **{
            mode: text(np.asarray(found.convert(mode)).tobytes()) for mode in ("RGB", "L")}})
    fixture = {"pillow": PIL.__version__, "height": HEIGHT, "width": WIDTH, "names": NAMES, "listed": listed(),
               "refused": [{"name": name, "file": text(data)} for name, data in refused()], "pictures": pictures}
    with open("pictures.json", "w") as file:
        json.dump(fixture, file, indent=1, ensure_ascii=False)
        file.write("\n")


if __name__ == "__main__":
    main()
