"""Nearly equal arguments share the gradient, as if the kink were wide."""

import numpy as np


class MaxGate:
    def forward(self, x, y):
        self.share = np.clip(0.5 + (x - y) / 2e-3, 0.0, 1.0)
        return np.maximum(x, y)

    def backward(self, dz):
        return dz * self.share, dz * (1.0 - self.share)
