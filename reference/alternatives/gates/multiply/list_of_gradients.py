"""The gradients come as a list, and the factors are kept together."""

import numpy as np


class MultiplyGate:
    def forward(self, *factors):
        self.factors = factors
        return np.prod(factors, axis=0)

    def backward(self, dz):
        return [dz * other for other in reversed(self.factors)]
