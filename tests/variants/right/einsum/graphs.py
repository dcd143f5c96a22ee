"""Local gradients first, by an upstream of 1; then the chain rule is a product and a sum."""

import numpy as np


class ComputationalGraph:
    def __init__(self, gates):
        names = {name for name, _, _ in gates}
        depth = {}
        users = {}
        for node in gates:
            depth[node[0]] = 0
            for source in set(node[2]):
                users.setdefault(source, []).append(node[0])
        # longest way from the leaves: relaxed until nothing changes, in the order of discovery
        todo = [n for n, _, inputs in gates if not names & set(inputs)]
        open_ = {n: len(names & set(inputs)) for n, _, inputs in gates}
        while todo:
            name = todo.pop()
            for user in users.get(name, []):
                depth[user] = max(depth[user], depth[name] + 1)
                open_[user] -= 1
                if not open_[user]:
                    todo.append(user)
        self.gates = sorted(gates, key=lambda node: depth[node[0]])

    def forward(self, leaves):
        self.values = {**leaves}
        self.leaves = leaves.keys()
        for name, gate, inputs in self.gates:
            self.values[name] = gate.forward(*(self.values[i] for i in inputs))
        return self.values[self.gates[-1][0]]

    def backward(self, df):
        local = {name: np.array(gate.backward(1.0)) for name, gate, _ in self.gates}
        parts = {name: [] for name in self.values}
        parts[self.gates[-1][0]].append(df)
        for name, _, inputs in self.gates[::-1]:
            total = np.einsum("i->", parts[name])
            for source, grad in zip(inputs, np.einsum("i,->i", local[name], total)):
                parts[source].append(grad)
        return {name: np.sum(parts[name]) for name in self.leaves}
