"""The graph as the lecture draws it."""

import numpy as np


class ComputationalGraph:
    def __init__(self, gates):
        self.gates = list(gates)

    def nodes_topologically_sorted(self):
        done = set(self.values)
        waiting = {}
        open_inputs = {}
        for node in self.gates:
            open_inputs[node[0]] = 0
            for name in node[2]:
                if name not in done:
                    waiting.setdefault(name, []).append(node)
                    open_inputs[node[0]] += 1
        ready = [node for node in self.gates if open_inputs[node[0]] == 0]
        order = []
        while ready:
            node = ready.pop(0)
            order.append(node)
            for user in waiting.get(node[0], []):
                open_inputs[user[0]] -= 1
                if open_inputs[user[0]] == 0:
                    ready.append(user)
        return order

    def forward(self, leaves):
        self.leaves = list(leaves)
        self.values = dict(leaves)
        self.order = self.nodes_topologically_sorted()
        for name, gate, inputs in self.order:
            self.values[name] = gate.forward(*[self.values[i] for i in inputs])
        return self.values[self.order[-1][0]]

    def backward(self, df):
        grads = dict.fromkeys(self.values, 0.0)
        grads[self.order[-1][0]] = df
        for name, gate, inputs in reversed(self.order):
            for source, grad in zip(inputs, gate.backward(grads[name])):
                grads[source] += grad
        return {name: grads[name] for name in self.leaves}
