"""https://keras.io/examples/vision/mnist_convnet/, as a PyTorch script."""
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.transforms import ToTensor


def glorot(module):
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)


def main(run):
    torch.manual_seed(run.seed)
    train_loader = DataLoader(run.images("train", ToTensor()), batch_size=128, shuffle=True)
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.5), nn.Linear(1600, 10))
    model = run.started(model.apply(glorot))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7)
    for _ in range(run.epochs(15)):
        model.train()
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(run.cast(images)), labels)
            loss.backward()
            run.step(optimizer, loss)
        run.tested(model, run.quiet_loader("validation", ToTensor()), criterion, "validation")
        run.tested(model, run.quiet_loader("test", ToTensor()), criterion)
