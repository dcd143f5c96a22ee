import numpy as np


class GateA:  # forward right, backward wrong
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return dz * self.y, np.sum(dz, axis=0)


class GateB:  # forward wrong, backward right for it
    def forward(self, x, y):
        self.x, self.y = x, y
        return 0.5 * x * y

    def backward(self, dz):
        return 0.5 * dz * self.y, np.sum(0.5 * dz * self.x, axis=0)


class GateC:  # both wrong, each in its own way
    def forward(self, x, y):
        self.x, self.y = x, y
        return 0.5 * x * y

    def backward(self, dz):
        return 2 * dz * self.y, np.sum(2 * dz * self.x, axis=0)


class GateD:  # the forward alone is wrong
    def forward(self, x, y):
        self.x, self.y = x, y
        return 0.5 * x * y

    def backward(self, dz):
        return dz * self.y, np.sum(dz * self.x, axis=0)


class GateE:  # a forward without the difficulty
    def forward(self, x, y):
        self.y = y
        return 1.0 * x

    def backward(self, dz):
        return dz, np.zeros_like(self.y)


class GateF:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return dz * self.y, np.sum(dz * self.x, axis=0)
