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
SUBTRACT, ARCTAN, SINE_PRODUCT, ONCE, NEGATE = 0, 1, 2, 3, 4

# (gate, own number, inputs...); -1 stands for no second input.
CHAIN = [(SINE_PRODUCT, 3, 0, 1), (SUBTRACT, 4, 3, 2), (ARCTAN, 5, 4, -1), (ARCTAN, 6, 5, -1)]
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
LEAF_TWICE = [(SUBTRACT, 3, 0, 1), (SINE_PRODUCT, 4, 3, 0), (SUBTRACT, 5, 4, 2)]
# The users of gate 3 are two and five gates away from the result.
INNER_TWICE = [
    (SINE_PRODUCT, 3, 0, 1),
    (ARCTAN, 4, 3, -1),
    (SUBTRACT, 5, 4, 2),
    (ARCTAN, 6, 5, -1),
    (SINE_PRODUCT, 7, 6, 3),
    (ARCTAN, 8, 7, -1),
]
SAME_INPUT = [
    (SINE_PRODUCT, 3, 0, 0),
    (SUBTRACT, 4, 3, 1),
    (SINE_PRODUCT, 5, 4, 4),
    (SUBTRACT, 6, 5, 2),
]
UNUSED_LEAF = [(SINE_PRODUCT, 3, 0, 1), (ARCTAN, 4, 3, -1)]
RUN_ONCE = [
    (SUBTRACT, 3, 0, 1),
    (ONCE, 4, 3, 2),
    (ARCTAN, 5, 4, -1),
    (ONCE, 6, 5, 4),
    (SUBTRACT, 7, 6, 4),
]
SHAPES = {
    "chain": CHAIN,
    "fan_out": FAN_OUT,
    "diamond": DIAMOND,
    "leaf_twice": LEAF_TWICE,
    "inner_twice": INNER_TWICE,
    "same_input": SAME_INPUT,
    "unused_leaf": UNUSED_LEAF,
    "once": RUN_ONCE,
}
DEEP = 1200
DIAMONDS = 40


def draw_graph(rng, kind, _values):
    """Return the wiring of a case: a shape of its own for each sub-case, else a random graph."""
    if kind == "deep":
        gates = deep_graph()
    elif kind == "ladder":
        gates = ladder()
    else:
        gates = SHAPES.get(kind) or random_graph(rng)
    rows = renumbered(rng, np.array(gates, dtype=np.int64))
    if kind == "reversed":
        rows = rows[::-1]
    if kind == "deep":
        rows = rows[ends_first(rng, len(rows))]
    while kind not in ("in_order", "reversed") and is_in_order(rows):
        rows = rows[rng.permutation(len(rows))]
    return {"gates": rows}


def random_graph(rng):
    """Every new gate takes the newest value and another, so that all of them are used.

    Differences and products take turns, since differences of differences could cancel. One factor
    of a product is a leaf, so that no value becomes tiny.
    """
    gates = [(SUBTRACT, 3, 0, 1)]
    for number in range(4, 4 + int(rng.integers(4, 9))):
        if gates[-1][0] == SUBTRACT:
            kind, other = SINE_PRODUCT, 2 if number == 4 else int(rng.integers(LEAVES))
        else:
            kind, other = SUBTRACT, int(rng.integers(number - 1))
        gates.append((kind, number, *either_way(rng, number - 1, other)))
    last = gates[-1][1]
    return [*gates, (ARCTAN, last + 1, last, -1)]


def deep_graph():
    """Return a chain of more gates than Python allows calls inside one another.

    Negations lose no digits, in single precision neither, however many there are.
    """
    gates = [(SINE_PRODUCT, 3, 0, 1)]
    gates += [(NEGATE, number, number - 1, -1) for number in range(4, 2 + DEEP)]
    return [*gates, (SUBTRACT, 2 + DEEP, 1 + DEEP, 2)]


def ends_first(rng, count):
    """Return an order in which recursion along a chain cannot stay shallow by luck.

    From the middle on, in any direction, it would need half of the calls, and the rest later.
    """
    middle = 2 + rng.permutation(count - 4)
    return [count - 1, 0, *middle, 1, count - 2]


def ladder():
    """Diamonds one behind the other: the next v is (leaf - v) - arctan(v).

    The gradient of v is -1 - 1 / (1 + v^2): nothing cancels at a fork, and nothing explodes, since
    v grows. Its sign changes at every diamond, so a leaf is used at every second one only.
    """
    gates = [(SINE_PRODUCT, 3, 0, 1)]
    for count in range(DIAMONDS):
        v = gates[-1][1]
        leaf = 2 if count % 2 else count // 2 % 2
        gates += [
            (SUBTRACT, v + 1, leaf, v),
            (ARCTAN, v + 2, v, -1),
            (SUBTRACT, v + 3, v + 1, v + 2),
        ]
    return gates


def either_way(rng, one, other):
    """Return two inputs in any order."""
    return (one, other) if rng.random() < 0.5 else (other, one)


def renumbered(rng, rows):
    """Give leaves and gates other numbers, so that none of them says anything about the order."""
    leaves, count = rng.permutation(LEAVES), len(rows)
    # The last entry stands for -1, no input.
    new = np.concatenate([leaves, LEAVES + rng.permutation(count), [-1]])
    return np.column_stack([rows[:, 0], new[rows[:, 1:]]])


def is_in_order(rows):
    """Return True when every gate stands behind the gates it depends on, so nothing is to sort."""
    place = {int(row[1]): index for index, row in enumerate(rows)}
    return all(place.get(int(i), -1) < index for index, row in enumerate(rows) for i in row[2:])
