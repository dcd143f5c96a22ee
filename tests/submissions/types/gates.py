import numpy as np


class Right:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return dz * self.y, (dz * self.x).sum(axis=0)


class GateA(Right):
    def forward(self, x, y):
        return super().forward(x, y).astype(object)


class GateB(Right):
    def backward(self, dz):
        dx, dy = super().backward(dz)
        return dx.astype(complex), dy


class GateC(Right):
    def backward(self, dz):
        dx, dy = super().backward(dz)
        return dx, dy.astype(np.float16)


class GateD(Right):
    def forward(self, x, y):
        with np.errstate(all="ignore"):
            return super().forward(x, y) + np.zeros(1) / 0


class GateE(Right):
    def backward(self, dz):
        dx, dy = super().backward(dz)
        return dx.astype(int), dy


class GateF(Right):
    def backward(self, dz):
        dx, dy = super().backward(dz)
        return np.ma.array(dx), np.matrix(dy)
