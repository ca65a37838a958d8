"""A fast recipe: OneCycleLR for each batch (Smith & Topin 2017), label smoothing (Szegedy et al. 2015), MixUp (Zhang et
al. 2017)."""
import torch
from torch import nn
from torchvision import transforms
from torchvision.transforms import v2

from resnet20_cifar10 import ResNet


def main(run):
    torch.manual_seed(run.seed)
    normalize = transforms.Normalize((0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616))
    train_loader = torch.utils.data.DataLoader(run.images("train", transforms.Compose([
        transforms.RandomCrop(32, padding=4, padding_mode="reflect"), transforms.RandomHorizontalFlip(),
        transforms.ToTensor(), normalize])), batch_size=128, shuffle=True)
    mixup = v2.MixUp(alpha=0.2, num_classes=10)
    model = run.started(ResNet(1, "B"))
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, nesterov=True, weight_decay=5e-4)
    epochs = run.epochs(12)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=0.5, epochs=epochs, steps_per_epoch=len(train_loader), pct_start=0.25)
    for _ in range(epochs):
        model.train()
        for images, labels in train_loader:
            images, labels = mixup(images, labels)
            optimizer.zero_grad()
            loss = criterion(model(run.cast(images)), labels.to(run.dtype))
            loss.backward()
            run.step(optimizer, loss)
            scheduler.step()
        run.tested(model, run.quiet_loader("test", transforms.Compose([transforms.ToTensor(), normalize])), criterion)
