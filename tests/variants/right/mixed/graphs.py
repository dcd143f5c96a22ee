"""Recursion with a memory, and room for as many calls as there are gates."""

import sys


class ComputationalGraph:
    def __init__(self, gates):
        self.gates = {name: (gate, inputs) for name, gate, inputs in gates}
        used = {i for _, inputs in self.gates.values() for i in inputs}
        (self.result,) = self.gates.keys() - used

    def deeply(self, function, name):
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(limit + 10 * len(self.gates))
        try:
            return function(name)
        finally:
            sys.setrecursionlimit(limit)

    def value(self, name):
        if name not in self.values:
            gate, inputs = self.gates[name]
            self.values[name] = gate.forward(*map(self.value, inputs))
        return self.values[name]

    def gradient(self, name):
        if name not in self.gradients:
            # what each place that uses it sends back
            self.gradients[name] = sum(self.sent_by(u)[k] for u, k in self.users.get(name, ()))
        return self.gradients[name]

    def sent_by(self, name):
        if name not in self.sent:
            self.sent[name] = self.gates[name][0].backward(self.gradient(name))
        return self.sent[name]

    def forward(self, leaves):
        self.leaves = leaves
        self.values = dict(leaves)
        return self.deeply(self.value, self.result)

    def backward(self, df):
        self.users = {}
        for name, (_, inputs) in self.gates.items():
            for k, source in enumerate(inputs):
                self.users.setdefault(source, []).append((name, k))
        self.gradients, self.sent = {self.result: df}, {}
        return {name: self.deeply(self.gradient, name) for name in self.leaves}
