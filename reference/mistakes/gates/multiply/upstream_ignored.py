"""The local gradients are returned without the upstream gradient."""


class MultiplyGate:
    def forward(self, x, y):
        self.x = x
        self.y = y
        return x * y

    def backward(self, dz):
        return self.y, self.x
