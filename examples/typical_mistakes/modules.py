# Exercise 6, modules
import numpy as np

class MulConstant:
    def __init__(self, a, in_place):
        if not isinstance(a, (int, float)):
            raise TypeError('a')
        if not isinstance(in_place, bool):
            raise TypeError('in_place')
        if a == 0:
            raise ValueError('a must not be 0')
        self.a = a
        self.in_place = in_place

    def updateOutput(self, x):
        if self.in_place:
            x *= self.a
            return x
        return x * self.a

    def updateGradInput(self, x, dout):
        if self.in_place:
            dout *= self.a
            return dout
        return dout * self.a

class Linear:
    def __init__(self, weight, bias):
        self.weight = weight
        self.bias = bias

    def updateOutput(self, x):
        return x.dot(self.weight.T) + self.bias

    def updateGradInput(self, x, dout):
        return dout.dot(self.weight)

    def accGradParameters(self, x, dout):
        self.gradWeight = dout.T.dot(x)
        self.gradBias = dout.sum(axis=0)

    def zeroGradParameters(self):
        self.gradWeight = 0
        self.gradBias = 0

class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return x.dot(self.W) + self.b

    def backward(self, dout):
        dx = dout.dot(self.W.T)
        dW = self.x.T.dot(dout)
        db = dout.sum(axis=0)
        return dx, dW, db

class ScaleShift:
    def forward(self, x):
        self.x = x
        return self.BW * x + self.Bb

    def backward(self, dout):
        self.dLdBW = np.sum(dout * self.x, axis=0)
        self.dLdBb = np.sum(dout, axis=0)
        return dout * self.BW

class MulLayer:
    def forward(self, x, y):
        self.x = x
        self.y = y
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x

class Fruit:
    def __init__(self):
        self.mul = MulLayer()
        self.mul_tax = MulLayer()

    def forward(self, apple, n_apple, orange, n_orange, tax):
        all_price = self.mul.forward(apple, n_apple) + self.mul.forward(orange, n_orange)
        return self.mul_tax.forward(all_price, tax)

    def backward(self, dprice):
        dall_price, dtax = self.mul_tax.backward(dprice)
        dapple, dn_apple = self.mul.backward(dall_price)
        dorange, dn_orange = self.mul.backward(dall_price)
        return dapple, dn_apple, dorange, dn_orange, dtax
