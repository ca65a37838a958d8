"""https://github.com/akamaster/pytorch_resnet_cifar10"""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import transforms


class BasicBlock(nn.Module):
    def __init__(self, in_planes, planes, stride, option):
        super().__init__()
        self.conv1 = nn.Conv2d(in_planes, planes, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.shortcut = nn.Sequential()
        self.planes, self.option = planes, option if stride != 1 or in_planes != planes else None
        if self.option == "B":
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_planes, planes, kernel_size=1, stride=stride, bias=False), nn.BatchNorm2d(planes))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        short = self.shortcut(x)
        if self.option == "A":
            short = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.planes // 4, self.planes // 4))
        return F.relu(out + short)


class ResNet(nn.Module):
    def __init__(self, blocks, option, num_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, kernel_size=3, stride=1, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        layers, before = [], 16
        for planes, stride in [(16, 1), (32, 2), (64, 2)]:
            for index in range(blocks):
                layers.append(BasicBlock(before, planes, stride if index == 0 else 1, option))
                before = planes
        self.layers = nn.Sequential(*layers)
        self.linear = nn.Linear(64, num_classes)

    def forward(self, x):
        out = self.layers(F.relu(self.bn1(self.conv1(x))))
        out = F.avg_pool2d(out, out.size()[3])
        return self.linear(out.view(out.size(0), -1))


def weights_init(module):
    if isinstance(module, (nn.Linear, nn.Conv2d)):
        nn.init.kaiming_normal_(module.weight)


def main(run):
    torch.manual_seed(run.seed)
    normalize = transforms.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])
    train_loader = torch.utils.data.DataLoader(run.images("train", transforms.Compose([
        transforms.RandomHorizontalFlip(), transforms.RandomCrop(32, 4), transforms.ToTensor(), normalize])),
        batch_size=128, shuffle=True)
    model = run.started(ResNet(3, "A").apply(weights_init))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9, weight_decay=1e-4)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[run.epochs(100, 200), run.epochs(150, 200)])
    for _ in range(run.epochs(200)):
        model.train()
        for images, target in train_loader:
            loss = criterion(model(run.cast(images)), target)
            optimizer.zero_grad()
            loss.backward()
            run.step(optimizer, loss)
        scheduler.step()
        run.tested(model, run.quiet_loader("test", transforms.Compose([transforms.ToTensor(), normalize])), criterion)
