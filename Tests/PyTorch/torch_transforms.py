"""The transforms of a grid as torchvision's own."""
import torch

try:
    from torchvision import transforms
except RuntimeError:
    # Its operators were built for another torch; transforms use none of them, but its import asks for their names.
    OPERATORS = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        OPERATORS.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    from torchvision import transforms
from torchvision.transforms import v2


def composed(listed):
    """`transforms.Compose` of a list of a grid's transforms."""
    return transforms.Compose([transform(dict(options)) for options in listed])


def transform(options):
    kind = getattr(transforms, "".join(word.capitalize() for word in options.pop("name").split("_")))
    if "interpolation" in options:
        options["interpolation"] = transforms.InterpolationMode(options["interpolation"])
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in options.items()})


def mixed(options, classes):
    """What mixes a batch's images and labels; `None` leaves them."""
    if not options:
        return lambda images, labels: (images, labels)
    kind = {"mixup": v2.MixUp, "cutmix": v2.CutMix}[options["name"]]
    return kind(alpha=float(options.get("alpha", 1)), num_classes=classes)


class Augmented(torch.utils.data.Dataset):
    """Images and labels, each image changed when it is fetched."""

    def __init__(self, images, labels, change):
        self.images, self.labels, self.change = images, labels, change

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.change(self.images[index]), self.labels[index]
