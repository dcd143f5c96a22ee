"""Backwards that find their gradient numerically: the right forward, and one of many rules.

``text_of`` gives the source of a task with its gradient replaced, in two ways of writing: by a
helper that calls forward (``called``), or with all of it in backward itself (``inlined``).
"""

from __future__ import annotations

RULES: dict[str, str] = {
    "forward 1e-5": "(f({h}) - f(0)) / {h}",
    "forward 1.5e-8": "(f({h}) - f(0)) / {h}",
    "central 1e-3": "(f({h}) - f(-{h})) / (2 * {h})",
    "central 1e-4": "(f({h}) - f(-{h})) / (2 * {h})",
    "central 1e-5": "(f({h}) - f(-{h})) / (2 * {h})",
    "central 1e-6": "(f({h}) - f(-{h})) / (2 * {h})",
    "Richardson 1e-3": "(8 * (f({h}) - f(-{h})) - (f(2 * {h}) - f(-2 * {h}))) / (12 * {h})",
    "complex 1e-20": "f(1j * {h}).imag / {h}",
}

_HELPER = """

def slopes(forward, values, upstream):
    grads = []
    for i, value in enumerate(values):
        value = np.asarray(value)
        if value.dtype.kind != "f":
            continue
        grad = np.zeros(value.shape)
        for entry in np.ndindex(value.shape):
            def f(step):
                moved = value.astype(complex if isinstance(step, complex) else float)
                moved[entry] = moved[entry] + step
                arguments = [*values]
                arguments[i] = moved if moved.ndim else moved[()]
                return np.sum(forward(*arguments) * upstream)
            grad[entry] = RULE
        grads.append(grad if grad.ndim else float(grad))
    return tuple(grads) if len(grads) > 1 else grads[0]
"""
_GATE = """

class Honest(TARGET):
    pass


class TARGET:
    def __init__(self, *constants):
        self.constants = constants

    def forward(self, *values):
        self.values = values
        return Honest(*self.constants).forward(*values)

    def backward(self, dz):
        return slopes(Honest(*self.constants).forward, self.values, dz)
"""
_PAIR = """

honest = FORWARD


def FORWARD(*values):
    return honest(*values)[0], values


def BACKWARD(dout, cache):
    return slopes(lambda *values: honest(*values)[0], cache, dout)
"""
_LOSS = """

honest = FORWARD


def FORWARD(W, *others):
    dW = slopes(lambda W: honest(W, *others)[0], [W], 1.0)
    return honest(W, *others)[0], dW
"""


def text_of(source: str, style: str, target: str, backward: str | None, rule: str) -> str:
    """Return a source whose gradients of one task follow a rule with a step, ``central 1e-5``."""
    wrapped = {"gate_class": _GATE, "function_pair": _PAIR, "loss_function": _LOSS}[style]
    quotient = RULES[rule].format(h=rule.split()[1])
    text = source + _HELPER.replace("RULE", quotient) + wrapped
    return text.replace("TARGET", target).replace("FORWARD", target).replace(
        "BACKWARD", backward or ""
    )
