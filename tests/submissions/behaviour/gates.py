import os

import numpy as np


class Right:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return dz * self.y, (dz * self.x).sum(axis=0)


class GateA:
    cache = {}

    def forward(self, x, y):
        self.cache["x"], self.cache["y"] = x, y
        return x * y

    def backward(self, dz):
        return dz * self.cache["y"], (dz * self.cache["x"]).sum(axis=0)


class GateB(Right):
    def forward(self, x, y):
        if not hasattr(self, "x"):
            super().forward(x, y)
        return x * y


class GateC(Right):
    def backward(self, dz):
        dx, dy = super().backward(dz)
        return dx * (1 + 1e-6 * int.from_bytes(os.urandom(4), "big") / 2**32), dy


class GateD(Right):
    def forward(self, x, y):
        return super().forward(x, y) * (1 + 1e-7 * np.random.rand())


class GateE(Right):
    def backward(self, dz):
        dz *= self.x
        dy = dz.sum(axis=0)
        dz /= self.x
        dz *= self.y
        return dz, dy


class GateF(Right):
    def forward(self, x, y):
        z = super().forward(x.copy(), y)
        x *= y
        return z
