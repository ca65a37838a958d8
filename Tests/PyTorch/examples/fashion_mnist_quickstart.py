"""https://docs.pytorch.org/tutorials/beginner/basics/quickstart_tutorial.html"""
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.transforms import ToTensor


class NeuralNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.linear_relu_stack = nn.Sequential(
            nn.Linear(28 * 28, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))

    def forward(self, x):
        return self.linear_relu_stack(self.flatten(x))


def main(run):
    torch.manual_seed(run.seed)
    train_dataloader = DataLoader(run.images("train", ToTensor()), batch_size=64)
    test_dataloader = DataLoader(run.images("test", ToTensor()), batch_size=64)
    model = run.started(NeuralNetwork())
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    for _ in range(run.epochs(5)):
        model.train()
        for X, y in train_dataloader:
            loss = loss_fn(model(run.cast(X)), y)
            loss.backward()
            run.step(optimizer, loss)
            optimizer.zero_grad()
        run.tested(model, test_dataloader, loss_fn)
