"""At a tie both arguments receive half: a valid subgradient too."""

import numpy as np


class MaxGate:
    def forward(self, x, y):
        self.first = np.heaviside(np.subtract(x, y), 0.5)
        return np.maximum(x, y)

    def backward(self, dz):
        return dz * self.first, dz * (1.0 - self.first)
