"""https://www.kaggle.com/code/cdeotte/25-million-images-0-99757-mnist, one of its networks as a PyTorch script."""
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms

from keras_mnist_convnet import glorot


def block(before, after, kernel_size, **options):
    return [nn.Conv2d(before, after, kernel_size, **options), nn.ReLU(), nn.BatchNorm2d(after)]


def main(run):
    torch.manual_seed(run.seed)
    augment = transforms.Compose([transforms.ToTensor(), transforms.RandomAffine(
        10, translate=(0.1, 0.1), scale=(0.9, 1.1), interpolation=transforms.InterpolationMode.BILINEAR)])
    train_loader = DataLoader(run.images("train", augment), batch_size=64, shuffle=True)
    model = nn.Sequential(
        *block(1, 32, 3), *block(32, 32, 3), *block(32, 32, 5, stride=2, padding=2), nn.Dropout(0.4),
        *block(32, 64, 3), *block(64, 64, 3), *block(64, 64, 5, stride=2, padding=2), nn.Dropout(0.4),
        *block(64, 128, 4), nn.Flatten(), nn.Dropout(0.4), nn.Linear(128, 10))
    model = run.started(model.apply(glorot))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.95)
    for _ in range(run.epochs(45)):
        model.train()
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(run.cast(images)), labels)
            loss.backward()
            run.step(optimizer, loss)
        run.tested(model, run.quiet_loader("test", transforms.ToTensor()), criterion)
        scheduler.step()
