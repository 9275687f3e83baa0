"""Loads a model that `ebm export` wrote, and gives the energies that ebm gives. Needs torch (1.13 or newer), nothing else.

    python3 load_ebm.py MODEL ROWS [CLASS]      # the energy of each row of a CSV file (or text), as `ebm score` writes it

    from load_ebm import load
    model = load("model")                       # the folder of `ebm export ID --out model`
    x = model.states(rows)                      # stored rows [n, features] -> the model's states, float32
    energy = model.energy(x)                    # [n], differentiable in x
    energy = model.energy(x, y)                 # of a model with classes: y is the class of each row, int64 [n]
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


# A builder a kind of energy: (the energy's description, the model) -> function from states [n, features] to [n].

def rbm(energy, model):
    p = model.parameters
    return lambda v: -(v * bias(model, "visible")).sum(1) - functional.softplus(v @ p["weight"] + bias(model, "hidden")).sum(1)


def gaussian_rbm(energy, model):
    p, variance = model.parameters, energy["sigma"] ** 2
    return lambda v: (((v - bias(model, "visible")) ** 2).sum(1) / (2 * variance)
                      - functional.softplus(v @ p["weight"] / variance + bias(model, "hidden")).sum(1))


def bias(model, units):
    """The bias of all rows or, with classes, that of each."""
    shared, of_class = model.parameters[units + ".bias"], model.parameters.get(units + ".classes")
    return shared if of_class is None else shared + of_class[model.classes]


def pairwise(encode):
    def build(energy, model):
        p = model.parameters

        def on_a_lattice(z):
            lattice = z.reshape(z.shape[0], *energy["lattice"], -1)
            total = 0
            for name, dimension in (("couplings.right", 2), ("couplings.down", 1)):
                if name in p:  # at a free boundary there are fewer couplings than units
                    rows, columns = p[name].shape
                    products = (lattice * lattice.roll(-1, dimension)).sum(3)[:, :rows, :columns]
                    total = total + (products * p[name]).sum((1, 2))
            return total

        def of_all_pairs(z):
            unit = torch.arange(z.shape[1] * z.shape[2]) // z.shape[2]
            above = unit[:, None] < unit
            matrix = torch.zeros(above.shape).masked_scatter(above, p["couplings"])
            return (z.flatten(1) @ matrix * z.flatten(1)).sum(1)

        pairs = on_a_lattice if energy["lattice"] else of_all_pairs

        def compute(x):
            z = encode(x, model.description["states"]["categories"])
            return -pairs(z) - z.flatten(1) @ p["field"].flatten()
        return compute
    return build


def layers(energy, model):
    return lambda x: run(energy["layers"], model, x).squeeze(1)


def torchscript(energy, model):
    module = torch.jit.load(os.path.join(model.folder, energy["module"]), map_location="cpu").eval()
    with torch.no_grad():
        for name, value in module.named_parameters():
            if name in model.parameters:  # these are in the file already; this is how others would be put there
                value.copy_(model.parameters[name])
    return lambda x: module(x.reshape(-1, *energy["row"])).reshape(-1)


BUILDERS = {
    "rbm": rbm,
    "gaussian-rbm": gaussian_rbm,
    "ising": pairwise(lambda x, categories: (2 * x - 1).unsqueeze(2)),
    "potts": pairwise(lambda x, categories: functional.one_hot(x.long(), categories).to(torch.float32)),
    "mlp": layers,
    "conv": layers,
    "resnet": layers,
    "sequence": layers,
    "torchscript": torchscript,
}


# A function a kind of layer: (the layer's description, the model, input) -> output.

def run(descriptions, model, x):
    for layer in descriptions:
        x = LAYERS[layer["layer"]](layer, model, x)
    return x


def part(layer, model, name="weight"):
    """A parameter of a layer; divided by its largest singular value, as power iterations estimate it, where that is said."""
    value = model.parameters[layer["name"] + "." + name]
    norm = layer.get("spectralNorm")
    if norm is None or name != "weight":
        return value
    matrix, u = value.reshape(value.shape[0], -1), model.constants[norm["start"]]
    for _ in range(norm["iterations"]):
        v = matrix.t() @ u
        u = matrix @ (v / v.norm())
        sigma = u.norm()
        u = u / sigma
    return value / sigma


def convolution(layer, model, x):
    return functional.conv2d(x, part(layer, model), part(layer, model, "bias"), stride=layer["stride"], padding=layer["padding"])


def class_bias(layer, model, x):
    rows = part(layer, model, "classes")[model.classes]
    return x + (rows if x.dim() == 2 else rows[:, :, None, None])


def embedding(layer, model, x):
    weight = part(layer, model)
    return (weight[x.long()] + part(layer, model, "position")).reshape(-1, weight.shape[1])


def sequence_convolution(layer, model, x):
    weight, reach = part(layer, model), layer["kernel"] // 2
    padded = functional.pad(x.reshape(-1, layer["positions"], x.shape[1]), (0, 0, reach, reach))
    windows = padded.unfold(1, layer["kernel"], 1).transpose(2, 3).reshape(x.shape[0], -1)
    return functional.linear(windows, weight.reshape(weight.shape[0], -1), part(layer, model, "bias"))


def self_attention(layer, model, x):
    width, heads = x.shape[1], layer["heads"]
    parts = functional.linear(x, part(layer, model, "in.weight"), part(layer, model, "in.bias"))
    queries, keys, values = parts.reshape(-1, layer["positions"], 3, heads, width // heads).permute(2, 0, 3, 1, 4)
    attention = torch.softmax(queries @ keys.transpose(2, 3) / (width // heads) ** 0.5, -1)
    joined = (attention @ values).transpose(1, 2).reshape(-1, width)
    return functional.linear(joined, part(layer, model, "out.weight"), part(layer, model, "out.bias"))


LAYERS = {
    "image": lambda layer, model, x: x.reshape(-1, *layer["shape"]),
    "flatten": lambda layer, model, x: x.flatten(1),
    "join-positions": lambda layer, model, x: x.reshape(-1, layer["positions"] * x.shape[1]),
    "dense": lambda layer, model, x: functional.linear(x, part(layer, model), part(layer, model, "bias")),
    "convolution": convolution,
    "average-pool": lambda layer, model, x: functional.avg_pool2d(x, layer["size"]),
    "sum-pool": lambda layer, model, x: x.sum((2, 3)),
    "residual": lambda layer, model, x: run(layer["body"], model, x) + run(layer["shortcut"], model, x),
    "layer-norm": lambda layer, model, x: functional.layer_norm(x, x.shape[-1:], eps=layer["epsilon"]),
    "class-bias": class_bias,
    "embedding": embedding,
    "sequence-convolution": sequence_convolution,
    "self-attention": self_attention,
    "silu": lambda layer, model, x: functional.silu(x),
    "relu": lambda layer, model, x: functional.relu(x),
    "tanh": lambda layer, model, x: torch.tanh(x),
    "softplus": lambda layer, model, x: functional.softplus(x),
    "leaky-relu": lambda layer, model, x: functional.leaky_relu(x, 0.2),
}


# A function a kind of fixed base: (the base's description, its table, states) -> log p of each row, [n].

def data_mean(base, table, x):
    return table.gather(1, x.long().t()).sum(0)


def ngram(base, table, x):
    categories, order = table.shape[1], base["order"]
    before = torch.full((x.shape[0], order - 1), categories - 1, dtype=torch.long)
    symbols, index = torch.cat([before, x.long()], 1), torch.arange(x.shape[1])
    for place in range(order):
        index = index * categories + symbols[:, place:place + x.shape[1]]
    return table.reshape(-1)[index].sum(1)


BASES = {
    "data-mean": data_mean,
    "ngram": ngram,
}


class Model:
    """A model: `description` (model.json), `parameters` and `constants` by name, `states`, `energy`."""

    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
            self.description = json.load(file)
        constants = self.description["constants"]
        self.parameters = read_safetensors(os.path.join(folder, self.description["parameters"]["file"]))
        self.constants = read_safetensors(os.path.join(folder, constants)) if constants else {}
        energy = self.description["energy"]
        if energy["kind"] not in BUILDERS:
            raise ValueError(f"no builder for energy {energy['kind']}; known are {', '.join(BUILDERS)}")
        self._network = BUILDERS[energy["kind"]](energy, self)

    def energy(self, x, y=None):
        """The energy of each row of states [n, features]: [n]; of a model with classes y [n] tells them."""
        if "classes" in self.description["energy"] and y is None:
            raise ValueError("the model has classes: energy(x, y) needs that of each row")
        self.classes = y
        base = self.description["energy"].get("base")
        energies = self._network(x)
        return energies if base is None else energies - BASES[base["kind"]](base, self.constants[base["table"]], x).to(energies.dtype)

    def states(self, rows):
        """Rows as they were stored (numbers, or lines of text) as the model's states. Float rows of a model whose data was
        uint8 are taken as scaled already."""
        reading = self.description["rows"]
        if reading["text"]:
            text = reading["text"]
            numbers = {character: number for number, character in enumerate(text["characters"])}
            return torch.tensor([[numbers[c] for c in line] + [text["padding"]] * (text["length"] - len(line)) for line in rows],
                                dtype=torch.float32)
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


def read_lines(path):
    """Lines of text."""
    with open(path, encoding="utf-8") as file:
        return file.read().split("\n")[:-1]


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: python3 load_ebm.py MODEL ROWS [CLASS]")
    model = load(sys.argv[1])
    read = read_lines if model.description["rows"]["text"] else read_csv
    with torch.no_grad():
        states = model.states(read(sys.argv[2]))
        energies = model.energy(states, torch.full((len(states),), int(sys.argv[3])) if len(sys.argv) == 4 else None)
    print("row,energy")
    for row, energy in enumerate(energies.tolist(), 1):
        print(f"{row},{energy:.9g}")
