"""The smaller argument receives the gradient."""

import numpy as np


class MaxGate:
    def forward(self, x, y):
        self.first = x < y
        return np.maximum(x, y)

    def backward(self, dz):
        return dz * self.first, dz * np.logical_not(self.first)
