"""https://docs.pytorch.org/tutorials/beginner/nn_tutorial.html"""
import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision.transforms import ToTensor


class Lambda(nn.Module):
    def __init__(self, func):
        super().__init__()
        self.func = func

    def forward(self, x):
        return self.func(x)


def main(run):
    torch.manual_seed(run.seed)
    bs, lr, epochs = 64, 0.1, run.epochs(2)
    train_dl = DataLoader(run.images("train", ToTensor()), batch_size=bs, shuffle=True)
    valid_dl = DataLoader(run.images("validation", ToTensor()), batch_size=bs * 2)
    test_dl = DataLoader(run.images("test", ToTensor()), batch_size=bs * 2)
    model = run.started(nn.Sequential(
        nn.Conv2d(1, 16, kernel_size=3, stride=2, padding=1), nn.ReLU(),
        nn.Conv2d(16, 16, kernel_size=3, stride=2, padding=1), nn.ReLU(),
        nn.Conv2d(16, 10, kernel_size=3, stride=2, padding=1), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), Lambda(lambda x: x.view(x.size(0), -1))))
    opt = optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    for _ in range(epochs):
        model.train()
        for xb, yb in train_dl:
            loss = F.cross_entropy(model(run.cast(xb)), yb)
            loss.backward()
            run.step(opt, loss)
            opt.zero_grad()
        run.tested(model, valid_dl, F.cross_entropy, "validation")
        run.tested(model, test_dl, F.cross_entropy)
