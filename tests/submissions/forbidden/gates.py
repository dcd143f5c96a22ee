import numpy as np


class Right:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return dz * self.y, (dz * self.x).sum(axis=0)


class GateA(Right):
    def forward(self, x, y):
        np.save("x.npy", x)
        return super().forward(x, y)


class GateB(Right):
    def forward(self, x, y):
        import tempfile

        with tempfile.TemporaryFile() as file:
            np.save(file, x)
        return super().forward(x, y)


class GateC(Right):
    def backward(self, dz):
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor() as pool:
            return list(pool.map(super().backward, [dz]))[0]


class GateD(Right):
    def backward(self, dz):
        import multiprocessing

        with multiprocessing.Pool(2) as pool:
            return pool.map(super().backward, [dz])[0]


class GateE(Right):
    def forward(self, x, y):
        import subprocess

        try:
            subprocess.run(["nvidia-smi"])
        except OSError as error:
            raise ValueError("I need a GPU") from error


class GateF(Right):
    def forward(self, x, y):
        self.x, self.y = x, y
        with open("weights.txt") as file:  # there is none on any rung
            return x * float(file.read())
