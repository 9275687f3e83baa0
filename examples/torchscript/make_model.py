# Makes model.pt, the energy of two-moons-torchscript.yaml. Debian: apt-get install python3-torch, then python3 make_model.py
import torch
from torch.nn import Linear, Sequential, SiLU

class Energy(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.net = Sequential(Linear(2, 64), SiLU(), Linear(64, 64), SiLU(), Linear(64, 1))
        self.spread = torch.nn.Parameter(torch.tensor(2.0))

    def forward(self, x):  # [rows, 2] -> [rows]
        return self.net(x).squeeze(1) + (x / self.spread).square().sum(1) / 2  # high far from the data

torch.manual_seed(0)
torch.jit.script(Energy().eval()).save("model.pt")
