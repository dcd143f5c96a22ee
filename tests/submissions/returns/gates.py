class Right:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return dz * self.y, (dz * self.x).sum(axis=0)


class GateA(Right):
    def forward(self, x, y):
        super().forward(x, y)  # no return


class GateB(Right):
    def backward(self, dz):
        dx, dy = super().backward(dz)


class GateC(Right):
    def backward(self, dz):
        return (*super().backward(dz), 0.0)


class GateD(Right):
    def backward(self, dz):
        return dz * self.y, dz * self.x


class GateE(Right):
    def backward(self, dz):
        dx, dy = super().backward(dz)
        return dx, dy[:, None]


class GateF(Right):
    def backward(self, dz):
        dx, dy = super().backward(dz)
        return {"x": dx, "upstream": dz}
