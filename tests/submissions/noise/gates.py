import sys


class Right:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return dz * self.y, (dz * self.x).sum(axis=0)


print("self test:", GateA if "GateA" in globals() else "nothing yet")


class GateA(Right):
    def forward(self, x, y):
        print("x" * 1_000_000)
        sys.stderr.write("y" * 1_000_000)
        return super().forward(x, y)


class GateB(Right):
    def forward(self, x, y):
        if input("continue? ") == "y":
            return super().forward(x, y)


class GateC(Right):
    def forward(self, x, y):
        with open("result.txt", "w") as file:
            file.write("here I am")
        return super().forward(x, y)


class GateD(Right):
    def backward(self, dz):
        print("\x1b[2J\x1b[31m", dz)
        return super().backward(dz)


GateE = Right


class GateF(Right):
    def backward(self, dz):
        sys.stdout.close()
        sys.stderr.close()
        return super().backward(dz)
