"""No list of sorted gates: forward pulls values through generators and records a tape."""


class ComputationalGraph:
    def __init__(self, gates):
        self.table = {name: (gate, tuple(inputs)) for name, gate, inputs in gates}
        self.end = (set(self.table) - {i for _, inputs in self.table.values() for i in inputs}).pop()

    def pull(self, name):
        # asks for one input after the other, then runs its gate
        gate, inputs = self.table[name]
        for i in inputs:
            if i not in self.values:
                yield i
        self.values[name] = gate.forward(*(self.values[i] for i in inputs))
        self.tape.append((name, lambda dz: tuple(zip(inputs, gate.backward(dz)))))

    def forward(self, leaves):
        self.leaves = tuple(leaves)
        self.values = {**leaves}
        self.tape = []
        stack = [self.pull(self.end)]
        while stack:
            wanted = next(stack[-1], None)
            if wanted is None:
                stack.pop()
            else:
                stack.append(self.pull(wanted))
        return self.values[self.end]

    def backward(self, df):
        terms = {self.end: [df]}
        for name, send in self.tape[::-1]:
            for source, term in send(sum(terms[name])):
                terms.setdefault(source, []).append(term)
        return {name: sum(terms.get(name, ())) for name in self.leaves}
