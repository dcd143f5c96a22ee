"""Gates that the cases of a graph are made of. You may import them to try your graph.

Each has `forward(*values)`, which returns a number, and `backward(dz)`, which returns a tuple
with the gradient of every argument of the last forward.
"""

import numpy as np


class Subtract:
    """z = x - y."""

    def forward(self, x, y):
        """Return the difference."""
        return x - y

    def backward(self, dz):
        """dz/dx = 1, dz/dy = -1."""
        return dz, -dz


class Arctan:
    """z = arctan(x)."""

    def forward(self, x):
        """Return an angle between -pi/2 and pi/2."""
        self.x = x
        return np.arctan(x)

    def backward(self, dz):
        """dz/dx = 1 / (1 + x^2)."""
        return (dz / (1.0 + self.x * self.x),)


class SineProduct:
    """z = x sin(y)."""

    def forward(self, x, y):
        """Return x sin(y)."""
        self.x, self.y = x, y
        return x * np.sin(y)

    def backward(self, dz):
        """dz/dx = sin(y), dz/dy = x cos(y)."""
        return np.sin(self.y) * dz, self.x * np.cos(self.y) * dz


class Negate:
    """z = -x."""

    def forward(self, x):
        """Return the opposite."""
        return -x

    def backward(self, dz):
        """dz/dx = -1."""
        return (-dz,)


class OnceSineProduct(SineProduct):
    """z = x sin(y), and it complains when a pass runs it twice.

    Gates with a memory, which count their calls or free what they saved, go wrong there silently.
    """

    def __init__(self):
        """Nothing was run yet."""
        self.is_forward_done = self.is_backward_done = False

    def forward(self, x, y):
        """Return x sin(y)."""
        if self.is_forward_done:
            raise RuntimeError("a gate was run forward twice; it must be run once")
        self.is_forward_done = True
        return super().forward(x, y)

    def backward(self, dz):
        """dz/dx = sin(y), dz/dy = x cos(y)."""
        if self.is_backward_done:
            raise RuntimeError(
                "a gate was run backward twice; add the gradients of all its users, then run it"
            )
        self.is_backward_done = True
        return super().backward(dz)


GATES = [Subtract, Arctan, SineProduct, OnceSineProduct, Negate]
