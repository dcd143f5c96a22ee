"""Wrong versions of every shipped task; each is a few edits of ``right/plain``, or a text."""

from variants.wrong import (
    checkers,
    circuits,
    descent,
    functions,
    gates,
    graphs,
    jacobians,
    layers,
    losses,
    modules,
)
from variants.wrong.everywhere import wrong_everywhere
from variants.wrong.record import Right, Wrong, text_of

_WRITTEN: dict[str, tuple[Wrong, ...]] = {
    "checkers": checkers.WRONG,
    "circuits": circuits.WRONG,
    "descent": descent.WRONG,
    "functions": functions.WRONG,
    "gates": gates.WRONG,
    "graphs": graphs.WRONG,
    "jacobians": jacobians.WRONG,
    "layers": layers.WRONG,
    "losses": losses.WRONG,
    "modules": modules.WRONG,
}
WRONG = {name: written + wrong_everywhere(name) for name, written in _WRITTEN.items()}
_IGNORED = "upstream ignored"
# Those whose backward is not linear in the upstream, and no others: the check of that name fails.
NOT_LINEAR: dict[str, frozenset[str]] = {
    "add_multiply": frozenset(
        {_IGNORED, "upstream ignored in dz", "numbers of the lecture", "value for its gradient"}
    ),
    "add_max_multiply": frozenset({_IGNORED}),
    "sigmoid_neuron": frozenset({_IGNORED, "rounded to the lecture's digits"}),
    "multiply_max": frozenset({_IGNORED}),
    "apples_and_oranges": frozenset(
        {_IGNORED, "upstream ignored in dtax", "chain forgotten", "numbers of the book"}
    ),
    "hidden_score": frozenset(
        {
            "upstream ignored in du",
            "upstream ignored in dh",
            "upstream forgotten in delta",
            "upstream applied twice",
            "rows of dW alike",
            "columns of W added up",
        }
    ),
    "staged_rational": frozenset({"upstream ignored in dnum", "upstream ignored in dinvden"}),
    "graph": frozenset({"upstream at every gate"}),
    "layer_vjp": frozenset(
        {
            _IGNORED,
            "upstream of ones",
            "the Jacobian itself",
            "upstream squared",
            "slope of the upstream",
        }
    ),
    "add": frozenset({_IGNORED, "cut off to integers"}),
    **dict.fromkeys(("leaky_relu", "tanh", "elu", "gelu"), frozenset({_IGNORED})),
    "multiply": frozenset({_IGNORED, "upstream added", "upstream twice"}),
    "max": frozenset({"mask on the upstream", "mask as gradient"}),
    "exp": frozenset({_IGNORED, "cut off to integers"}),
    "reciprocal": frozenset({_IGNORED}),
    "scale": frozenset({_IGNORED}),
    "shift": frozenset({_IGNORED, "plus c"}),
    "sigmoid": frozenset({_IGNORED}),
    "relu": frozenset(
        {
            _IGNORED,
            "mask of the upstream",
            "x for the upstream",
            "mask on the upstream",
            "mask on both",
            "the mask alone",
            "the value",
        }
    ),
    "squared_norm": frozenset({_IGNORED}),
    "matrix_vector_norm": frozenset({_IGNORED, "rows alike", "of q alone"}),
    "linear": frozenset({_IGNORED, "gradient of another weight"}),
    "affine": frozenset({_IGNORED, "cut off to integers", "one entry off by 1e-3", "integers"}),
    "affine_gate": frozenset({"dx of the bias"}),
    "max_pool": frozenset({"upstream not multiplied"}),
}

__all__ = ["NOT_LINEAR", "WRONG", "Right", "Wrong", "text_of"]
