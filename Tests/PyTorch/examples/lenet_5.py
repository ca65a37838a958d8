"""https://d2l.ai/chapter_convolutional-neural-networks/lenet.html"""
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.transforms import ToTensor


def init_cnn(module):
    if type(module) in (nn.Linear, nn.Conv2d):
        nn.init.xavier_uniform_(module.weight)


def main(run):
    torch.manual_seed(run.seed)
    train_loader = DataLoader(run.images("train", ToTensor()), batch_size=128, shuffle=True)
    net = nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.Sigmoid(), nn.AvgPool2d(kernel_size=2, stride=2),
        nn.Conv2d(6, 16, kernel_size=5), nn.Sigmoid(), nn.AvgPool2d(kernel_size=2, stride=2), nn.Flatten(),
        nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10))
    net = run.started(net.apply(init_cnn))
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(run.epochs(10)):
        net.train()
        for X, y in train_loader:
            optimizer.zero_grad()
            loss = loss_fn(net(run.cast(X)), y)
            loss.backward()
            run.step(optimizer, loss)
        run.tested(net, run.quiet_loader("test", ToTensor()), loss_fn)
