import json
import random

import numpy as np

assert random.random() < 1
assert json.loads('1') == np.ones(1)

class Right:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return dz * self.y, (dz * self.x).sum(axis=0)


GateA = GateB = GateC = GateD = GateE = GateF = Right
