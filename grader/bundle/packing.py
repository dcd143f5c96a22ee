"""The zip of an autograder: the grader's sources, the files of an assignment, two scripts.

Gradescope unpacks it to ``/autograder/source``, runs ``setup.sh`` once and ``run_autograder`` for
each submission. Only pip needs a network, and only then.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from grader.batch import Kit
from grader.bundle.answering import not_graded
from grader.bundle.settings import files_of
from grader.zipping import zipped

# What this package depends on; where it runs from a checkout there is nothing to ask.
REQUIREMENTS = (
    "numpy>=1.26", "pyyaml>=6", "tabulate>=0.9", "tqdm>=4.66",
    "pyseccomp==0.1.2; sys_platform == 'linux'",
)  # fmt: skip

# Into a folder of its own: newer systems refuse to let pip change theirs, and what a student may
# import is looked for in folders of this name.
_SETUP = """#!/bin/sh
# Run once, when the image is built.
set -e
source=${AUTOGRADER_ROOT:-/autograder}/source
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
    echo "this autograder needs Python 3.10 or newer: choose a newer base image" >&2
    exit 1
fi
python3 -m pip install --quiet --target "$source/site-packages" -r "$source/requirements.txt"
# Every submission starts from this image anew: compiling now spares each of them half of its time.
python3 -m compileall -q "$source/grader"
"""

_RUN = """#!/bin/sh
# Run for each submission: reads submission/, writes results/results.json.
root=${AUTOGRADER_ROOT:-/autograder}
results=$root/results/results.json
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1
mkdir -p "$root/results"
rm -f "$results"
python3 -I -B "$root/source/run.py" "$root"
if [ ! -s "$results" ]; then
    cp "$root/source/not_graded.json" "$results"
fi
"""

_MAIN = """\
import sys
from pathlib import Path

source, root = Path(__file__).resolve().parent, Path(sys.argv[1])
sys.path[:0] = [str(source), str(source / "site-packages")]

from grader.bundle import answer

text, told = answer(source, root / "submission")
part = root / "results" / "results.json.part"
part.write_text(text, encoding="ascii")
part.replace(root / "results" / "results.json")
print(told)
"""


def pack(kit: Kit, packages: Iterable[str]) -> bytes:
    """Return the zip; ``packages`` are what students may import besides numpy."""
    requirements = "".join(f"{line}\n" for line in (*REQUIREMENTS, *packages))
    programs = {"setup.sh": _SETUP, "run_autograder": _RUN}
    texts = {
        "run.py": _MAIN,
        "requirements.txt": requirements,
        "not_graded.json": not_graded(
            "the autograder ended before it could say why", stdout="hidden"
        ),
        **files_of(kit),
    }
    ours = Path(__file__).parent.parent
    sources = {
        f"grader/{path.relative_to(ours).as_posix()}": path.read_bytes()
        for path in sorted(ours.rglob("*.py"))
    }
    ours_first = [*sorted(programs.items()), *sorted(texts.items())]
    return zipped({**{name: text.encode() for name, text in ours_first}, **sources}, programs)
