class Right:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return dz * self.y, (dz * self.x).sum(axis=0)


gateA = Right  # capital letters matter

GateB = 3


class GateC(Right):
    backward = None


class GateD:
    def forward(x, y):
        return x * y

    def backward(dz):
        return dz, dz


class GateE(Right):
    def forward(self, x, y, training):
        return super().forward(x, y)


class GateF:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backwards(self, dz):
        return dz * self.y, (dz * self.x).sum(axis=0)
