"""Everything in float32."""

from graphlib import TopologicalSorter

import numpy as np


class ComputationalGraph:
    def __init__(self, gates):
        self.gates = {name: (gate, inputs) for name, gate, inputs in gates}
        sorter = TopologicalSorter({name: inputs for name, (_, inputs) in self.gates.items()})
        self.order = [name for name in sorter.static_order() if name in self.gates]

    def forward(self, leaves):
        self.values = {name: np.float32(value) for name, value in leaves.items()}
        self.leaves = list(leaves)
        for name in self.order:
            gate, inputs = self.gates[name]
            self.values[name] = np.float32(gate.forward(*(self.values[i] for i in inputs)))
        return float(self.values[self.order[-1]])

    def backward(self, df):
        grads = {name: np.float32(0) for name in self.values}
        grads[self.order[-1]] = np.float32(df)
        for name in reversed(self.order):
            gate, inputs = self.gates[name]
            for source, grad in zip(inputs, gate.backward(grads[name])):
                grads[source] += np.float32(grad)
        return {name: float(grads[name]) for name in self.leaves}
