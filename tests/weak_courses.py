"""Small courses of one task: some with one weakness and no other, some with none."""

from __future__ import annotations

from typing import NamedTuple

PAIR = "style: function_pair, target: f, outputs: [out]"
GATE = "style: gate_class, target: F, outputs: [z]"
LOSS = "style: loss_function, target: f, outputs: [loss]"
STAGED = "style: circuit, target: f"
XS = f"{PAIR}, inputs: {{x: [N, D]}}"
WEIGHTS = f"{LOSS}, inputs: {{W: [D]}}, hyper_parameters: "
LABELS = "y: {shape: [N], domain: labels, classes: 3}"

SQUARE = """
def f_forward(x):
    return x * x, x

def f_backward(dout, cache):
    return 2 * cache * dout
"""
RELU = """
def f_forward(x):
    return np.maximum(x, 0), x

def f_backward(dout, cache):
    return dout * (cache > 0)
"""
LEAKY = """
def f_forward(x):
    return np.where(x > 0, x, 0.5 * x), x

def f_backward(dout, cache):
    return dout * np.where(cache > 0, 1, 0.5)
"""
PRODUCT = """
def f_forward(x, w):
    return x @ w, (x, w)

def f_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout
"""
TWO = """
def f_forward(x, y):
    return x * x + {s} * y * y, (x, y)

def f_backward(dout, cache):
    x, y = cache
    return 2 * x * dout, {s} * 2 * y * dout
"""
RIDGE = """
def f(W, reg):
    return np.sum(W * W) + reg * np.sum(W ** 4), 2 * W + 4 * reg * W ** 3
"""
FORMS = """
def f(W, reg, *, regulariser="full"):
    reg = reg if regulariser == "full" else 0.5 * reg
    return np.sum(W * W) + reg * np.sum(W ** 4), 2 * W + 4 * reg * W ** 3
"""
NORMALISED = """
def f_forward(x, eps):
    s = np.sqrt(np.mean(x * x, axis=1, keepdims=True) + eps)
    return x / s, (x, s)

def f_backward(dout, cache):
    x, s = cache
    return dout / s - x * np.mean(dout * x, axis=1, keepdims=True) / s ** 3
"""
TWO_KINKS = """
def k(x):
    return x

def both(x):
    return np.stack([x, x - 0.7321])

def f_forward(x):
    return np.maximum(x, 0) + np.maximum(x, 0.7321), x

def f_backward(dout, cache):
    return dout * (1.0 * (cache > 0) + (cache > 0.7321))
"""

STEP = """
def f(w, dw, rate):
    return w - rate * dw
"""
STEPPED = "style: update_step, target: f, inputs: {w: [D], dw: [D]}, outputs: [new]"
RATE = "hyper_parameters: {rate: {range: [0.5, 2]}}"
TORCH = """
class F:
    def updateOutput(self, x):
        self.x = x.copy()
        x *= x
        return x

    def updateGradInput(self, x, dout):
        x[...] = self.x
        return 2 * self.x * dout
"""


class Small(NamedTuple):
    """A course of one task: its spec, its reference, and the codes that must be told."""

    name: str
    task: str
    source: str
    told: str = ""
    words: str = ""  # what the message must hold, apart from its numbers


WEAK = (
    Small(
        "noise", XS,
        SQUARE.replace("x * x, x", "x * x + 1e-9 * np.random.default_rng().random(x.shape), x"),
        "W801", "out differs by",
    ),
    Small(
        "numbers that depend on the calls before", XS,
        "calls = []\n" + SQUARE.replace("    return x * x,",
                                        "    calls.append(1)\n    return x * x + len(calls),"),
        "W801", "between two calls",
    ),
    Small(
        "forward changes its input", XS,
        SQUARE.replace("    return x * x, x", "    kept = x.copy()\n    x *= 2\n"
                       "    return x * x / 4, kept"), "W802", "writes into x",
    ),
    Small(
        "backward changes its upstream", XS,
        SQUARE.replace("    return 2 *", "    dout *= 2\n    return"), "W802", "writes into dout",
    ),
    Small(
        "a wrong number in an example",
        f"{PAIR}, inputs: {{x: []}}, examples: [{{label: slide, inputs: {{x: 2}}, "
        "upstream: {dout: 1}, expected: {out: 5}}]", SQUARE, "W804", "`slide`: out is 5",
    ),
    Small("nothing to prove it by", f"{STEPPED}, {RATE}", STEP, "W805", "0 gradients and 0 ex"),
    Small("zero", f"{PAIR}, inputs: {{x: [N, D], y: [N, D]}}", TWO.format(s=0), "W811", "dy is 0"),
    Small("nearly zero", f"{PAIR}, inputs: {{x: [N, D], y: [N, D]}}", TWO.format(s=1e-7),
          "W812", "dy is at most"),
    Small("beside a large constant", XS,
          SQUARE.replace("x * x,", "x * x + 1e8,"), "W812 W871", "dx is at most"),
    Small("constant gradient", f"{LOSS}, inputs: {{x: [N]}}",
          "def f(x):\n    return 3 * np.sum(x), 3 * np.ones_like(x)\n", "W813", "dx is 3 in"),
    Small("constant array", f"{LOSS}, inputs: {{x: [3]}}",
          "def f(x):\n    a = np.array([1., 2, 3])\n    return np.sum(a * x), a\n",
          "W813", "dx is the same array"),
    Small("constant output", f"{STAGED}, inputs: {{x: []}}, outputs: [c, q], upstream: [q]",
          "def f(x, dq):\n    c = 7 + 0 * x\n    q = c * x * x\n"
          "    return {'c': c, 'q': q, 'dx': 2 * c * x * dq}\n", "W814", "c is 7 in"),
    Small("an upstream that nothing depends on",
          f"style: gate_class, target: F, outputs: [z, u], inputs: {{x: [N, D], {LABELS}}}",
          "class F:\n    def forward(self, x, y):\n        self.x = x\n"
          "        return x * x, 1.0 * y\n"
          "    def backward(self, dz, du):\n        return 2 * self.x * dz\n",
          "W815", "setting du to 0"),
    Small("an accepted form that is no other", f"{WEIGHTS}{{reg: 2}}, accept_any: [regulariser]",
          RIDGE.replace("reg)", "reg, *, regulariser)"),
          "W816", "regulariser half computes the same as regulariser full in 4 cases"),
    Small("an accepted form that hardly matters",
          f"{WEIGHTS}{{reg: 2}}, accept_any: [regulariser]",
          FORMS.replace("0.5 * reg", "1e-5 * reg"), "W831", "with regulariser half: reg: setting"),
    Small("an accepted form without a gradient",
          f"{LOSS}, inputs: {{W: [D]}}, accept_any: [reduction]",
          "def f(W, *, reduction):\n    a = reduction == 'mean'\n"
          "    return a * np.sum(W * W), a * 2 * W\n",
          "W811 W814", "with reduction sum: dW is 0 in all"),
    Small("two equal sizes", XS + ", sizes: {N: 4, D: 4}", SQUARE,
          "W821", "N and D are both 4 in every random case; no shape tells apart: a tr"),
    Small("equal sizes of a product",
          f"{PAIR}, inputs: {{x: [N, D], w: [D, M]}}, sizes: {{N: 4, M: 4}}", PRODUCT,
          "W821", "N and M are both 4"),
    Small("a fixed square", f"{PAIR}, inputs: {{x: [3, 3]}}", SQUARE,
          "W821", "two dimensions of x are both 3"),
    Small("a size equal to a fixed one", f"{PAIR}, inputs: {{x: [N, 3]}}, sizes: {{N: 3}}",
          SQUARE, "W821", "N and another dimension of x"),
    Small("fixed shapes whose product is square", f"{PAIR}, inputs: {{x: [4, 3], w: [3, 4]}}",
          PRODUCT, "W821", "the outer dimensions of x and w are both 4"),
    Small("a square that a sub-case does not tell apart",
          XS + ", sizes: {N: 4, D: 4}, cases: {zero: {set: {x: [[0, 1], [2, 3]]}}}", SQUARE,
          "W821", "N and D are both 4"),
    Small("one example", XS + ", sizes: {N: 1}", SQUARE,
          "W822", "N is 1 in all 4 random cases, and it counts the examples"),
    Small("one feature", XS + ", sizes: {D: 1}", SQUARE, "W822", "D is 1"),
    Small("one class", f"{LOSS}, inputs: {{x: [N], {LABELS.replace('3', '1')}}}",
          "def f(x, y):\n    return np.sum((x - y) ** 2), 2 * (x - y)\n",
          "W823", "every label is 0"),
    Small("a tiny hyper-parameter",
          WEIGHTS + "{reg: 1e-6}", RIDGE,
          "W831", "reg: setting it to 0 changes"),
    Small("an idle hyper-parameter",
          WEIGHTS + "{reg: 2}",
          RIDGE.replace("reg *", "0 * reg *"), "W831", "setting it to 0 changes 0 of"),
    Small("a hyper-parameter whose double is the same",
          WEIGHTS + "{reg: 30}",
          RIDGE.replace("reg *", "np.tanh(reg / 5) *"), "W831", "reg: doubling it changes"),
    Small("a sign that hardly matters",
          WEIGHTS + "{reg: {range: [1, 2], signed: true}}",
          RIDGE.replace("reg *", "(reg ** 2 + 1e-6 * reg) *"), "W831", "reg: dropping its sign"),
    Small("a large eps that is small",
          XS + ", hyper_parameters: {eps: {value: 1e-9, large: 1e-8}}",
          NORMALISED, "W831", "eps: setting it to 0"),
    Small("kinks everywhere", f"{PAIR}, inputs: {{x: []}}, kinks: k",
          "def k(x):\n    return 6e-5 * x\n" + LEAKY, "W841", "of random inputs keep away"),
    Small("a kink that nobody declared", XS, RELU,
          "W842", "dx jumps by"),
    Small("a kink of numbers that nobody declared", f"{PAIR}, inputs: {{x: []}}", LEAKY,
          "W842", "dx jumps by"),
    Small("a second kink that nobody declared", XS + ", kinks: k",
          TWO_KINKS, "W842", "where no kink argument changes its sign"),
    Small("an output that jumps", XS,
          SQUARE.replace("x * x,", "x * x + np.floor(x),"), "W842", "out jumps by"),
    Small("a kink where nothing happens", XS + ", kinks: k",
          "def k(x):\n    return x - 0.5\n" + SQUARE, "W843", "places where a kink argument"),
    Small("a kink out of reach",
          XS + ", kinks: k, conventions: {ties: skip}",
          "def k(x):\n    return x - 100\n" + SQUARE, "W843", "at 0 places"),
    Small("kink arguments in steps", XS + ", kinks: k",
          "def k(x):\n    return np.sign(x)\n" + RELU, "W844", "the nearest kink is"),
    Small("no exact tie", f"{GATE}, inputs: {{x: [N, D]}}, kinks: k",
          "def k(x):\n    return np.exp(x) - 0.1\n\n"
          "class F:\n    def forward(self, x):\n        self.x = x\n"
          "        return np.maximum(np.exp(x), 0.1)\n"
          "    def backward(self, dz):\n"
          "        return dz * np.where(np.exp(self.x) > 0.1, np.exp(self.x), 0)\n",
          "W845", "ties: skip"),
    Small("a loose tolerance", XS + ", tolerance: 0.002", SQUARE,
          "W861", "0.002"),
    Small("two random cases", XS + ", random_cases: 2", SQUARE,
          "W862", "2 random cases"),
    Small("an array without upstream", f"{STAGED}, inputs: {{x: [N]}}, outputs: [q]",
          "def f(x):\n    q = x * x\n    return {'q': q, 'dx': 2 * x}\n", "W863", "no upstream"),
    Small("labels that hardly matter", f"{LOSS}, inputs: {{x: [N], {LABELS}}}",
          "def f(x, y):\n    e = x - 1e-7 * y\n    return np.sum(e * e), 2 * e\n",
          "W871", "passes: one label for all; it is off by"),
    Small("a backward that is wrong", XS,
          SQUARE.replace("2 * cache", "cache"), "G901", "complex step says"),
    Small("a reference that raises", XS,
          SQUARE.replace("x * x", "x @ x"), "G902", "raised ValueError"),
    Small("a reference that raises for one example", XS,
          SQUARE.replace("x * x, x", "x[1] * 0 + x * x, x"), "G902", "raised IndexError"),
    Small("kinks that no input avoids", XS + ", kinks: k",
          "def k(x):\n    return 0 * x\n" + RELU, "W841 G902", ""),
)  # fmt: skip

SOUND = (
    Small("numbers and arrays", f"{PAIR}, inputs: {{x: [...]}}", SQUARE),
    Small("different sizes", XS + ", sizes: {N: 4, D: 5}", SQUARE),
    Small("a square, with a sub-case that is none",
          XS + ", sizes: {N: 4, D: 4}, cases: {oblong: {sizes: {N: 3}}}", SQUARE),
    Small("few sizes",
          f"{PAIR}, inputs: {{x: [N, D], w: [D, M]}}, sizes: {{N: [2, 4], D: [2, 4], M: [2, 4]}}",
          PRODUCT),
    Small("fixed sizes", f"{PAIR}, inputs: {{x: [4, 3], w: [3, 5]}}", PRODUCT),
    Small("two fixed arrays of one shape", f"{PAIR}, inputs: {{x: [4, 3], y: [4, 3]}}",
          TWO.format(s=3)),
    Small("a row", f"{PAIR}, inputs: {{x: [N, D], y: [1, D]}}",
          TWO.format(s=3).replace("2 * y * dout", "2 * y * dout.sum(axis=0, keepdims=True)")),
    Small("a square by nature", XS,
          "def f_forward(x):\n    return x @ x.T, x\n\n"
          "def f_backward(dout, x):\n    return (dout + dout.T) @ x\n"),
    Small("no batch", WEIGHTS + "{reg: 2}", RIDGE),
    Small("a small term that shows", f"{PAIR}, inputs: {{x: [N, D], y: [N, D]}}",
          TWO.format(s=1e-3)),
    Small("a hyper-parameter whose sign cannot matter",
          WEIGHTS + "{reg: {range: [1, 2], signed: true}}",
          RIDGE.replace("reg *", "reg ** 2 *")),
    Small("an eps with a large value",
          XS + ", hyper_parameters: {eps: {value: 1e-9, large: 0.3}}",
          NORMALISED),
    Small("a declared kink", XS + ", kinks: k",
          "def k(x):\n    return x\n" + RELU),
    Small("a declared kink of numbers", f"{PAIR}, inputs: {{x: []}}, kinks: k",
          "def k(x):\n    return x\n" + LEAKY),
    Small("two declared kinks", XS + ", kinks: both", TWO_KINKS),
    Small("steep but smooth", XS,
          "def f_forward(x):\n    s = np.tanh(100 * x)\n    return s, s\n\n"
          "def f_backward(dout, s):\n    return 100 * (1 - s * s) * dout\n"),
    Small("beside a pole", f"{PAIR}, inputs: {{x: {{shape: [N, D], domain: nonzero}}}}",
          "def f_forward(x):\n    return 1 / x, x\n\n"
          "def f_backward(dout, x):\n    return -dout / (x * x)\n"),
    Small("beside the end of a domain", f"{PAIR}, inputs: {{x: {{shape: [N], domain: positive}}}}",
          "def f_forward(x):\n    return np.log(x), x\n\n"
          "def f_backward(dout, x):\n    return dout / x\n"),
    Small("two upstreams", "style: gate_class, target: F, outputs: [z, u], inputs: {x: [N, D]}",
          "class F:\n    def forward(self, x):\n        self.x = x\n"
          "        return x * x, np.exp(x)\n"
          "    def backward(self, dz, du):\n"
          "        return 2 * self.x * dz + np.exp(self.x) * du\n"),
    Small("labels", f"{LOSS}, inputs: {{x: [N], {LABELS}}}",
          "def f(x, y):\n    return np.sum((x - y) ** 2), 2 * (x - y)\n"),
    Small("two accepted forms", f"{WEIGHTS}{{reg: 2}}, accept_any: [regulariser]", FORMS),
    Small("either layout of a square",
          "style: jacobian_function, target: f, inputs: {x: [N]}, outputs: [z], "
          "accept_any: [layout]",
          "def f(x):\n    return np.cumsum(x * x)\n\ndef f_jacobian(x, *, layout):\n"
          "    J = np.tril(np.ones((len(x), len(x)))) * 2 * x\n"
          "    return J if layout == 'numerator' else J.T\n"),
    Small("three random cases", XS + ", random_cases: 3", SQUARE),
    Small("the largest tolerance", XS + ", tolerance: 1e-3", SQUARE),
    Small("a number without upstream", f"{STAGED}, inputs: {{x: [N]}}, outputs: [q]",
          "def f(x):\n    q = np.sum(x * x)\n    return {'q': q, 'dx': 2 * x}\n"),
    Small("a step with an example",
          f"{STEPPED}, {RATE}, examples: [{{label: slide, inputs: {{w: [1, 2], dw: [2, 4], "
          "rate: 0.5}, expected: {new: [0, 0]}}]", STEP),
    Small("a value and its gradient", "style: function, target: f, inputs: {x: [N]}, outputs: [z]",
          "def f(x):\n    return np.sum(x * x)\n\ndef f_gradient(x):\n    return 2 * x\n"),
    Small("a Jacobian", "style: jacobian_function, target: f, inputs: {x: [N]}, outputs: [z]",
          "def f(x):\n    return x[1:] * x[:-1]\n\ndef f_jacobian(x):\n"
          "    return np.eye(len(x) - 1, len(x), 1) * x[:-1, None] "
          "+ np.eye(len(x) - 1, len(x)) * x[1:, None]\n"),
    Small("a module that works in place by contract",
          "style: torch7_module, target: F, inputs: {x: [N, D]}, outputs: [z]", TORCH),
    Small("a flag, and sub-cases that raise and do not",
          XS + ", hyper_parameters: {big: false, a: {range: [1, 2]}}, cases: {large: {set: "
          "{big: true}}, none: {set: {a: 0}, raises: [ValueError]}}",
          "def f_forward(x, big, a):\n    if a == 0:\n        raise ValueError(a)\n"
          "    a = 10 * a if big else a\n    return a * x * x, (a, x)\n\n"
          "def f_backward(dout, cache):\n    a, x = cache\n    return 2 * a * x * dout\n"),
    Small("what sub-cases set, 0 being the rule",
          XS + ", hyper_parameters: {a: 0}, cases: {one: {set: {a: 1}}}",
          "def f_forward(x, a):\n    return x * x + a * x ** 3, (x, a)\n\n"
          "def f_backward(dout, cache):\n    x, a = cache\n"
          "    return (2 * x + 3 * a * x * x) * dout\n"),
    Small("inputs that the reference draws", XS + ", draw: d",
          "def d(rng, kind, values):\n    return {'x': np.sort(values['x'], axis=0)}\n" + SQUARE),
    Small("a gradient that depends on the batch alone",
          f"{LOSS}, inputs: {{x: [N]}}, sizes: {{N: [2, 9]}}",
          "def f(x):\n    return np.mean(x), np.ones_like(x) / len(x)\n"),
)  # fmt: skip
