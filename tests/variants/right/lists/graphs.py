"""Everything in lists by position, sorted depth first with a stack of its own."""

import numpy as np


class ComputationalGraph:
    def __init__(self, gates):
        self.place = {name: k for k, (name, _, _) in enumerate(gates)}
        self.gate = [gate for _, gate, _ in gates]
        self.inputs = [list(inputs) for _, _, inputs in gates]
        self.order = []
        seen = [False] * len(gates)
        for start in range(len(gates)):
            stack = [(start, False)]
            while stack:
                k, is_done = stack.pop()
                if is_done:
                    self.order.append(k)
                elif not seen[k]:
                    seen[k] = True
                    stack.append((k, True))
                    stack += [(self.place[i], False) for i in self.inputs[k] if i in self.place]

    def forward(self, leaves):
        self.leaves = list(leaves)
        out = [None] * len(self.gate)
        for k in self.order:
            args = [out[self.place[i]] if i in self.place else leaves[i] for i in self.inputs[k]]
            out[k] = self.gate[k].forward(*args)
        return [out[self.order[-1]]]

    def backward(self, df):
        grads = [0.0] * len(self.gate)
        of_leaves = [0] * len(self.leaves)
        grads[self.order[-1]] = df
        for k in self.order[::-1]:
            for source, grad in zip(self.inputs[k], self.gate[k].backward(grads[k])):
                if source in self.place:
                    grads[self.place[source]] += grad
                else:
                    of_leaves[self.leaves.index(source)] += grad
        return dict(zip(self.leaves, map(np.asarray, of_leaves)))
