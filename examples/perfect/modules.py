"""Modules: objects that keep their parameters and the gradients of these.

Torch 7 (``updateOutput``, ``updateGradInput``, ``accGradParameters``) adds to the gradients of
parameters until they are set to 0; Deep Learning from Scratch and CMU 11-785 overwrite them.
"""

import numpy as np


class MulConstant:
    """out = a x, as nn.MulConstant of Torch 7; in place it needs no memory of its own."""

    def __init__(self, a, in_place):
        """``a = 0`` cannot be undone, so it is refused in place."""
        if isinstance(a, np.ndarray) or not isinstance(a, (int, float, np.number)):
            raise TypeError("a must be a number")
        if not isinstance(in_place, bool):
            raise TypeError("in_place must be True or False")
        if in_place and a == 0:
            raise ValueError("a = 0 cannot be undone in place")
        self.a = a
        self.in_place = in_place

    def updateOutput(self, x):
        """``out = a x``."""
        if not self.in_place:
            return x * self.a
        x *= self.a
        return x

    def updateGradInput(self, x, dout):
        """``dx = a dout``; in place x gets its old values back."""
        if not self.in_place:
            return dout * self.a
        x /= self.a
        dout *= self.a
        return dout


class Linear:
    """out = x weight^T + bias, as nn.Linear of Torch 7: weight [M, D], bias [M]."""

    def __init__(self, weight, bias):
        """Parameters are attributes, which may be replaced."""
        self.weight = weight
        self.bias = bias

    def updateOutput(self, x):
        """``out = x weight^T + bias`` with x [N, D], out [N, M]."""
        return x @ self.weight.T + self.bias

    def updateGradInput(self, _x, dout):
        """``dx = dout weight``."""
        return dout @ self.weight

    def accGradParameters(self, x, dout):
        """Add ``dout^T x`` and the sum of dout over the batch."""
        self.gradWeight = self.gradWeight + dout.T @ x
        self.gradBias = self.gradBias + np.sum(dout, axis=0)

    def zeroGradParameters(self):
        """Start to add up anew."""
        self.gradWeight = np.zeros_like(self.weight)
        self.gradBias = np.zeros_like(self.bias)


class Affine:
    """out = x W + b, as in Deep Learning from Scratch: W [D, M], b [M]."""

    def __init__(self, W, b):
        """Keep the parameters."""
        self.W = W
        self.b = b

    def forward(self, x):
        """``out = x W + b`` with x [N, D], out [N, M]."""
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        """``dx = dout W^T``; ``dW = x^T dout`` and ``db`` (the sum over the batch) stay here."""
        self.dW = self.x.T @ dout
        self.db = np.sum(dout, axis=0)
        return dout @ self.W.T


class ScaleShift:
    """out = BW * x + Bb, rows of shape [1, D] as in the batch normalisation of CMU 11-785."""

    def forward(self, x):
        """``out = BW * x + Bb`` with x [N, D]."""
        self.x = x
        return self.BW * x + self.Bb

    def backward(self, dout):
        """``dx = dout * BW``; the gradients of both rows are sums over the batch."""
        self.dLdBW = np.sum(dout * self.x, axis=0, keepdims=True)
        self.dLdBb = np.sum(dout, axis=0, keepdims=True)
        return dout * self.BW


class MulLayer:
    """out = x y."""

    def forward(self, x, y):
        """Keep both: each is the other's local gradient."""
        self.x = x
        self.y = y
        return x * y

    def backward(self, dout):
        """``dx = y dout``, ``dy = x dout``."""
        return self.y * dout, self.x * dout


class AddLayer:
    """out = x + y."""

    def forward(self, x, y):
        """There is nothing to keep."""
        return x + y

    def backward(self, dout):
        """``dx = dy = dout``."""
        return dout, dout


class Fruit:
    """price = (apple n_apple + orange n_orange) tax."""

    def __init__(self):
        """Three products and a sum."""
        self.mul_apple = MulLayer()
        self.mul_orange = MulLayer()
        self.add = AddLayer()
        self.mul_tax = MulLayer()

    def forward(self, apple, n_apple, orange, n_orange, tax):
        """From the fruit to the price."""
        apple_price = self.mul_apple.forward(apple, n_apple)
        orange_price = self.mul_orange.forward(orange, n_orange)
        all_price = self.add.forward(apple_price, orange_price)
        return self.mul_tax.forward(all_price, tax)

    def backward(self, dprice):
        """And all the way back."""
        dall_price, dtax = self.mul_tax.backward(dprice)
        dapple_price, dorange_price = self.add.backward(dall_price)
        dorange, dn_orange = self.mul_orange.backward(dorange_price)
        dapple, dn_apple = self.mul_apple.backward(dapple_price)
        return dapple, dn_apple, dorange, dn_orange, dtax
