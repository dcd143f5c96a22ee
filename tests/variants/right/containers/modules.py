"""Modules with a common ancestor, properties and slots."""

import numpy as np


class Module:
    def forward(self, *args):
        self.args = args
        return self.updateOutput(*args)

    def backward(self, dout):
        self.dout = dout
        return {"dx": self.updateGradInput(*self.args, dout)}


class MulConstant(Module):
    __slots__ = ("a", "in_place", "saved")

    def __init__(self, a, in_place=False):
        try:
            self.a = float(a)
        except (TypeError, ValueError):
            raise TypeError("a is no number") from None
        if not isinstance(in_place, bool):
            raise TypeError("in_place is no flag")
        self.in_place = in_place
        if in_place:
            try:
                1 / self.a
            except ZeroDivisionError as error:
                raise ValueError("a is 0") from error

    def updateOutput(self, x):
        if not self.in_place:
            return (self.a * x,)
        self.saved = x.copy()  # restored exactly
        x[:] = self.a * x
        return (x,)

    def updateGradInput(self, x, dout):
        if not self.in_place:
            return (self.a * dout,)
        x[:] = self.saved
        dout[:] = self.a * dout
        return (dout.view(),)


class Linear(Module):
    def __init__(self, weight, bias):
        self.parameters = {"weight": weight, "bias": bias}
        self.gradients = []

    @property
    def weight(self):
        return self.parameters["weight"]

    @weight.setter
    def weight(self, new):
        self.parameters["weight"] = new

    @property
    def bias(self):
        return self.parameters["bias"]

    @bias.setter
    def bias(self, new):
        self.parameters["bias"] = new

    # summed up when somebody asks
    @property
    def gradWeight(self):
        return sum((dout.T @ x for x, dout in self.gradients), np.zeros_like(self.weight))

    @property
    def gradBias(self):
        return sum((dout.sum(0) for _, dout in self.gradients), np.zeros_like(self.bias))

    def updateOutput(self, x):
        return {"out": x @ self.weight.T + self.bias}

    def updateGradInput(self, x, dout):
        return {"dx": dout @ self.weight}

    def accGradParameters(self, x, dout):
        self.gradients.append((x.copy(), dout.copy()))

    def zeroGradParameters(self):
        self.gradients.clear()


class Affine(Module):
    def __init__(self, *parameters):
        self.parameters = parameters

    def updateOutput(self, x):
        W, b = self.parameters
        return x @ W + b

    def updateGradInput(self, x, dout):
        W, b = self.parameters
        self.grads = {"W": x.T @ dout, "b": dout.sum(0)}
        return dout @ W.T

    def __getattr__(self, name):
        if name in ("dW", "db"):
            return self.__dict__["grads"][name[1:]]
        raise AttributeError(name)


class ScaleShift(Module):
    dLdBW = property(lambda self: (self.dout * self.args[0]).sum(0, keepdims=True))
    dLdBb = property(lambda self: self.dout.sum(0, keepdims=True))

    def updateOutput(self, x):
        return x * self.BW + self.Bb

    def updateGradInput(self, x, dout):
        return dout * self.BW


class Fruit(Module):
    def updateOutput(self, apple, n_apple, orange, n_orange, tax):
        return {"price": (apple * n_apple + orange * n_orange) * tax}

    def backward(self, dprice):
        apple, n_apple, orange, n_orange, tax = self.args
        return {
            "tax": (apple * n_apple + orange * n_orange) * dprice,
            "apple": n_apple * tax * dprice,
            "n_apple": apple * tax * dprice,
            "orange": n_orange * tax * dprice,
            "n_orange": orange * tax * dprice,
        }
