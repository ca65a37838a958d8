"""https://github.com/keras-team/keras/blob/keras-2/examples/cifar10_cnn.py, as a PyTorch script."""
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms

from keras_mnist_convnet import glorot


def main(run):
    torch.manual_seed(run.seed)
    augment = transforms.Compose([
        transforms.ToTensor(), transforms.RandomAffine(0, translate=(0.1, 0.1)), transforms.RandomHorizontalFlip()])
    train_loader = DataLoader(run.images("train", augment), batch_size=32, shuffle=True)
    model = nn.Sequential(
        nn.Conv2d(3, 32, 3, padding="same"), nn.ReLU(), nn.Conv2d(32, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
        nn.Conv2d(32, 64, 3, padding="same"), nn.ReLU(), nn.Conv2d(64, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Dropout(0.25), nn.Flatten(), nn.Linear(2304, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, 10))
    model = run.started(model.apply(glorot))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.RMSprop(model.parameters(), lr=0.0001, alpha=0.9, eps=1e-7)
    for _ in range(run.epochs(100)):
        model.train()
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(run.cast(images)), labels)
            loss.backward()
            run.step(optimizer, loss)
        run.tested(model, run.quiet_loader("test", transforms.ToTensor()), criterion)
