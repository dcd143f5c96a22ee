"""Looks for a gate that can run again and again: slow, and right."""


class ComputationalGraph:
    def __init__(self, gates):
        self.gates = gates

    def forward(self, leaves):
        self.values = {}
        for name in leaves:
            self.values[name] = leaves[name]
        self.order = []
        waiting = list(self.gates)
        while len(waiting) > 0:
            later = []
            for node in waiting:
                name, gate, inputs = node
                ready = True
                for i in inputs:
                    if i not in self.values:
                        ready = False
                if ready:
                    self.values[name] = gate.forward(*[self.values[i] for i in inputs])
                    self.order.append(node)
                else:
                    later.append(node)
            waiting = later
        self.leaves = leaves
        return self.values[name]

    def backward(self, df):
        grads = {name: 0 for name in self.values}
        last = self.order[-1][0]
        grads[last] = df
        for k in range(len(self.order) - 1, -1, -1):
            name, gate, inputs = self.order[k]
            back = gate.backward(grads[name])
            for j in range(len(inputs)):
                grads[inputs[j]] = grads[inputs[j]] + back[j]
        answer = {}
        for name in self.leaves:
            answer[name] = grads[name]
        return answer
