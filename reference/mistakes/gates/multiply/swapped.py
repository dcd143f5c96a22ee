"""The gradients stand in the wrong order: a gate switches its factors."""


class MultiplyGate:
    def forward(self, x, y):
        self.x = x
        self.y = y
        return x * y

    def backward(self, dz):
        return dz * self.x, dz * self.y
