"""Both arguments receive the upstream gradient, as in an add gate."""

import numpy as np


class MaxGate:
    def forward(self, x, y):
        self.first = x > y
        return np.maximum(x, y)

    def backward(self, dz):
        return 1.0 * dz, 1.0 * dz
