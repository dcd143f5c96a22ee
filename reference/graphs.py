"""A computational graph that runs its gates forward and backward (CS231n, lecture 4).

Forward goes through the gates in topological order, backward in the reverse order. Where a value
is used twice its gradients add.
"""

import numpy as np


def topologically_sorted(gates):
    """Return the gates so that every gate comes after those it takes its inputs from.

    Kahn, Topological sorting of large networks, CACM 5 (1962): without recursion, so that a chain
    of thousands of gates is no problem.
    """
    names = {name for name, _, _ in gates}
    waiting = {name: len([i for i in inputs if i in names]) for name, _, inputs in gates}
    users = {}
    for node in gates:
        for source in node[2]:
            users.setdefault(source, []).append(node)
    ready = [node for node in gates if waiting[node[0]] == 0]
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        for user in users.get(node[0], []):
            waiting[user[0]] -= 1
            if waiting[user[0]] == 0:
                ready.append(user)
    return order


class ComputationalGraph:
    """Gates and how they are joined; the gate whose output nobody uses is the result."""

    def __init__(self, gates):
        """``gates`` is a list of (name, gate, names of its inputs), in any order."""
        self.order = topologically_sorted(gates)

    def forward(self, leaves):
        """``leaves`` maps names to numbers; return the output of the last gate."""
        self.leaves = list(leaves)
        values = dict(leaves)
        for name, gate, inputs in self.order:
            values[name] = gate.forward(*[values[i] for i in inputs])
        used = {i for _, _, inputs in self.order for i in inputs}
        (self.last,) = [name for name, _, _ in self.order if name not in used]
        return values[self.last]

    def backward(self, df):
        """Return the gradient of every leaf; gradients add at branches."""
        gradients = dict.fromkeys([*self.leaves, *(name for name, _, _ in self.order)], 0.0)
        gradients[self.last] = df
        for name, gate, inputs in reversed(self.order):
            for source, gradient in zip(inputs, gate.backward(gradients[name]), strict=True):
                gradients[source] = gradients[source] + gradient
        return {name: gradients[name] for name in self.leaves}


LEAVES = 3  # x, y, z are the numbers 0, 1, 2; gates have the numbers 3, 4, ...
SUBTRACT, ARCTAN, SINE_PRODUCT = 0, 1, 2

# (gate, own number, inputs...); -1 stands for no second input.
CHAIN = [(SINE_PRODUCT, 3, 0, 1), (SUBTRACT, 4, 3, 2), (ARCTAN, 5, 4, -1), (ARCTAN, 6, 5, -1)]
LEAF_TWICE = [(SUBTRACT, 3, 0, 1), (SINE_PRODUCT, 4, 3, 0), (SUBTRACT, 5, 4, 2)]
FAN_OUT = [
    (SINE_PRODUCT, 3, 0, 1),
    (ARCTAN, 4, 3, -1),
    (SUBTRACT, 5, 3, 2),
    (SINE_PRODUCT, 6, 3, 4),
    (SUBTRACT, 7, 6, 5),
]
DIAMOND = [
    (SUBTRACT, 3, 0, 1),
    (ARCTAN, 4, 3, -1),
    (SINE_PRODUCT, 5, 3, 2),
    (SUBTRACT, 6, 4, 5),
]
INNER_TWICE = [(SINE_PRODUCT, 3, 0, 1), (SINE_PRODUCT, 4, 3, 3), (SUBTRACT, 5, 4, 2)]
SHAPES = {
    "chain": CHAIN,
    "fan_out": FAN_OUT,
    "diamond": DIAMOND,
    "leaf_twice": LEAF_TWICE,
    "inner_twice": INNER_TWICE,
}
DEEP = 5000


def draw_graph(rng, kind, _values):
    """Return the wiring of a case: a shape of its own for each sub-case, else a random graph."""
    if kind == "deep":
        gates = deep_graph(rng)
    elif kind in SHAPES:
        gates = SHAPES[kind]
    else:
        gates = random_graph(rng)
    return {"gates": shuffled(rng, gates)}


def random_graph(rng):
    """Every new gate takes the newest value and any other, so that all of them are used."""
    gates = [(SUBTRACT, 3, 0, 1), (SINE_PRODUCT, 4, 3, 2)]
    for number in range(5, 5 + int(rng.integers(3, 8))):
        other = int(rng.integers(number - 1))
        pair = [number - 1, other] if rng.random() < 0.5 else [other, number - 1]
        kind = int(rng.choice([SUBTRACT, SINE_PRODUCT]))
        gates.append((kind, number, *pair))
    last = gates[-1][1]
    return [*gates, (ARCTAN, last + 1, last, -1)]


def deep_graph(rng):
    """Subtract leaves one after the other: as deep as there are gates, and no value explodes."""
    gates = [(SINE_PRODUCT, 3, 0, 1)]
    leaves = rng.integers(LEAVES, size=DEEP - 1)
    gates += [(SUBTRACT, number, number - 1, leaf) for number, leaf in enumerate(leaves, 4)]
    return gates


def shuffled(rng, gates):
    """Return the gates as rows of whole numbers, in no particular order."""
    return np.array(gates, dtype=np.int64)[rng.permutation(len(gates))]
