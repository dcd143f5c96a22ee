"""At a tie the first argument receives everything."""

import numpy as np


class MaxGate:
    def forward(self, x, y):
        self.first = np.greater_equal(x, y)
        return np.maximum(x, y)

    def backward(self, dz):
        return np.where(self.first, dz, 0.0), np.where(self.first, 0.0, dz)
