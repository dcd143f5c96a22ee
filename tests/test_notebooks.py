"""Notebooks: definitions are graded like a module, the rest is left out and said so."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trees import (
    AFFINE,
    FLAT,
    HALF,
    LAYERS,
    SPEC,
    codes,
    course,
    graded,
    graded_at,
    messages,
    points,
    write,
)

from grader.submission.notebook import MAX_NOTEBOOK_BYTES, read_notebook
from grader.worker.cells import split

RIGHT = {"affine": 1.0, "half": 1.0}
NONE = {"affine": 0.0, "half": 0.0}
NOTEBOOK = FLAT.replace("layers.py", "layers.ipynb")
FEW = settings(max_examples=100, deadline=None)


def notebook(*cells: str, nbformat: int = 4, **more: Any) -> str:
    """Return a notebook of code cells; those that begin with `#md` are text."""
    made = []
    for index, text in enumerate(cells):
        if text.startswith("#md"):
            made.append({"cell_type": "markdown", "source": [text]})
            continue
        lines = text.splitlines(keepends=True)
        key = "input" if nbformat == 3 else "source"
        # Files hold lists of lines, and sometimes one text.
        made.append({"cell_type": "code", key: text if index % 2 else lines, "outputs": []})
    held: dict[str, Any] = {"cells": made} if nbformat == 4 else {"worksheets": [{"cells": made}]}
    return json.dumps({"nbformat": nbformat, "nbformat_minor": 0, "metadata": {}, **held, **more})


CELLS = (
    "#md # Assignment 1",
    "import numpy as np\nimport matplotlib.pyplot as plt\n%matplotlib inline\n%load_ext autoreload",
    "plt.figure()\nX_train, y_train = load_data()\nprint(X_train.shape)",
    f"scale = 3.0\n{AFFINE}",
    "!pip install torch\nfiles = !ls\nnp.dot?\n?np.dot",
    "%%bash\nls -l | grep def",
    f"%%time\n{HALF}".replace("3 *", "scale *"),
    "for i in range(10):\n    plt.plot(half_forward(X_train)[0])\nplt.show()",
    "raise SystemExit",
)


@pytest.mark.parametrize("nbformat", [3, 4])
def test_the_definitions_of_a_notebook(nbformat: int, tmp_path: Path, either_rung: str) -> None:
    """Imports, functions and plain values are graded; display code and magics are left out."""
    files = {"layers.ipynb": notebook(*CELLS, nbformat=nbformat)}
    report = graded(tmp_path, files, either_rung, course(NOTEBOOK))
    assert points(report) == RIGHT, messages(report)
    assert codes(report) == {"- N722", "affine N720"}
    assert "definitions of 8 code cells; left out: 9 lines of magics or shell" in messages(report)


@pytest.mark.parametrize(
    ("spec", "name", "found"),
    [
        (FLAT, "layers.ipynb", {"- N722", "- N723"}),
        (NOTEBOOK, "layers.py", {"- N723"}),
        (SPEC, "cs231n/layers.ipynb", {"- N722", "- N723"}),
        (SPEC, "hw/cs231n/layers.ipynb", {"- N721", "- N722", "- N723"}),
    ],
)
def test_a_notebook_and_a_module_stand_for_one_another(
    spec: str, name: str, found: set[str], tmp_path: Path
) -> None:
    """Either is taken where the other is asked for and missing, and a note says so."""
    text = LAYERS if name.endswith(".py") else notebook(LAYERS)
    report = graded(tmp_path, {name: text}, ready=course(spec))
    assert points(report) == RIGHT, messages(report)
    assert codes(report) == found


def test_the_module_goes_first(tmp_path: Path) -> None:
    """Where both are there, the one that is asked for is read."""
    files = {"layers.py": LAYERS, "layers.ipynb": "no notebook"}
    report = graded(tmp_path, files, ready=course(FLAT))
    assert points(report) == RIGHT
    assert not codes(report)
    write(tmp_path / "one", {"layers.ipynb": notebook(LAYERS)})
    assert points(graded_at(tmp_path / "one" / "layers.ipynb", ready=course(FLAT))) == RIGHT


def test_a_notebook_imports_its_tree(tmp_path: Path, either_rung: str) -> None:
    """A notebook beside a package imports from it, as it does when it runs there."""
    files = {
        "layers.ipynb": notebook("import numpy as np\nfrom cs231n.parts import *", HALF),
        "cs231n/parts.py": AFFINE,
        "layers.py": "1 / 0  # what the notebook was converted to once",
    }
    ready = course(NOTEBOOK.replace("files:", "tree: true\nfiles:"))
    report = graded(tmp_path, files, either_rung, ready)
    assert points(report) == RIGHT, messages(report)


HEAD = "import numpy as np"


ONLY_HALF = {"affine": 0, "half": 1}


@pytest.mark.parametrize(
    ("cells", "expected", "told"),
    [
        # A cell that does not parse: only what it would have defined is lost.
        (("x = (\n" + AFFINE,), ONLY_HALF, "layers.ipynb cell 3:1: SyntaxError"),
        ((AFFINE, "print 'done'"), RIGHT, ""),
        (("oops = undefined\nn = np.nothing", AFFINE), RIGHT, ""),
        ((AFFINE.replace("cache):", "cache, n=N):"),), {**ONLY_HALF, "affine": 0.25},
         "no function affine_backward"),
        ((AFFINE.replace("x, w, b):", "x, w, b, n=N):"),), ONLY_HALF,
         "layers.ipynb cell 3:2: the file raises when it is imported: NameError: name 'N'"),
        # Defined twice: the last one counts, as when all cells are run in order.
        ((AFFINE, AFFINE.replace("x @ w + b", "x @ w")), {**ONLY_HALF, "affine": 0.75}, ""),
        ((AFFINE, "def affine_forward(x, w, b):\n    pass"), ONLY_HALF, ""),
        ((AFFINE.replace("affine_", "my_"),
          "affine_forward = my_forward\naffine_backward = my_backward"), RIGHT, ""),
        ((AFFINE.replace("x @ w", "1 / 0 * x @ w"),), ONLY_HALF,
         "layers.ipynb cell 3:3: affine_forward raised ZeroDivisionError"),
        (("#md text", AFFINE.replace("x @ w", "1 / 0 * x @ w")), ONLY_HALF,
         "layers.ipynb cell 4:3: affine_forward raised ZeroDivisionError"),
        (("try:\n    import cupy as xp\nexcept ImportError:\n    xp = np", AFFINE), RIGHT, ""),
        (("if True:\n    from parts import *", AFFINE), RIGHT, ""),
        ((AFFINE + "\n# --- code cell 7 ---\n1 / 0",), RIGHT, ""),
    ],
)  # fmt: skip
def test_cells_with_faults(
    cells: tuple[str, ...], expected: dict[str, float], told: str, tmp_path: Path, either_rung: str
) -> None:
    """A fault costs what depends on it; messages name the cell and the line in it."""
    report = graded(
        tmp_path, {"layers.ipynb": notebook(HEAD, HALF, *cells)}, either_rung, course(NOTEBOOK)
    )
    assert points(report) == pytest.approx(expected), messages(report)
    assert told in messages(report)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is not a notebook: it is not JSON (Expecting value, line 1)"),
        (b"{", "is not a notebook: it is not JSON"),
        (b"[]", "is not a notebook: there is no object in it"),
        (b"{}", "is not a notebook of format 3 or 4 (none is stated)"),
        (b'{"nbformat": 2}', "is not a notebook of format 3 or 4 (2)"),
        (b'{"nbformat": 4}', "has no code cells"),
        (b'{"nbformat": 4, "cells": 3}', "has no code cells"),
        (b'{"nbformat": 4, "cells": [3, {}, {"cell_type": "code", "source": 3}]}',
         "has no code cells"),
        (b'{"nbformat": 3, "worksheets": [[]]}', "has no code cells"),
        (b'{"nbformat": NaN}', "is not a notebook of format 3 or 4"),
        (b'{"nbformat": ' + b"9" * 100_000 + b"}", "is not a notebook of format 3 or 4"),
        (b"\xff\xfe{}", "is not UTF-8 text (byte 0)"),
        (b"[" * 200_000, "is not a notebook: it is not JSON (nested too deeply)"),
        (notebook("\0").encode(), "contains a NUL character"),
        (notebook("x", metadata={"kernelspec": {"language": "R"}}).encode(),
         "is a notebook of R, not of Python"),
        (notebook("x", metadata={"language_info": {"name": "\x1b[31m"}}).encode(),
         "is a notebook of \\x1b[31m, not of Python"),
        (notebook("#" * (1 << 20)).encode(), "holds more code than a module may"),
        (notebook(*["x = 1"] * 2001).encode(), "holds more code than a module may"),
    ],
)  # fmt: skip
def test_what_is_no_notebook(data: bytes, reason: str, tmp_path: Path) -> None:
    """A malformed notebook is L102 with the reason."""
    report = graded(tmp_path, {"layers.ipynb": data}, ready=course(NOTEBOOK))
    assert points(report) == NONE
    assert codes(report) == {"- L102"}
    assert messages(report).startswith(f"layers.ipynb: {reason}")
    assert messages(report).isprintable()


def test_a_notebook_of_fifty_megabytes(tmp_path: Path) -> None:
    """It is refused before it is read, with advice; a large one below the cap is read."""
    path = tmp_path / "layers.ipynb"
    path.write_text(notebook(LAYERS, more="x" * (7 << 20)))
    assert points(graded_at(tmp_path, ready=course(NOTEBOOK))) == RIGHT
    path.write_text(notebook(LAYERS, more="x" * (50 << 20)))
    report = graded_at(tmp_path, ready=course(NOTEBOOK))
    assert points(report) == NONE
    assert "is larger than 8 MiB: clear the outputs of its cells" in messages(report)
    assert path.stat().st_size > MAX_NOTEBOOK_BYTES


@FEW
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_a_notebook_or_a_reason(data: bytes) -> None:
    """Nothing that is handed in as a notebook raises."""
    read = read_notebook(data)
    assert bool(read.problem) != bool(read.cells)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["code", "cells", "source", 3, 4]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["cells", "worksheets", "cell_type", "source", "input", "metadata",
                         "kernelspec", "language", "nbformat"]), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@FEW
@given(_json, st.sampled_from([3, 4]))
def test_any_json_is_a_notebook_or_a_reason(cells: Any, nbformat: int) -> None:
    """Any structure is read or refused."""
    data = json.dumps({"nbformat": nbformat, "cells": cells, "worksheets": cells}).encode()
    read = read_notebook(data)
    assert bool(read.problem) != bool(read.cells)


@FEW
@given(st.lists(st.text(alphabet="ab \t\n%!?()[]'\"\\#=.x:", max_size=60), min_size=1, max_size=4))
def test_no_line_moves(cells: list[str]) -> None:
    """Whatever a cell holds, each line that is left stands where it stood."""
    read = read_notebook(notebook(*(f"x\n{text}" for text in cells)).encode())
    assert not read.problem
    for text, (_, kept) in zip(cells, split("f", read.text), strict=True):
        before, after = f"x\n{text}".split("\n"), kept.split("\n")
        assert len(after) == len(before) + 1  # the end of the cell is a line of its own
        assert all(line in ("", old) for old, line in zip(before, after, strict=False))


@pytest.mark.parametrize(
    "source",
    ["'''" + "\\'''" * 100_000, "(" * 400_000, '"' * 300_000, "\\\n" * 200_000, "a," * 200_000,
     "a = b\n%" * 60_000, "x?" * 200_000],
    ids=range(7),
)  # fmt: skip
def test_hostile_cells_take_no_time(source: str) -> None:
    """The work is in proportion to the text."""
    started = time.process_time()
    assert read_notebook(notebook(source).encode()).cells == 1
    assert time.process_time() - started < 3
