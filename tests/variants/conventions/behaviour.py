"""What a second backward gives, whose memory results may share, and how a Jacobian lies."""

from __future__ import annotations

from variants.conventions.form import Form, Stated
from variants.wrong.everywhere import PLACES, accumulated
from variants.wrong.record import Right, Wrong

_SAME: Stated = (("second_backward", "same"),)
_COPY: Stated = (("aliasing", "copy"),)
_ONCE_MORE = ("behaviour.second_backward B508",)
_SHARED = ("behaviour.aliasing B507",)
_CLASSES = (("gates", "multiply"), ("gates", "sigmoid"), ("gates", "squared_norm"),
            ("layers", "matrix_vector_norm"), ("layers", "affine_gate"))  # fmt: skip


def _second_backward(assignment: str, task: str) -> tuple[Form, ...]:
    name, sums = "a second backward, stated to be the same", accumulated(PLACES[assignment][task])
    return (
        Form(name, assignment, Right(task, "overwrites"), _SAME),
        Form(name, assignment, Wrong(task, "accumulates", (sums,), _ONCE_MORE), _SAME),
    )


_ALIASING = "memory of its own, where it is stated"
_LAYOUT = "layout of a Jacobian"
_TRANSPOSED = (("    return J\n", "    return J.T\n"),)
_BACK = (("    return J\n", "    return np.ascontiguousarray(J.T).T\n"),)
_SHAPE = ("backward[dx] S306",)

FORMS: tuple[Form, ...] = (
    *(form for place in _CLASSES for form in _second_backward(*place)),
    Form(_ALIASING, "gates", Wrong("add", "one array twice", (), _SHARED), _COPY),
    Form(_ALIASING, "gates", Wrong("shift", "the upstream itself", (), _SHARED), _COPY),
    Form(_ALIASING, "gates", Right("add", "two copies", (
        ("dx = dz", "dx = 1 * dz"), ("dy = dz", "dy = np.array(dz)"))), _COPY),
    Form(_ALIASING, "gates", Right("shift", "a copy", (("dx = dz", "dx = 1 * dz"),)), _COPY),
    *(Form(_LAYOUT, "jacobians", Wrong(task, "transposed", _TRANSPOSED, _SHAPE))
      for task in ("mixed", "helicoid")),
    *(Form(_LAYOUT, "jacobians", Right(task, "as stated", _BACK))
      for task in ("mixed", "helicoid")),
)  # fmt: skip
