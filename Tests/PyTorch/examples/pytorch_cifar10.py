"""https://docs.pytorch.org/tutorials/beginner/blitz/cifar10_tutorial.html"""
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
import torchvision.transforms as transforms


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


def main(run):
    torch.manual_seed(run.seed)
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))])
    trainloader = torch.utils.data.DataLoader(run.images("train", transform), batch_size=4, shuffle=True)
    testloader = run.quiet_loader("test", transform)
    net = run.started(Net())
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(net.parameters(), lr=0.001, momentum=0.9)
    for _ in range(run.epochs(2)):
        for inputs, labels in trainloader:
            optimizer.zero_grad()
            loss = criterion(net(run.cast(inputs)), labels)
            loss.backward()
            run.step(optimizer, loss)
        run.tested(net, testloader, criterion)
