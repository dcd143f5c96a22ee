import numpy as np


class Right:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return dz * self.y, (dz * self.x).sum(axis=0)


class GateA(Right):
    def forward(self, x, y):
        return self.forward(x, y)


class GateB(Right):
    def forward(self, x, y):
        if len(x) == 1:
            raise ValueError("only one example?")
        return super().forward(x, y)


class GateC(Right):
    def backward(self, dz):
        raise RuntimeError("\x1b[31mred\x1b[0m \x07 \u202eevil {0} {task.id} %s %d\n\nsecond line")


class GateD(Right):
    def backward(self, dz):
        raise ValueError("long " * 200_000)


class Hostile(Exception):
    def __str__(self):
        raise SystemExit("inside __str__")

    __repr__ = __str__


class GateE(Right):
    def backward(self, dz):
        raise Hostile("x")


class GateF(Right):
    def forward(self, x, y):
        np.ones((400_000, 400_000)).sum()
        return super().forward(x, y)
