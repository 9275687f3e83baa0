"""Loads a model that `ebm export` wrote, and gives the energies that ebm gives. Needs torch (1.13 or newer), nothing else.

    python3 load_ebm.py MODEL ROWS.csv          # the energy of each row, as `ebm score` writes it

    from load_ebm import load
    model = load("model")                       # the folder of `ebm export ID --out model`
    x = model.states(rows)                      # stored rows [n, features] -> the model's states, float32
    energy = model.energy(x)                    # [n], differentiable in x
"""
import csv
import json
import os
import struct
import sys

import torch
from torch.nn import functional

TYPES = {"F32": (torch.float32, 4), "F64": (torch.float64, 8), "U8": (torch.uint8, 1), "I64": (torch.int64, 8)}


def read_safetensors(path):
    """Tensors by name: eight bytes of header length, a JSON header with types, shapes and offsets, the data."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            dtype, size = TYPES[entry["dtype"]]
            begin, end = entry["data_offsets"]
            tensors[name] = torch.frombuffer(data, dtype=dtype, count=(end - begin) // size, offset=begin).reshape(entry["shape"])
    return tensors


# A builder a kind of energy: (energy's description, parameters by name, folder) -> function from states [n, features] to [n].

def rbm(energy, p, folder):
    return lambda v: -(v @ p["visible.bias"]) - functional.softplus(v @ p["weight"] + p["hidden.bias"]).sum(1)


def gaussian_rbm(energy, p, folder):
    variance = energy["sigma"] ** 2
    return lambda v: (((v - p["visible.bias"]) ** 2).sum(1) / (2 * variance)
                      - functional.softplus(v @ p["weight"] / variance + p["hidden.bias"]).sum(1))


def layers(energy, p, folder):
    def compute(x):
        for layer in energy["layers"]:
            x = LAYERS[layer["layer"]](layer, p, x)
        return x.squeeze(1)
    return compute


def torchscript(energy, p, folder):
    module = torch.jit.load(os.path.join(folder, energy["module"]), map_location="cpu").eval()
    with torch.no_grad():
        for name, value in module.named_parameters():
            if name in p:  # they are in the file already; this is how other ones would be put there
                value.copy_(p[name])
    return lambda x: module(x.reshape(-1, *energy["row"])).reshape(-1)


BUILDERS = {
    "rbm": rbm,
    "gaussian-rbm": gaussian_rbm,
    "mlp": layers,
    "conv": layers,
    "torchscript": torchscript,
}

# A function a kind of layer: (layer's description, parameters by name, input) -> output.
LAYERS = {
    "image": lambda layer, p, x: x.reshape(-1, *layer["shape"]),
    "flatten": lambda layer, p, x: x.flatten(1),
    "dense": lambda layer, p, x: functional.linear(x, p[layer["name"] + ".weight"], p[layer["name"] + ".bias"]),
    "convolution": lambda layer, p, x: functional.conv2d(
        x, p[layer["name"] + ".weight"], p[layer["name"] + ".bias"], stride=layer["stride"], padding=layer["padding"]),
    "silu": lambda layer, p, x: functional.silu(x),
    "relu": lambda layer, p, x: functional.relu(x),
    "tanh": lambda layer, p, x: torch.tanh(x),
    "softplus": lambda layer, p, x: functional.softplus(x),
}


class Model:
    """A model: `description` (model.json), `parameters` by name, `energy`, `states`."""

    def __init__(self, folder):
        with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
            self.description = json.load(file)
        self.parameters = read_safetensors(os.path.join(folder, self.description["parameters"]["file"]))
        energy = self.description["energy"]
        if energy["kind"] not in BUILDERS:
            raise ValueError(f"no builder for energy {energy['kind']}; known are {', '.join(BUILDERS)}")
        self.energy = BUILDERS[energy["kind"]](energy, self.parameters, folder)

    def states(self, rows):
        """Rows as they were stored (uint8 or float) as the model's states. Float rows of a model whose data was uint8 are
        taken as scaled already."""
        reading = self.description["rows"]
        scaled = reading["stored"] == "uint8" and rows.dtype != torch.uint8
        scale, shift = (1, 0) if scaled else (reading["scale"], reading["shift"])
        if reading["binarise"] == "threshold":
            cut = reading["cut"] * reading["scale"] + reading["shift"] if scaled else reading["cut"]
            return (rows > cut).to(torch.float32)
        states = rows.to(torch.float32) * scale + shift
        if reading["binarise"] == "sample" and not ((states == 0) | (states == 1)).all():
            raise ValueError("these values are probabilities of 1: draw the bits first, for example with torch.bernoulli(rows)")
        return states


def load(folder):
    """The model in a folder that `ebm export` wrote."""
    return Model(folder)


def read_csv(path):
    """Rows of numbers, with or without a line of names."""
    with open(path, newline="", encoding="utf-8") as file:
        lines = [line for line in csv.reader(file) if line]
    try:
        return torch.tensor([[float(field) for field in line] for line in lines])
    except ValueError:
        return torch.tensor([[float(field) for field in line] for line in lines[1:]])


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python3 load_ebm.py MODEL ROWS.csv")
    model = load(sys.argv[1])
    with torch.no_grad():
        energies = model.energy(model.states(read_csv(sys.argv[2])))
    print("row,energy")
    for row, energy in enumerate(energies.tolist(), 1):
        print(f"{row},{energy:.9g}")
