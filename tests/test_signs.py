"""Reading a source for signs that gradients were not derived by hand, without running it."""

from __future__ import annotations

import textwrap

import pytest

from grader.worker.signs import LIBRARIES, libraries_in, signs_in

GATE = {"forward": "G.forward", "backward": "G.backward"}
PAIR = {"forward": "f_forward", "backward": "f_backward"}
LOSS = {"forward": "loss"}

IMPORTS: dict[str, list[tuple[str, int]]] = {
    "import torch": [("torch", 1)],
    "import torch.nn.functional as F": [("torch", 1)],
    "import numpy as np, jax": [("jax", 1)],
    "from jax import grad": [("jax", 1)],
    "from jax.numpy import sum": [("jax", 1)],
    "import autograd.numpy as np\nfrom autograd import grad": [("autograd", 1)],
    "x = 1\n\ndef f():\n    from tensorflow.python import ops": [("tensorflow", 4)],
    "try:\n    import torch\nexcept ImportError:\n    torch = None": [("torch", 2)],
    "t = __import__('torch')": [("torch", 1)],
    "import importlib\nt = importlib.import_module('torch.autograd')": [("torch", 2)],
    "from importlib import import_module\nt = import_module('jax')": [("jax", 2)],
    "import sympy\nimport torch": [("sympy", 1), ("torch", 2)],
    # what only looks so
    "import numpy as np": [],
    "import torchlight": [],
    "from . import torch": [],
    "from .jax import grad": [],
    "# import torch\n'import torch'": [],
    "torch = 3\ntorch.grad": [],
    "name = 'torch'\n__import__(name)": [],
    "__import__('numpy')": [],
    "import_module(b'torch')": [],
    "__import__()": [],
}


@pytest.mark.parametrize("source", IMPORTS)
def test_libraries(source: str) -> None:
    """Each way of importing such a library is found with its line, and no other word is."""
    assert libraries_in(source) == IMPORTS[source]


@pytest.mark.parametrize("name", LIBRARIES)
def test_every_library(name: str) -> None:
    """Every library is found by its name, unless the submission has a module of that name."""
    assert libraries_in(f"\nfrom {name}.x import y") == [(name, 2)]
    assert libraries_in(f"import {name}", {name}) == []


# The body of backward (or of the loss), what stands before the class, and the signs.
SIGNS: dict[str, tuple[str, str, list[str]]] = {
    "a formula": ("return self.y * dz, self.x * dz", "", []),
    "numpy": ("return np.sum(np.exp(self.x) * dz)", "", []),
    "a helper": ("return helper(dz)", "def helper(dz):\n    return dz", []),
    "a method": ("return self.other(dz)", "", []),
    "a lambda": ("f = lambda a: a * dz\nreturn f(1) - f(2)", "", []),
    "points of a plane": (
        "z = np.exp(1j * self.x) * dz\nreturn np.array([z.real, z.imag])", "", []),
    "a sine": ("return np.exp(1j * self.x).imag * dz", "", []),
    "complex numbers alone": ("return np.fft.ifft(1j * np.fft.fft(dz)).real", "", []),
    "an imaginary part alone": ("return np.fft.fft(dz).imag", "", []),
    "its words in a comment": ("# forward(x + h) - forward(x - h)\nreturn dz", "", []),
    "forward again": ("s = self.forward(self.x)\nreturn s * (1 - s) * dz", "", ["forward"]),
    "the square of forward": ("s = self.forward(self.x)\nreturn (s - s * s) * dz", "", ["forward"]),
    "two equal forwards": (
        "return (self.forward(self.x) - self.forward(self.x) ** 2) * dz", "", ["forward"]),
    "entry by entry": (
        ("dx = np.zeros(3)\nfor i in range(3):\n    s = self.forward(self.x[i])\n"
        "    dx[i] = s - self.forward(self.x[i]) ** 2\nreturn dx"), "", ["forward"]),
    "through a helper": (
        "return helper(self, dz)", "def helper(g, dz):\n    return g.forward(1) * dz", ["forward"]),
    "central": (
        "h = 1e-5\nreturn (self.forward(self.x + h) - self.forward(self.x - h)) / (2 * h) * dz",
        "", ["forward", "difference"]),
    "one-sided": (
        "h = 1e-5\nreturn (self.forward(self.x + h) - self.forward(self.x)) / h * dz",
        "", ["forward", "difference"]),
    "in place": (
        ("for i in range(3):\n    x[i] += h\n    p = np.sum(self.forward(x) * dz)\n"
        "    x[i] -= 2 * h\n    m = np.sum(self.forward(x) * dz)\n    g[i] = (p - m) / 2 / h\n"
        "return g"), "", ["forward", "difference"]),
    "two at once, which could be either": (
        "p, q = self.forward(x + h), self.forward(x - h)\nd = p - q\nreturn d / h", "",
        ["forward"]),
    "in a helper": (
        "return slope(self, dz)",
        "def slope(g, dz):\n    return (g.forward(g.x + 1) - g.forward(g.x - 1)) / 2 * dz",
        ["forward", "difference"]),
    "two helpers deep": (
        "return one(self)",
        "def one(g):\n    return two(g)\ndef two(g):\n    return g.forward(1) - g.forward(2)",
        ["forward", "difference"]),
    "helpers in a circle": (
        "return one(self)", "def one(g):\n    return two(g)\ndef two(g):\n    return one(g)", []),
    "complex step": (
        "return self.forward(self.x + 1e-20j).imag / 1e-20 * dz", "", ["forward", "complex"]),
    "complex step of a constant": (
        "return self.forward(self.x + STEP * 1j).imag / STEP", "STEP = 1e-30",
        ["forward", "complex"]),
    "complex step, numpy": (
        "return np.imag(np.exp(self.x + complex(0, 1e-20))) * 1e20 * dz", "", ["complex"]),
}  # fmt: skip


def gate(body: str, before: str = "") -> str:
    """Return a module with a gate of this backward."""
    return (
        f"import numpy as np\n{before}\n\nclass G:\n    def forward(self, x):\n"
        "        self.x = x\n        return x\n\n    def other(self, dz):\n        return dz\n\n"
        f"    def backward(self, dz):\n{textwrap.indent(body, ' ' * 8)}\n"
    )


@pytest.mark.parametrize("name", SIGNS)
def test_signs_of_a_gate(name: str) -> None:
    """What backward does with forward and complex numbers is seen through helpers, and no more."""
    body, before, expected = SIGNS[name]
    assert signs_in(gate(body, before), GATE) == expected


def test_signs_of_a_pair() -> None:
    """In a pair of functions forward is the other one."""
    source = "def f_forward(x):\n    return x, x\n\n\ndef f_backward(dout, cache):\n    return {}\n"
    assert signs_in(source.format("dout"), PAIR) == []
    assert signs_in(source.format("f_forward(cache)[0] * dout"), PAIR) == ["forward"]
    central = "(f_forward(cache + 1)[0] - f_forward(cache - 1)[0]) / 2 * dout"
    assert signs_in(source.format(central), PAIR) == ["forward", "difference"]


def test_signs_of_a_loss() -> None:
    """A loss that calls itself goes through itself."""
    source = "def loss(W, n=1):\n    {}\n    return W, W\n"
    assert signs_in(source.format("W = W * 2"), LOSS) == []
    again = "dW = loss(W + 1, 0)[0] - loss(W - 1, 0)[0]"
    assert signs_in(source.format(again), LOSS) == ["forward", "difference"]


def test_signs_of_a_network() -> None:
    """A method `loss` may call its result so; to call itself is something else."""
    source = (
        "class N:\n    def loss(self, X):\n        loss = X + 1\n        {}\n        return loss\n"
    )
    assert signs_in(source.format("loss = loss - 1"), {"forward": "N.loss"}) == []
    again = "dW = self.loss(X + 1) - self.loss(X - 1)"
    assert signs_in(source.format(again), {"forward": "N.loss"}) == ["forward", "difference"]


@pytest.mark.parametrize("source", ["", "G = 3", "class G:\n    backward = forward = abs"])
def test_nothing_to_read(source: str) -> None:
    """A target that is no function of this file has no signs."""
    assert signs_in(source, GATE) == []
