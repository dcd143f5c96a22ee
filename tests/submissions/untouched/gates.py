class GateA:
    def forward(self, x, y):
        raise NotImplementedError

    def backward(self, dz):
        raise NotImplementedError


class GateB:
    """z = x y"""

    def forward(self, x, y):
        # TODO
        pass

    def backward(self, dz):
        # TODO
        pass


class GateC:
    def forward(self, x, y):
        z = None
        return z

    def backward(self, dz):
        dx, dy = None, None
        # TODO
        return dx, dy


class GateD:
    def forward(self, x, y):
        """Return z."""
        ...

    def backward(self, dz):
        """Return dx, dy."""
        ...


class GateE:
    def forward(self, x, y):
        raise NotImplementedError("write me")

    def backward(self, dz):
        return None


class GateF:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        dx = None
        dy = None
        return dx, dy
