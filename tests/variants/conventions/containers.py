"""What results come in: tuples, lists, dicts, numbers of any type, arrays of any memory order."""

from __future__ import annotations

from variants.conventions.form import Form, Stated
from variants.wrong.record import Edit, Right, Wrong

_TUPLE: Stated = (("container", "tuple"),)
_DICT: Stated = (("container", "dict"),)
_LIST_OF_NUMBERS = ("N708",)
_SINGLE = ("N704",)


def _right(
    convention: str, assignment: str, task: str, old: str, new: str, *notes: str,
    stated: Stated = (),
) -> Form:  # fmt: skip
    return Form(convention, assignment, Right(task, new.strip(), ((old, new),), notes), stated)


def _wrong(
    convention: str, assignment: str, task: str, old: str, new: str, *told: str,
    stated: Stated = (),
) -> Form:  # fmt: skip
    return Form(convention, assignment, Wrong(task, new.strip(), ((old, new),), told), stated)


def _several() -> tuple[Form, ...]:
    """Return the containers of a class with two gradients, a pair with three, and a circuit."""
    name = "container of several results"
    gate = ("gates", "multiply", "return dx, dy")
    pair = ("layers", "affine", "return dx, dw, db")
    named = '{"q": q, "f": f, "dq": dq, "dx": dx, "dy": dy, "dz": dz}'
    circuit = ("circuits", "add_multiply", f"return {named}")
    told = ("backward[dx] S302", "backward[dy]")
    of_circuit = ("forward[q] S302", "forward[f]", "backward[dq]", *told[1:], "backward[dz]")
    return (
        _right(name, *gate, "return [dx, dy]"),
        _right(name, *gate, 'return {"dx": dx, "dy": dy}'),
        _right(name, *gate, 'return {"y": dy, "x": dx}'),
        _right(name, *pair, "return [dx, dw, db]"),
        _right(name, *pair, "return dict(db=db, dw=dw, dx=dx)"),
        _right(name, *circuit, f"return dict(sorted({named}.items()))"),
        _right(name, *circuit, "return q, f, dq, dx, dy, dz"),
        _wrong(name, *gate, "return np.stack([dx, dy])", *told),
        _wrong(name, *gate, 'return {"dx": dx}', "backward[dy] S304"),
        _right(name, *gate, "return [dx, dy]", stated=_TUPLE),
        _right(name, *gate, "return tuple([dx, dy])", stated=_TUPLE),
        _wrong(name, *gate, 'return {"dx": dx, "dy": dy}', *told, stated=_TUPLE),
        _right(name, *circuit, f"return {named} | {{}}", stated=_DICT),
        _wrong(name, *circuit, "return q, f, dq, dx, dy, dz", "backward[dx]", *of_circuit,
               stated=_DICT),
    )


def _one() -> tuple[Form, ...]:
    name = "container of one gradient"
    return tuple(
        _right(name, assignment, task, f"return {d}", f"return {form}")
        for assignment, task, d in (
            ("gates", "relu", "dx"), ("gates", "squared_norm", "dq"), ("layers", "relu", "dx"),
        )
        for form in (f"({d},)", f"[{d}]", f'{{"{d}": {d}}}', f'{{"{d[1:]}": {d}}}')
    )  # fmt: skip


def _pair_of_a_loss() -> tuple[Form, ...]:
    name, old = "container of a loss and its gradient", "return loss, dW"
    forms = (
        "[loss, dW]", "(loss, (dW,))", '(loss, {"dW": dW})', '[loss, {"W": dW}]', "(loss, [dW])",
    )  # fmt: skip
    return tuple(
        _right(name, "losses", task, old, f"return {form}")
        for task in ("l2_regulariser", "svm_loss", "softmax_loss")
        for form in forms
    )


def _loss_shapes() -> tuple[Form, ...]:
    """Return a loss as every value with one entry, and as values with more."""
    name, old = "shape and type of a loss", "return loss, dW"
    rights: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("float(loss)", ()), ("np.float64(loss)", ()), ("np.array(loss)", ()),
        ("np.array([loss])", ()), ("np.array([[loss]])", ()), ("[loss]", _LIST_OF_NUMBERS),
        ("np.float32(loss)", _SINGLE), ("np.float32([[loss]])", _SINGLE),
    )  # fmt: skip
    wrongs = (("np.array([loss, loss])", "S306"), ("np.full(len(W), loss)", "S306"),
              ("str(loss)", "S305"), ("None", "S301"), ("loss + 0j", "S305"))  # fmt: skip
    tasks = ("l2_regulariser", "svm_loss", "softmax_loss")
    return (
        *(_right(name, "losses", task, old, f"return {form}, dW", *notes)
          for task in tasks for form, notes in rights),
        *(_wrong(name, "losses", task, old, f"return {form}, dW", f"forward {code}")
          for task in tasks for form, code in wrongs),
        *(_right(name, assignment, task, "return f", f"return {form}", *notes)
          for assignment, task in (("gates", "squared_norm"), ("layers", "matrix_vector_norm"))
          for form, notes in (("float(f)", ()), ("np.array([f])", ()), ("np.array([[f]])", ()))),
    )  # fmt: skip


def _numbers() -> tuple[Form, ...]:
    """Return a circuit's numbers in every type; a gradient of a number is a number."""
    name, out, d = "type of a number", '"f": f', '"dx": dx'
    circuit = ("circuits", "add_multiply")
    return (
        *(_right(name, *circuit, old, old.replace(": ", ": " + kind + "(") + ")", *notes)
          for old in (out, d)
          for kind, notes in (("float", ()), ("np.float64", ()), ("np.array", ()),
                              ("np.float32", _SINGLE))),
        _right(name, *circuit, out, '"f": np.array([f])'),
        _wrong(name, *circuit, d, '"dx": np.array([dx])', "backward[dx] S307"),
        _wrong(name, *circuit, d, '"dx": [dx]', "backward[dx] S307"),
    )  # fmt: skip


def _memory() -> tuple[Form, ...]:
    """Return arrays of every order of memory and some of their subclasses."""
    name = "order of memory, views, subclasses"
    forms = ("np.asfortranarray({})", "np.repeat({}, 2, axis=0)[::2]", "{}[::-1][::-1]",
             "np.broadcast_to({0}, {0}.shape)", "{}.astype('>f8')", "np.ma.array({})")  # fmt: skip
    places = (
        ("layers", "affine", "dx = ", "dout.dot(w.T)"), ("layers", "affine", "db = ",
         "dout.sum(axis=0)"), ("layers", "affine", "out = ", "(x.dot(w) + b)"),
        ("layers", "linear", "dW = ", "ds.dot(x.T)"),
    )  # fmt: skip
    return tuple(
        Form(name, assignment, Right(task, f"{start}{form}", (
            (start + right.strip("()") if right[0] == "(" else start + right,
             start + form.format(right)),)))
        for assignment, task, start, right in places
        for form in forms
    )  # fmt: skip


def _layers() -> tuple[Form, ...]:
    """Return the two orientations of a layer that states one."""
    name = "orientation of a layer"
    x_of_rows: Edit = ("s = W.dot(x)", "s = np.dot(x.T, W.T).T")
    return (
        Form(name, "layers", Right("linear", "by rows inside", (x_of_rows,))),
        _wrong(name, "layers", "linear", "s = W.dot(x)", "s = x.T.dot(W.T)", "forward S306"),
        _wrong(name, "layers", "linear", "s = W.dot(x)", "s = x.dot(W)", "forward R201",
               "backward[dx]", "backward[dW]"),
        _wrong(name, "layers", "affine", "x.dot(w) + b", "w.T.dot(x.T) + b[:, None]",
               "forward S306"),
        _wrong(name, "layers", "affine", "x.dot(w) + b", "w.dot(x) + b", "forward R201",
               "backward[dx]", "backward[dw]", "backward[db]"),
    )  # fmt: skip


FORMS: tuple[Form, ...] = (
    *_several(), *_one(), *_pair_of_a_loss(), *_loss_shapes(), *_numbers(), *_memory(), *_layers(),
)  # fmt: skip
