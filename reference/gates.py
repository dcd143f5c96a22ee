"""Gates: the smallest pieces of a computational graph (CS231n, lecture 4).

Every gate works on scalars and on arrays alike. ``forward`` keeps what ``backward`` needs;
``backward`` multiplies the upstream gradient with the gate's local gradient.
"""

import numpy as np


class AddGate:
    """z = x + y, the gradient distributor."""

    def forward(self, x, y):
        """Add: z = x + y."""
        return x + y

    def backward(self, dz):
        """Distribute: dz/dx = dz/dy = 1, so both arguments receive the upstream gradient."""
        dx = 1.0 * dz
        dy = 1.0 * dz
        return dx, dy


class MultiplyGate:
    """z = x * y, the gradient switcher."""

    def forward(self, x, y):
        """Multiply: z = x * y; keep both factors."""
        self.x = x
        self.y = y
        return x * y

    def backward(self, dz):
        """Switch: dz/dx = y and dz/dy = x."""
        dx = self.y * dz
        dy = self.x * dz
        return dx, dy


class MaxGate:
    """z = max(x, y), the gradient router."""

    def forward(self, x, y):
        """Take the larger: z = max(x, y); keep both to know which one won."""
        self.x = x
        self.y = y
        return np.maximum(x, y)

    def backward(self, dz):
        """Route: the larger argument receives everything, at a tie y does."""
        dx = np.greater(self.x, self.y) * dz
        dy = np.less_equal(self.x, self.y) * dz
        return dx, dy


def max_kinks(x, y):
    """The router switches where x - y changes sign."""
    return x - y


class ExpGate:
    """z = exp(x)."""

    def forward(self, x):
        """Exponentiate; keep the output, which is its own derivative."""
        self.z = np.exp(x)
        return self.z

    def backward(self, dz):
        """dz/dx = exp(x) = z."""
        return self.z * dz


class ReciprocalGate:
    """z = 1 / x, for x other than 0."""

    def forward(self, x):
        """Invert: z = 1 / x."""
        self.x = x
        return 1.0 / x

    def backward(self, dz):
        """dz/dx = -1 / x^2."""
        return -1.0 / (self.x * self.x) * dz


class ScaleGate:
    """z = a * x with a constant a."""

    def __init__(self, a):
        self.a = a

    def forward(self, x):
        """Scale: z = a * x."""
        return self.a * x

    def backward(self, dz):
        """dz/dx = a."""
        return self.a * dz


class ShiftGate:
    """z = c + x with a constant c."""

    def __init__(self, c):
        self.c = c

    def forward(self, x):
        """Shift: z = c + x."""
        return self.c + x

    def backward(self, dz):
        """dz/dx = 1, whatever c is."""
        return 1.0 * dz


class SigmoidGate:
    """s = 1 / (1 + exp(-x)), four gates of the sigmoid neuron fused into one."""

    def forward(self, x):
        """Squash: s = 1 / (1 + exp(-x)); keep the output."""
        self.s = 1.0 / (1.0 + np.exp(-x))
        return self.s

    def backward(self, ds):
        """ds/dx = (1 - s) s."""
        return (1.0 - self.s) * self.s * ds


class ReLUGate:
    """z = max(0, x)."""

    def forward(self, x):
        """Rectify: z = max(0, x)."""
        self.x = x
        return np.maximum(0.0, x)

    def backward(self, dz):
        """dz/dx = 1 where x > 0, else 0: the sign of the input decides, not that of dz."""
        return np.greater(self.x, 0.0) * dz


def relu_kinks(x):
    """The ReLU bends where x changes sign."""
    return x


class SquaredNormGate:
    """f = sum_i q_i^2, a vector in and a scalar out."""

    def forward(self, q):
        """Sum the squares of q, shape [D]."""
        self.q = q
        return np.sum(q * q)

    def backward(self, df):
        """df/dq_i = 2 q_i, shape [D]."""
        return 2.0 * self.q * df
