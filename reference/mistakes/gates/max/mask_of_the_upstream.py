"""The sign of the upstream gradient decides, where the inputs must."""

import numpy as np


class MaxGate:
    def forward(self, x, y):
        self.first = x > y
        return np.maximum(x, y)

    def backward(self, dz):
        return dz * np.greater(dz, 0), dz * np.less_equal(dz, 0)
