"""Wrong modules."""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong

_DX, _DW, _DB = "backward[dx] V402", "backward[dW] V402", "backward[db] V402"
_OUT = "forward V401"
_IN_PLACE = ("behaviour.in_place B509",)
_AGAIN = ("behaviour.second_backward B508",)
_NO_RESTORE = ("            x /= self.a\n", "")


def _mul(mistake: str, *edits: Edit, told: tuple[str, ...] = _IN_PLACE) -> Wrong:
    return Wrong("mul_constant", mistake, edits, told)


def _linear(mistake: str, *edits: Edit, told: tuple[str, ...] = _AGAIN) -> Wrong:
    return Wrong("linear", mistake, edits, told)


def _affine(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("affine", mistake, edits, told)


def _scale(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("scale_shift", mistake, edits, told)


def _fruit(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("fruit", mistake, edits, told)


_OUT_IN_PLACE = "            x *= self.a\n            return x\n"
_BACK_IN_PLACE = "            dout *= self.a\n            x /= self.a\n            return dout\n"
_CHECK_A = (
    "        if not isinstance(a, (int, float)):\n"
    '            raise TypeError("a must be a number")\n'
)
_CHECK_FLAG = (
    "        if in_place is not True and in_place is not False:\n"
    '            raise TypeError("in_place must be True or False")\n'
)
_CHECK_ZERO = '        if a == 0 and in_place:\n            raise ValueError("a must not be 0")\n'
_ACC_W, _ACC_B = "self.gradWeight += dout.T.dot(x)", "self.gradBias += dout.sum(axis=0)"
_ZERO_W, _ZERO_B = "self.gradWeight[...] = 0", "self.gradBias[...] = 0"
_KEEP = ("self.weight = weight", "self.weight = self.first = weight")
_AFFINE_W, _AFFINE_B = "self.dW = self.x.T.dot(dout)", "self.db = dout.sum(axis=0)"
_SCALE_W = "self.dLdBW = np.sum(dout * self.x, axis=0, keepdims=True)"
_SCALE_B = "self.dLdBb = np.sum(dout, axis=0, keepdims=True)"
_FIVE = "return dapple, dn_apple, dorange, dn_orange, dtax"
_FRUIT_ALL = tuple(
    f"backward[d{name}] V402" for name in ("apple", "n_apple", "orange", "n_orange", "tax")
)

WRONG: tuple[Wrong, ...] = (
    _mul("input is not restored", _NO_RESTORE),
    _mul("input is multiplied once more", ("x /= self.a", "x *= self.a ")),
    _mul("input is restored to ones", ("            x /= self.a\n", "            x /= x\n")),
    _mul("restored in a copy", ("            x /= self.a\n", "            x = x / self.a\n")),
    _mul("first example alone is restored", ("x /= self.a", "x[0] /= self.a")),
    _mul("the flag is ignored", (_OUT_IN_PLACE, "            pass\n"),
         (_BACK_IN_PLACE, "            pass\n")),
    _mul("always in place, forward", ("if self.in_place:\n            x *=",
                                      "if True:\n            x *=")),
    _mul("always in place, backward", ("if self.in_place:\n            dout *=",
                                       "if True:\n            dout *=")),
    _mul("another array, forward", ("            x *= self.a\n", "            x = x * self.a\n")),
    _mul("another array, backward", ("dout *= self.a", "dout = dout * self.a")),
    _mul("a copy of the argument",
         (_OUT_IN_PLACE, _OUT_IN_PLACE.replace("return x", "return x.copy()"))),
    _mul("the input is written into and a new array returned",
         (_OUT_IN_PLACE, "            x *= self.a\n            return x + 0\n")),
    _mul("the upstream changed where nothing may change",
         ("return self.a * dout", "dx = self.a * dout\n        dout *= 0\n        return dx")),
    _mul("the input returned where nothing may be shared",
         ("return self.a * x", "out = self.a * x\n        x[...] = out\n        return x")),
    _mul("a ignored in backward", ("return self.a * dout", "return dout.copy()"),
         told=(_DX, "case.zero")),
    _mul("M07 upstream ignored", ("return self.a * dout", "return self.a * np.ones_like(dout)"),
         told=(_DX,)),
    _mul("gradient of x for that of the output", ("return self.a * dout", "return x * dout"),
         told=(_DX, "case.zero")),
    _mul("sum for product", ("return self.a * x", "return self.a + x"), told=(_OUT, "case.zero")),
    _mul("divides in place", (_OUT_IN_PLACE, _OUT_IN_PLACE.replace("*=", "/=")),
         told=("case.in_place V401", *_IN_PLACE)),
    _mul("a ignored in backward in place", ("            dout *= self.a\n", ""),
         told=("case.in_place V402",)),
    _mul("M39 a lives in the class", ("self.a = a", "MulConstant.a = a"),
         told=("behaviour.shared_cache B501",)),
    _mul("0 in place is accepted", (_CHECK_ZERO, ""), told=("case.zero_in_place V407",)),
    _mul("0 is never accepted", ("if a == 0 and in_place:", "if a == 0:"),
         told=("case.zero R201",)),
    _mul("0 in place raises something else", ("raise ValueError(", "raise ZeroDivisionError("),
         told=("case.zero_in_place V407",)),
    _mul("arrays are accepted", (_CHECK_A, ""), told=("case.bad_a V407",)),
    _mul("an assertion for the type of a",
         (_CHECK_A, "        assert isinstance(a, (int, float))\n"),
         told=("case.bad_a V407",)),
    _mul("M47 None instead of an exception",
         ('raise TypeError("a must be a number")', 'return None'),
         told=("case.bad_a V407",)),
    _mul("any flag is accepted", (_CHECK_FLAG, ""), told=("case.bad_flag V407",)),
    _mul("1 is taken for True", ("in_place is not True and in_place is not False",
                                 "in_place != True and in_place != False"),
         told=("case.bad_flag V407",)),
    _mul("ValueError for a bad flag",
         ('raise TypeError("in_place must', 'raise ValueError("in_place must'),
         told=("case.bad_flag V407",)),
    _linear("gradWeight is overwritten", (_ACC_W, _ACC_W.replace("+=", "="))),
    _linear("gradBias is overwritten", (_ACC_B, _ACC_B.replace("+=", "="))),
    _linear("M38 gradWeight is never cleared", (_ZERO_W, "pass")),
    _linear("M38 gradBias is never cleared", (_ZERO_B, "pass")),
    _linear("M38 gradInput is added up",
            ("dx = dout.dot(self.weight)",
             "dx = self.dx = dout.dot(self.weight) + getattr(self, 'dx', 0)")),
    _linear("cleared at every accumulation",
            (_ACC_W, f"self.zeroGradParameters()\n        {_ACC_W}")),
    _linear("takes a step of its own",
            (_ACC_B, f"{_ACC_B}\n        self.weight -= self.gradWeight")),
    _linear("zeroGradParameters is missing", ("def zeroGradParameters", "def zero_grad"),
            told=("backward[dx] L106", "backward[dW]", "backward[db]")),
    _linear("accGradParameters is missing", ("def accGradParameters", "def acc_grad"),
            told=("backward[dx] L106", "backward[dW]", "backward[db]")),
    _linear("weight of the constructor, forward", _KEEP,
            ("x.dot(self.weight.T)", "x.dot(self.first.T)"), told=(_OUT,)),
    _linear("weight of the constructor, backward", _KEEP,
            ("dout.dot(self.weight)", "dout.dot(self.first)"), told=(_DX,)),
    _linear("M11 weight transposed", ("dout.dot(self.weight)", "dout.dot(self.weight.T)"),
            told=("backward[dx] R201", "backward[dW]", "backward[db]")),
    _linear("M10 gradWeight transposed",
            (_ACC_W, "self.gradWeight = self.gradWeight.T + x.T.dot(dout)"),
            told=("backward[dW] S306",)),
    _linear("M06 gradBias not summed over the batch",
            (_ACC_B, "self.gradBias = self.gradBias + dout"),
            told=("backward[db] S306",)),
    _linear("M06 gradBias of shape (1, M)",
            (_ACC_B, "self.gradBias = self.gradBias + dout.sum(axis=0)[None]"),
            told=("backward[db] S307",)),
    _linear("M02 mean for sum", (_ACC_W, f"{_ACC_W} / len(x)"), told=(_DW,)),
    _linear("M05 bias summed over the wrong axis", (_ACC_B, "self.gradBias = dout.sum(axis=1)"),
            told=("backward[db] S306",)),
    _linear("another name for gradWeight",
            ("self.gradWeight = np", "self.grad_weight = np"),
            (_ACC_W, _ACC_W.replace("gradWeight", "grad_weight")),
            (_ZERO_W, _ZERO_W.replace("gradWeight", "grad_weight")),
            told=("backward[dW] S304",)),
    _linear("M07 upstream ignored in gradBias", (_ACC_B, "self.gradBias += len(x)"), told=(_DB,)),
    _linear("no bias", (" + self.bias", ""), told=(_OUT,)),
    _affine("M47 returns all gradients", ("return dx", "return dx, self.dW, self.db"),
            told=("backward[dx] S303",)),
    _affine("M47 returns all gradients and keeps none", (_AFFINE_W, _AFFINE_W[5:]),
            (_AFFINE_B, _AFFINE_B[5:]), ("return dx", "return dx, dW, db"),
            told=("backward[dx] S303", "backward[dW] S301", "backward[db] S301")),
    _affine("another name for dW", ("        self.dW = None\n", ""),
            (_AFFINE_W, _AFFINE_W.replace("dW", "grad_W")), told=("backward[dW] S304",)),
    _affine("M38 dW added up over calls",
            (_AFFINE_W, f"{_AFFINE_W} + (0 if self.dW is None else self.dW)"), told=_AGAIN),
    _affine("M38 db added up until the next forward",
            ("self.x = x\n", "self.x = x\n        self.db = np.zeros(len(self.b))\n"),
            (_AFFINE_B, _AFFINE_B.replace("=", "+=", 1)), told=_AGAIN),
    _affine("M10 dW transposed", ("self.x.T.dot(dout)", "dout.T.dot(self.x)"),
            told=("backward[dW] S306",)),
    _affine("M06 db keeps the axis", ("dout.sum(axis=0)", "dout.sum(axis=0, keepdims=True)"),
            told=("backward[db] S307",)),
    _affine("M06 db not reduced", (_AFFINE_B, "self.db = dout"), told=("backward[db] S306",)),
    _affine("M04 db over everything", ("dout.sum(axis=0)", "dout.sum()"),
            told=("backward[db] S306",)),
    _affine("M02 mean for sum", ("self.x.T.dot(dout)", "self.x.T.dot(dout) / len(dout)"),
            told=(_DW,)),
    _affine("M11 W not transposed", ("dout.dot(self.W.T)", "dout.dot(self.W)"),
            told=("backward[dx] R201", "backward[dW]", "backward[db]")),
    _affine("M39 x of the first forward",
            ("self.x = x\n", "self.x = x if self.x is None else self.x\n"),
            told=("behaviour.stale_cache B504", *_AGAIN)),
    _affine("M39 x in the class", ("        self.x = x\n", "        Affine.x = x\n"),
            ("        self.x = None\n", ""), told=("behaviour.shared_cache B501",)),
    _affine("cache used up",
            ("dx = dout.dot(self.W.T)",
             "dx = dout.dot(self.W.T)\n        x, self.x = self.x, None"),
            ("self.x.T.dot", "x.T.dot"), told=_AGAIN),
    _affine("M07 upstream ignored", ("dout.sum(axis=0)", "np.full(len(self.b), 1.0 * len(dout))"),
            told=(_DB,)),
    _scale("M06 rows without their axis", (_SCALE_W, _SCALE_W.replace(", keepdims=True", "")),
           (_SCALE_B, _SCALE_B.replace(", keepdims=True", "")),
           told=("backward[dBW] S307", "backward[dBb] S307")),
    _scale("M06 not summed over the batch", (_SCALE_W, "self.dLdBW = dout * self.x"),
           told=("backward[dBW] S306",)),
    _scale("M03 mean for sum", (_SCALE_B, _SCALE_B.replace("sum", "mean")),
           told=("backward[dBb] V402",)),
    _scale("M07 upstream ignored", ("dout * self.x", "self.x"), told=("backward[dBW] V402",)),
    _scale("M09 swapped", ("self.dLdBW", "self.dLdb"), ("self.dLdBb", "self.dLdBW"),
           ("self.dLdb =", "self.dLdBb ="), told=("backward[dBW] V402", "backward[dBb] V402")),
    _scale("of the input alone", ("dx = dout * self.BW", "dx = dout"), told=(_DX,)),
    _scale("another name", ("self.dLdBW", "self.dBW"), told=("backward[dBW] S304",)),
    _scale("x after the product", ("self.x = x\n", "self.x = x * self.BW\n"),
           told=("backward[dBW] V402",)),
    _scale("M38 added up", (_SCALE_B, f"{_SCALE_B} + getattr(self, 'dLdBb', 0)"), told=_AGAIN),
    _scale("no shift", (" + self.Bb", ""), told=(_OUT,)),
    _scale("gradients forgotten", (f"        {_SCALE_W}\n        {_SCALE_B}\n", ""),
           told=("backward[dBW] S304", "backward[dBb] S304")),
    _fruit("tax forgotten", ("dtotal = tax * dprice", "dtotal = dprice"), told=_FRUIT_ALL[:4]),
    _fruit("M09 products not switched", ("dapple = n_apple", "dapple = apple"),
           ("dn_apple = apple", "dn_apple = n_apple"), told=_FRUIT_ALL[:2]),
    _fruit("one layer for both products", ("dapple = n_apple", "dapple = n_orange"),
           ("dn_apple = apple", "dn_apple = orange"), told=_FRUIT_ALL[:2]),
    _fruit("M07 upstream ignored", ("dtax = self.total * dprice", "dtax = self.total"),
           told=_FRUIT_ALL[4:]),
    _fruit("price for the sum", ("dtax = self.total * dprice", "dtax = self.total * tax * dprice"),
           told=_FRUIT_ALL[4:]),
    _fruit("M47 order", (_FIVE, "return dapple, dorange, dn_apple, dn_orange, dtax"),
           told=_FRUIT_ALL[1:3]),
    _fruit("M47 tax forgotten in the result",
           (_FIVE, "return dapple, dn_apple, dorange, dn_orange"),
           told=("backward[dapple] S303", *(w.split()[0] for w in _FRUIT_ALL[1:]))),
    _fruit("tax on apples alone",
           ("return self.total * tax", "return apple * n_apple * tax + orange * n_orange"),
           told=("forward V401",)),
)  # fmt: skip
