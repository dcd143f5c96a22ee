"""`grade check` from outside: exit codes, one assignment or all, the table, the JSON."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from running import COURSE, ROOT, Outcome, run

from grader.codes import finding
from grader.model import Declared, Soundness, TaskSoundness
from grader.model import Outcome as Result
from grader.report import soundness_json, soundness_table

PAGE = (ROOT / "docs" / "report-format.md").read_text()
# One edit each: file, old text, new text.
WEAK = ("assignments/gates.yaml", "style: gate_class", "style: gate_class\nsizes: {N: 4, D: 4}")
DISPROVEN = ("reference/pairs.py", "x.T @ dout", "1.5 * x.T @ dout")
MALFORMED = ("assignments/losses.yaml", "outputs: [loss]", "output: [loss]")
NO_SUM = ("rubrics/gates.yaml", "total: 24", "total: 25")
NO_TARGET = ("reference/circuits.py", "def circuit_b", "def circuit_c")
NOT_A_TASK = ("reference/mistakes/gates/g/x.py", "", '"""X."""\n')


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course of its own, to be changed."""
    return Path(shutil.copytree(COURSE, tmp_path / "course"))


def edit(course: Path, *edits: tuple[str, str, str]) -> None:
    """Change files of a course, each exactly once, or make one."""
    for file, old, new in edits:
        path = course / file
        path.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text() if old else ""
        assert old in text
        path.write_text(text.replace(old, new, 1))


def check(course: Path, *words: str | Path) -> Outcome:
    """Run ``grade check`` on a course."""
    return run("check", *words, "--course", course)


@pytest.mark.parametrize(
    ("edits", "code", "results"),
    [
        ((), 0, {}),
        ((WEAK,), 1, {"gates": "weak"}),
        ((MALFORMED,), 2, {"losses": "malformed"}),
        ((NO_SUM,), 2, {"gates": "malformed"}),
        ((NO_TARGET,), 2, {"circuits": "malformed"}),
        ((DISPROVEN,), 3, {"pairs": "disproven"}),
        ((WEAK, MALFORMED), 2, {"gates": "weak", "losses": "malformed"}),
        ((WEAK, MALFORMED, DISPROVEN), 3,
         {"gates": "weak", "losses": "malformed", "pairs": "disproven"}),
    ],
)  # fmt: skip
def test_every_assignment_is_checked(
    edits: tuple[tuple[str, str, str], ...], code: int, results: dict[str, str], course: Path
) -> None:
    """Without ASSIGNMENT all are checked, whatever one of them is like; the worst one decides."""
    edit(course, *edits)
    expected = dict.fromkeys(["circuits", "gates", "losses", "pairs"], "sound") | results
    done = check(course, "--report", course / "r.json")
    assert done.code == code
    document = json.loads((course / "r.json").read_text("ascii"), parse_constant=pytest.fail)
    assert {a["assignment"]: a["result"] for a in document["assignments"]} == expected
    for name, result in expected.items():
        assert (f"{name} is {result}\n" in done.out) == (result != "malformed")
    assert bool(done.err) == ("malformed" in expected.values())
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("change", "code", "out", "err"),
    [
        (WEAK, 1, "a  W821\n    N and D are both 4", ""),
        (NO_SUM, 2, "", "rubrics/gates.yaml:2: total: the checks add up to 24, not 25"),
        (NOT_A_TASK, 2, "", "reference/mistakes/gates/g: no task has this id"),
    ],
)
def test_one_assignment(
    change: tuple[str, str, str], code: int, out: str, err: str, course: Path
) -> None:
    """A weakness is told with its task, a malformed file with its place, and nothing else."""
    edit(course, change)
    done = check(course, "gates")
    assert done.code == code
    assert out in done.out
    assert err in done.err
    assert bool(done.out) == (code != 2)
    assert bool(done.err) == (code == 2)
    assert "losses" not in done.out


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        (("gate",), "no assignment `gate` in this course (did you mean `gates`?)"),
        (("gates", "--report", "r.md"), "--report r.md: the ending must be one of .json"),
        (("gates", "--report", "no/r.json"), "there is no folder no"),
        (("gates", "--format", "table"), "invalid choice: 'table'"),
        (("gates", "losses"), "unrecognized arguments: losses"),
        (("gates", "--rubric", "no.yaml"), "no.yaml: cannot be read"),
        (("--rubric", "r.yaml"), "--rubric needs ASSIGNMENT"),
        (("gates", "--seed", "x"), "invalid int value: 'x'"),
    ],
)
def test_wrong_words(words: tuple[str, ...], fragment: str) -> None:
    """A wrong word is 2, a sentence on stderr, and nothing on stdout."""
    done = check(COURSE, *words)
    assert done.code == 2
    assert fragment in done.err
    assert not done.out
    assert "Traceback" not in done.err


def test_a_course_without_assignments(tmp_path: Path) -> None:
    """That nothing was checked is never sound."""
    (tmp_path / "course.yaml").write_text("name: Empty\n")
    done = check(tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "Empty has no assignment" in done.err


def test_json_goes_to_stdout_or_to_a_file(course: Path) -> None:
    """`--format json` prints what `--report` writes; timings aside it is repeatable."""
    edit(course, MALFORMED)
    printed = check(course, "--format", "json")
    written = check(course, "--format", "json", "--report", course / "r.txt")
    documents = [json.loads(printed.out), json.loads((course / "r.txt").read_text())]
    for document in documents:
        for assignment in document["assignments"]:
            assert assignment.pop("seconds") >= 0
    assert documents[0] == documents[1]
    assert documents[0]["result"] == "malformed"
    assert "gates is sound" in written.out
    losses = documents[0]["assignments"][2]
    assert losses["tasks"] == []
    assert "unknown key (did you mean `outputs`?)" in losses["problems"][0]


def test_verbose_says_what_was_proven() -> None:
    """The witness, the cases by kind, mutants that are none, and every declared file."""
    done = check(ROOT, "gates", "--verbose")
    assert done.code == 0
    words = " ".join(done.out.split())
    assert "proven by complex step, for every upstream of 11 cases: 4 random" in words
    assert "not proven, for want of a derivative or of digits: ties" in words
    assert "equal to the reference, so no mistake: dz in its place (dx, dy)" in words
    assert re.search(r"alone could not tell: [^`]*upstream ignored \(dx, dy\)", words)
    assert "mistake `upstream_ignored` gets `failed` at backward[dx] V402: The local" in words
    assert "alternative `shared_ties` gets `passed`: At a tie" in words
    assert "proven by complex" not in check(ROOT, "gates").out


HOSTILE = "a\x1b[31mb\nc\u202ed"
TASK = TaskSoundness(
    id="t",
    proof="complex step",
    kinds={"random": 4},
    unproven=("ties",),
    mutants=3,
    equal=("dx: doubled",),
    survivors=("dx: halved",),
    blind={"slide": ("dx: upstream ignored",)},
    declared=(
        Declared("mistake", "m", HOSTILE, Result.PASSED, False),
        Declared("alternative", "o", "other", Result.FAILED, False, "forward", "V401"),
    ),
    weaknesses=(
        finding("W871", "backward[dx]", HOSTILE, argument="dx", evidence={"error": float("nan")}),
    ),
)
FOUND = Soundness("a", "A", (TASK,), (), "public, 0", "sealed", {"numpy": "2"}, {"spec": "5f"}, 1.5)


def test_the_table_stays_a_table() -> None:
    """Text of a course breaks out of no line, and every column with something in it is shown."""
    text = soundness_table.write("C", [FOUND], verbose=True)
    assert "\x1b" not in text
    assert "\u202e" not in text
    header = next(line for line in text.splitlines() if line.startswith("task"))
    assert header.split("  ")[-1].strip() == "result"
    assert "no mistake" in header
    assert "2 of 3" in text
    assert text.count("0 of 1") == 2
    assert soundness_table.write("C", [Soundness("b", problems=("bad",))]) == ""


def keys_of(value: Any) -> Any:
    """Return the keys of a document at every level, free-form objects aside."""
    free = {"evidence", "versions", "digests", "kinds"}
    if isinstance(value, dict):
        return {key: None if key in free else keys_of(item) for key, item in value.items()}
    if isinstance(value, list):
        return keys_of(value[0]) if value else None
    return None


def test_the_documented_example_has_every_key() -> None:
    """The example of the documentation has exactly the keys that are written, in order."""
    documented = re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)[1]
    written = soundness_json.write("C", [FOUND])
    assert written.isascii()
    assert json.dumps(keys_of(json.loads(documented))) == json.dumps(keys_of(json.loads(written)))
    section = PAGE[PAGE.index("# The JSON of `grade check`") :]
    for key in re.findall(r'"(\w+)":', json.dumps(keys_of(json.loads(written)))):
        assert f"| `{key}` |" in section
