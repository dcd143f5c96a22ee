"""A node is an object that knows its inputs and counts its users; all gradients are returned."""

from collections import defaultdict, deque


class Node:
    __slots__ = ("name", "gate", "inputs", "users", "value", "grad")

    def __init__(self, name, gate=None):
        self.name, self.gate = name, gate
        self.inputs, self.users = [], []
        self.value = self.grad = None


class ComputationalGraph:
    def __init__(self, gates):
        self.nodes = {name: Node(name, gate) for name, gate, _ in gates}
        for name, _, inputs in gates:
            for source in inputs:
                # a name without a gate is a leaf
                self.nodes.setdefault(source, Node(source))
                self.nodes[name].inputs.append(self.nodes[source])
                self.nodes[source].users.append(self.nodes[name])

    def visit(self, neighbours, run):
        # every node once, after all of its neighbours on the other side
        before, after = neighbours
        missing = {n.name: len(getattr(n, before)) for n in self.nodes.values()}
        ready = deque(n for n in self.nodes.values() if not missing[n.name])
        while ready:
            node = ready.popleft()
            run(node)
            for other in getattr(node, after):
                missing[other.name] -= 1
                if missing[other.name] == 0:
                    ready.append(other)

    def forward(self, leaves):
        self.leaves = dict(leaves)

        def run(node):
            if node.gate is None:
                node.value = self.leaves[node.name]
            else:
                node.value = node.gate.forward(*(i.value for i in node.inputs))

        self.visit(("inputs", "users"), run)
        (self.end,) = (n for n in self.nodes.values() if not n.users)
        return self.end.value

    def backward(self, df):
        for node in self.nodes.values():
            node.grad = 0.0
        self.end.grad = df

        def run(node):
            if node.gate is not None:
                for source, grad in zip(node.inputs, node.gate.backward(node.grad)):
                    source.grad += grad

        self.visit(("users", "inputs"), run)
        grads = defaultdict(float, {n.name: n.grad for n in self.nodes.values()})
        for name in self.leaves:
            grads[name] += 0.0
        return grads
