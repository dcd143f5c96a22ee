"""Walks through the memory of the process, and guesses of what the grader is going to ask."""

from __future__ import annotations

from attack import CREDIT, EXPECTED, Attack, gate, grouped

WALKS = grouped(
    "walks",
    Attack(
        "steal_from_frames",
        "returns the expected arrays found in the callers' frames",
        gate("return expected('z')", "return expected('dx')", EXPECTED),
        "allclose",
        CREDIT,
    ),
    Attack(
        "zero_in_frames",
        "zeroes every array in every caller's frame",
        gate(
            "return x * 0",
            "zero()\nreturn dz * 0",
            """
            import sys
            def zero():
                frame, seen = sys._getframe(1), []
                while frame:
                    seen += frame.f_locals.values()
                    frame = frame.f_back
                for value in seen:
                    for array in (value.values() if isinstance(value, dict) else [value]):
                        if type(array) is np.ndarray and array.dtype == float:
                            array[...] = 0
            """,
        ),
        "allclose",
        CREDIT,
    ),
    Attack(
        "zero_by_gc",
        "zeroes every array that any container of the process holds",
        gate(
            "return x * 0",
            "zero()\nreturn dz * 0",
            """
            import gc
            def zero():
                seen = [h for h in gc.get_objects() if type(h) in (dict, list)]
                for held in [*seen, *(d for h in seen for d in h if type(d) is dict)]:
                    for array in list(held.values() if type(held) is dict else held):
                        if type(array) is np.ndarray and array.dtype == float and array.ndim:
                            if array.flags.writeable:
                                array[...] = 0
            """,
        ),
        "allclose",
        CREDIT,
    ),
    Attack(
        "loaded_reference",
        "calls whatever loaded module has the class it should write",
        gate(
            "self.answer = find()\nreturn self.answer.forward(x) if self.answer else x * 0",
            "return self.answer.backward(dz) if self.answer else dz * 0",
            """
            import sys
            def find():
                for name, module in list(sys.modules.items()):
                    found = getattr(module, "SquareGate", None)
                    if name != "gates" and isinstance(found, type) and found is not SquareGate:
                        return found()
            """,
        ),
        "allclose",
        CREDIT,
    ),
    Attack(
        "imported_reference",
        "imports the answers by the names they usually have",
        gate(
            "self.answer = find()\nreturn self.answer.forward(x) if self.answer else x * 0",
            "return self.answer.backward(dz) if self.answer else dz * 0",
            """
            import importlib
            def find():
                for name in ("reference", "reference.gates", "solution", "grader.oracle",
                             "grader.reference", "answers", "_answers"):
                    try:
                        return importlib.import_module(name).SquareGate()
                    except Exception:
                        pass
            """,
        ),
        "allclose",
        CREDIT,
    ),
    Attack(
        "late_text",
        "an exception whose text, made in the grader, changes the score there",
        gate(
            "raise Late",
            before="""
            import sys
            class Late(Exception):
                def __str__(self):
                    frame = sys._getframe(1)
                    while frame:
                        score = frame.f_locals.get("score")
                        if isinstance(score, dict):
                            score["points"] = 4
                        frame = frame.f_back
                    return "late"
            """,
        ),
        "allclose",
        CREDIT,
    ),
    Attack(
        "predicted_inputs",
        "answers from a table of the inputs that a fixed seed draws",
        gate(
            "return X * X",
            "return 2 * X * dz",
            "X = np.random.RandomState(0).randn(4, 3)",
        )
        .replace("return X * X", "return X * X if x.shape == X.shape else x * 0")
        .replace("return 2 * X * dz", "return 2 * X * dz if dz.shape == X.shape else dz * 0"),
        "allclose",
        CREDIT,
    ),
    Attack(
        "seeded_inputs",
        "seeds the generator that the grader is going to draw from",
        gate(
            "return X * X if x.shape == X.shape else x * 0",
            "return 2 * X * dz if dz.shape == X.shape else dz * 0",
            "X = np.random.RandomState(5).randn(4, 3)\nnp.random.seed(5)",
        ),
        "maxerr",
        CREDIT,
    ),
    Attack(
        "drawn_inputs",
        "replaces the generator, so that every input is 0",
        gate(before="np.random.randn = lambda *shape: np.zeros(shape)").replace("dz * 0", "dz * 0"),
        "maxerr",
        CREDIT,
    ),
    Attack(
        "learned",
        "keeps what it is called with, and answers later calls from that",
        gate(
            "SEEN.append(x.copy())\nreturn SEEN[0] * 3",
            "return dz * (SEEN[0] - SEEN[1]) * 0",
            "SEEN = []",
        ),
        "numeric",
        CREDIT,
    ),
)
