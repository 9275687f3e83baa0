# Makes base.pt, whose code the tests replace. Debian's python3-torch: /usr/bin/python3 make_base.py
import torch


class Base(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Linear(2, 8)
        self.out = torch.nn.Parameter(torch.randn(8))
        self.again = self.out
        self.frozen = torch.nn.Parameter(torch.tensor([0.5, -0.25]), requires_grad=False)
        self.register_buffer("statistic", torch.ones(2))
        self.calls = 0

    def forward(self, x):
        y = self.first(x - self.frozen)
        h = torch.nn.functional.silu(y) * torch.sigmoid(y) + torch.tanh(y)
        return torch.mv(h, self.out) + torch.mv(torch.tanh(h), self.again) + torch.sum(x * x * self.statistic, dim=1)


torch.manual_seed(0)
torch.jit.script(Base().eval()).save("base.pt")
