"""https://github.com/ml-explore/mlx-examples/tree/main/mnist, as a PyTorch script."""
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.transforms import ToTensor


def main(run):
    torch.manual_seed(run.seed)
    train_loader = DataLoader(run.images("train", ToTensor()), batch_size=256, shuffle=True)
    model = run.started(nn.Sequential(
        nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 10)))
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(run.epochs(10)):
        for X, y in train_loader:
            optimizer.zero_grad()
            loss = loss_fn(model(run.cast(X)), y)
            loss.backward()
            run.step(optimizer, loss)
        run.tested(model, run.quiet_loader("test", ToTensor()), loss_fn)
