"""Mistakes that any task invites, made where right/plain writes its gradients.

``PLACES``   task -> gradient of each argument -> its statement there; the gradient is what
             follows ``|``. A new task earns its versions with a row.
``CACHES``   task -> the statement of a class that keeps what backward needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from in_process import COURSE, read_right
from variants.by_heart import decorated
from variants.wrong.record import Edit, Wrong, text_of

from grader.checks import backward_check, value_checks
from grader.course import load
from grader.model import Task

Places = dict[str, str]

PLACES: dict[str, dict[str, Places]] = {
    "gates": {
        "add": {"dx": "dx = |dz", "dy": "dy = |dz"},
        "multiply": {"dx": "dx = |self.y * dz", "dy": "dy = |self.x * dz"},
        "max": {"dx": "dx = |(x > y) * dz", "dy": "dy = |(x <= y) * dz"},
        "exp": {"dx": "dx = |self.z * dz"},
        "reciprocal": {"dx": "dx = |-1 / self.x**2 * dz"},
        "scale": {"dx": "dx = |self.a * dz"},
        "shift": {"dx": "dx = |dz"},
        "sigmoid": {"dx": "dx = |(1 - s) * s * ds"},
        "relu": {"dx": "dx = |dz * (x > 0)"},
        "squared_norm": {"dq": "dq = |2 * self.q * df"},
    },
    "circuits": {
        "add_multiply": {"dx": "dx = |dq", "dy": "dy = |dq", "dz": "dz = |q * df"},
        "add_max_multiply": {"dx": "dx = |da", "dy": '"dy": |dy', "dz": '"dz": |dz'},
        "sigmoid_neuron": {
            "dw0": 'out["dw0"] = |x0 * out["dprod0"]',
            "dx0": 'out["dx0"] = |w0 * out["dprod0"]',
            "dw1": 'out["dw1"] = |x1 * out["dprod1"]',
            "dx1": 'out["dx1"] = |w1 * out["dprod1"]',
            "dw2": 'out["dw2"] = |out["ddot"]',
        },
        "sigmoid_neuron_short": {"dx": '"dx": |dx', "dw": '"dw": |dw'},
        "multiply_max": {
            "dx": "dx = |y * dxy",
            "dy": "dy = |x * dxy",
            "dz": "dz = |dm * (z > w)",
            "dw": "dw = |dm * (w >= z)",
        },
        "staged_rational": {"dx": '"dx": |dx', "dy": '"dy": |dy'},
        "apples_and_oranges": {
            "dapple": 'out["dapple"] = |apple_num * out["dapple_price"]',
            "dapple_num": 'out["dapple_num"] = |apple * out["dapple_price"]',
            "dorange": 'out["dorange"] = |orange_num * out["dorange_price"]',
            "dorange_num": 'out["dorange_num"] = |orange * out["dorange_price"]',
            "dtax": 'out["dtax"] = |out["all_price"] * dprice',
        },
        "hidden_score": {
            "du": "du = |h * ds",
            "dW": "dW = |np.outer(dz, x)",
            "db": "db = |dz.copy()",
            "dx": "dx = |W.T.dot(dz)",
        },
    },
    "losses": {
        "l2_regulariser": {"dW": "return loss, |dW"},
        "svm_loss": {"dW": "return loss, |dW"},
        "svm_staged": {"dW": '"dW": |dW'},
        "softmax_loss": {"dW": "return loss, |dW"},
        "softmax_staged": {"dW": '"dW": |dW'},
    },
    "functions": {
        "paraboloid": {"dx": "return |2 * x", "dy": ", |2 * y"},
        "product": {"dx": "[|y", "dy": "[y, |x"},
        "composition": {"dx": "return |outer * inner"},
        "log_sum_exp": {"dx": "return |exps / np.sum(exps)"},
        "quadratic_form": {"dx": "dx = |A.dot(x) + A.T.dot(x)", "dA": "dA = |np.outer(x, x)"},
    },
    "layers": {
        "matrix_vector_norm": {"dW": "dW = |np.outer(dq, x)", "dx": "dx = |W.T.dot(dq)"},
        "linear": {"dx": "dx = |W.T.dot(ds)", "dW": "dW = |ds.dot(x.T)"},
        "affine": {
            "dx": "dx = |dout.dot(w.T)",
            "dw": "dw = |x.T.dot(dout)",
            "db": "db = |dout.sum(axis=0)",
        },
        "affine_gate": {
            "dx": "dx = |dout.dot(w.T)",
            "dw": "dw = |x.T.dot(dout)",
            "db": "db = |dout.sum(axis=0)",
        },
        "relu": {"dx": "dx = |dout * (x > 0)"},
    },
    "jacobians": {
        "mixed": {"dx": "return |J"},
        "helicoid": {"dx": "return |J"},
        "sigmoid": {"dz": "return |np.diag(local)"},
        "linear": {"dx": "dx = |W.copy()"},  # db is the identity, of whole numbers if one likes
        "score": {"du": "du = |h.copy()", "dh": "dh = |u.copy()"},
        "layer": {"dx": "dx = |local.dot(W)", "db": "db = |local"},
        "layer_vjp": {"dx": "dx = |J.T.dot(dh)"},
        "relu": {"dx": "dx = |dout * (x > 0)"},
    },
    "modules": {
        "linear": {
            "dx": "dx = |dout.dot(self.weight)",
            "dW": "self.gradWeight += |dout.T.dot(x)",
            "db": "self.gradBias += |dout.sum(axis=0)",
        },
        "affine": {
            "dx": "dx = |dout.dot(self.W.T)",
            "dW": "self.dW = |self.x.T.dot(dout)",
            "db": "self.db = |dout.sum(axis=0)",
        },
        "scale_shift": {
            "dx": "dx = |dout * self.BW",
            "dBW": "self.dLdBW = |np.sum(dout * self.x, axis=0, keepdims=True)",
            "dBb": "self.dLdBb = |np.sum(dout, axis=0, keepdims=True)",
        },
        "fruit": {
            "dapple": "dapple = |n_apple * dtotal",
            "dn_apple": "dn_apple = |apple * dtotal",
            "dorange": "dorange = |n_orange * dtotal",
            "dn_orange": "dn_orange = |orange * dtotal",
            "dtax": "dtax = |self.total * dprice",
        },
    },
}

CACHES: dict[str, dict[str, str]] = {
    "gates": {
        "max": "self.x = x",
        "exp": "self.z = np.exp(x)",
        "reciprocal": "self.x = x",
        "scale": "self.a = a",
        "sigmoid": "self.s = s",
        "relu": "self.x = x",
        "squared_norm": "self.q = q",
    },
    "layers": {"matrix_vector_norm": "self.x = x"},
}

_VALUES = {
    "M13 sign of {}": "-({})",
    "M14 {} doubled": "2 * ({})",
    "M14 {} halved": "({}) / 2",
    "M41 {} cut off to integers": "np.asarray({}).astype(int)",
}
_UPSTREAMS = {
    "M07 upstream ignored in {}": "np.ones_like({})",
    "M08 upstream twice in {}": "({0} * {0})",
}
_HEADER = "import numpy as np\n"
_KEPT = """
KEPT = {}


def more(new):
    kept = KEPT[np.shape(new)] = KEPT.get(np.shape(new), 0) + new
    return kept
"""


def wrong_everywhere(assignment: str) -> tuple[Wrong, ...]:
    """Return the versions of every task of an assignment that has a row."""
    tasks = {task.id: task for task in load(COURSE, assignment)[0].tasks}
    return tuple(
        wrong
        for name, places in PLACES.get(assignment, {}).items()
        for wrong in (
            *_of_places(tasks[name], places),
            *_of_the_whole(assignment, tasks[name], places),
            *_of_caches(tasks[name], CACHES.get(assignment, {}).get(name)),
        )
    )


def place(places: Places, gradient: str, form: str) -> Edit:
    """Return the edit that writes a gradient in another form, ``{}`` being the right one."""
    kept, right = places[gradient].split("|")
    return kept + right, kept + form.format(right)


def accumulated(places: Places) -> Edit:
    """Return the edit of a class that adds its first gradient to that of its last backward."""
    kept, right = next(iter(places.values())).split("|")
    return kept + right, f'self.summed = {kept}getattr(self, "summed", 0) + {right}'


def _of_places(task: Task, places: Places) -> Iterator[Wrong]:
    upstreams = [f"d{name}" for name in task.upstream]
    for gradient in places:
        check = backward_check(gradient.removeprefix("d"))
        for mistake, form in _VALUES.items():
            edit = place(places, gradient, form)
            yield Wrong(task.id, mistake.format(gradient), (edit,), (f"{check} V402",))
        # Alone it would be an unwritten function, and None cannot be added up.
        if len(places) > 1 and "+=" not in places[gradient]:
            edit = place(places, gradient, "None")
            yield Wrong(task.id, f"M47 None as {gradient}", (edit,), (f"{check} S301",))
        right = places[gradient].partition("|")[2]
        for upstream in upstreams:
            if not re.search(rf"\b{upstream}\b", right):
                continue
            for mistake, form in _UPSTREAMS.items():
                other = re.sub(rf"\b{upstream}\b", form.format(upstream), right)
                edit = place(places, gradient, other)
                yield Wrong(task.id, mistake.format(gradient), (edit,), (f"{check} V402",))
            if task.is_elementwise:
                edit = place(places, gradient, f"{{}} + {upstream}")
                yield Wrong(task.id, f"M08 upstream added to {gradient}", (edit,),
                            (f"{check} V402",))  # fmt: skip


def _of_the_whole(assignment: str, task: Task, places: Places) -> Iterator[Wrong]:
    is_pair = bool(task.call.backward_args)
    kept = {backward_check(name) for name, _ in task.call.gradient_attributes}
    checks = [c for c in value_checks(task) if c not in kept]
    if is_pair:
        checks = [c for c in checks if c.startswith("backward")]
    line = _last_return(assignment, task)
    yield Wrong(task.id, "M47 the last return forgotten", ((line, line.removeprefix("return ")),),
                (f"{checks[0]} S301", *checks[1:]))  # fmt: skip
    told = tuple(f"{check} V402|{check} V401" for check in checks)
    label = "M49 the answers of one public run by heart"
    yield Wrong(task.id, label, decorated(assignment, task), told)
    if task.conventions["second_backward"] == "same" and task.call.style == "gate_class":
        yield Wrong(task.id, "M38 accumulates in the object", (accumulated(places),),
                    ("behaviour.second_backward B508",))  # fmt: skip
    if is_pair and task.upstream:
        gradient = next(iter(places))
        check = backward_check(gradient.removeprefix("d"))
        edits = ((_HEADER, _HEADER + _KEPT), place(places, gradient, "more({})"))
        yield Wrong(task.id, f"M38 {gradient} added to that of the last backward", edits,
                    (f"{check} V402", f"behaviour.repeatable B502|{check} V402"))  # fmt: skip


def _last_return(assignment: str, task: Task) -> str:
    (source,) = read_right("plain", assignment).values()
    targets = tuple(filter(None, (task.call.target, task.call.backward)))
    text = text_of(source, targets, Wrong(task.id, "", (), ()))
    return text[text.rindex("return ") :].partition("\n")[0]


def _of_caches(task: Task, statement: str | None) -> Iterator[Wrong]:
    if statement is None:
        return
    target, value = statement.removeprefix("self.").split(" = ")
    shared = (statement, f"{task.call.target}.{target} = {value}")
    yield Wrong(task.id, "M39 cache in the class", (shared,), ("behaviour.shared_cache B501",))
    if target not in task.call.constructor_args:
        kept = (statement, f'self.{target} = getattr(self, "{target}", {value})')
        yield Wrong(task.id, "M39 cache of the first forward", (kept,),
                    ("behaviour.stale_cache B504",))  # fmt: skip
