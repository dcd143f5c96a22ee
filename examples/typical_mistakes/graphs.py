# Exercise 5, computational graph

class ComputationalGraph:
    def __init__(self, gates):
        self.gates = {name: (gate, inputs) for name, gate, inputs in gates}
        self.order = []
        for name in self.gates:
            self.visit(name)

    def visit(self, name):
        # depth first: first the inputs, then the gate itself
        if name in self.order or name not in self.gates:
            return
        gate, inputs = self.gates[name]
        for i in inputs:
            self.visit(i)
        self.order.append(name)

    def forward(self, leaves):
        self.leaves = leaves
        self.values = dict(leaves)
        for name in self.order:
            gate, inputs = self.gates[name]
            self.values[name] = gate.forward(*[self.values[i] for i in inputs])
        return self.values[self.order[-1]]

    def backward(self, df):
        grads = {name: 0 for name in self.values}
        grads[self.order[-1]] = df
        for name in reversed(self.order):
            gate, inputs = self.gates[name]
            for i, grad in zip(inputs, gate.backward(grads[name])):
                grads[i] = grad
        return {name: grads[name] for name in self.leaves}
