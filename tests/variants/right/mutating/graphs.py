"""Eats up the list of gates and the dict of leaves; pushes gradients as soon as they are whole."""


class ComputationalGraph:
    def __init__(self, gates):
        self.given = gates
        self.nodes = {}

    def forward(self, leaves):
        while self.given:
            name, gate, inputs = self.given.pop()
            self.nodes[name] = gate, inputs
        self.leaves = sorted(leaves)
        self.uses = {}
        values = leaves
        stack = list(self.nodes)
        while stack:
            name = stack[-1]
            if name in values:
                stack.pop()
                continue
            gate, inputs = self.nodes[name]
            missing = [i for i in inputs if i not in values]
            if missing:
                stack.extend(missing)
            else:
                values[name] = gate.forward(*[values.__getitem__(i) for i in inputs])
        for _, inputs in self.nodes.values():
            for source in inputs:
                self.uses[source] = self.uses.get(source, 0) + 1
        (self.top,) = [name for name in self.nodes if name not in self.uses]
        return values.pop(self.top)

    def backward(self, df):
        left = dict(self.uses)
        grads = {self.top: df}
        whole = [self.top]
        while whole:
            gate, inputs = self.nodes[whole[-1]]
            for source, grad in zip(inputs, gate.backward(grads.pop(whole.pop()))):
                grads[source] = grads[source] + grad if source in grads else grad
                left[source] -= 1
                if left[source] == 0 and source in self.nodes:
                    whole.append(source)
        for name in self.leaves:
            grads.setdefault(name, 0)
        return grads
