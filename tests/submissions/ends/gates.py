import ctypes
import os
import sys


class Right:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return dz * self.y, (dz * self.x).sum(axis=0)


class GateA(Right):
    def forward(self, x, y):
        while True:
            pass


class GateB(Right):
    def backward(self, dz):
        i = 0
        while i < 10:
            i = i * 2
        return super().backward(dz)


class GateC(Right):
    def forward(self, x, y):
        sys.exit("bye")


class GateD(Right):
    def backward(self, dz):
        os._exit(0)


class GateE(Right):
    def forward(self, x, y):
        ctypes.string_at(0)


GateF = Right
