"""A computational graph that runs its gates forward and backward (CS231n, lecture 4).

Forward goes through the gates in topological order, backward in the reverse order. Where a value
is used twice its gradients add.
"""


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
