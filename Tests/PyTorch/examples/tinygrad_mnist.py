"""https://github.com/tinygrad/tinygrad/blob/master/examples/beautiful_mnist.py, as a PyTorch script with epochs."""
import torch
from torch import nn
from torch.utils.data import DataLoader, RandomSampler
from torchvision.transforms import ToTensor


def main(run):
    torch.manual_seed(run.seed)
    train = run.images("train", ToTensor())
    train_loader = DataLoader(train, batch_size=512, sampler=RandomSampler(train, replacement=True))
    model = run.started(nn.Sequential(
        nn.Conv2d(1, 32, 5), nn.ReLU(), nn.Conv2d(32, 32, 5), nn.ReLU(), nn.BatchNorm2d(32), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.Conv2d(64, 64, 3), nn.ReLU(), nn.BatchNorm2d(64), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(576, 10)))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters())
    while True:
        model.train()
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(run.cast(images)), labels)
            loss.backward()
            run.step(optimizer, loss)
            if run.done % 10 == 0:
                run.tested(model, run.quiet_loader("test", ToTensor()), criterion)
