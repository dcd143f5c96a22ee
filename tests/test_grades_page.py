"""The page about grades shows what the code writes, letter by letter."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from grades_documents import DUE, Member, document, finding, report, rows_of, rubric, task

from grader.grades import EXPORTERS, Export, Override, read_overrides, to_csv, to_jsonl
from grader.grades.gradebook import FIXED, prices
from grader.model import LateRule

PAGE = (Path(__file__).parent.parent / "docs" / "grades.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\S+) -->\n\n```\w*\n(.*?)```", PAGE, re.DOTALL))
KNOWN = rubric(late=LateRule(Fraction(10)), due=DUE)
ROSTER = [Member("0042", "Lovelace, Ada"), Member("0043", "李雷")]


def wrote() -> Mapping[str, bytes]:
    """Return what the code writes of the class that the page shows."""
    told = finding("V402", "backward[dx]", help="check the local gradient")
    graded = report("gates", task("add", 2), task("max", 0.5, findings=[told]))
    paper = document("0042", graded, key="0042-1", at="2026-03-02T10:00:00+01:00")
    made = read_overrides(EXAMPLES["overrides.yaml"], "o", ["0042"], prices({"gates": KNOWN}))
    rows = rows_of([paper], KNOWN, roster=ROSTER, overrides=made)
    out: dict[str, bytes] = {"grades.csv": to_csv.write(rows), "grades.jsonl": b""}
    out["grades.jsonl"] = to_jsonl.write(rows[:1]).encode()
    for name, export in EXPORTERS.items():
        sheet = EXAMPLES.get(f"{name}-before", "").encode()
        files = export(Export(rows, lambda _: paper, sheet=sheet, column="Backprop")).files
        (out[name],) = files.values()
    out["github_classroom"] = base64.b64decode(out["github_classroom"])
    return out


@pytest.mark.parametrize(
    "name",
    ["grades.csv", "grades.jsonl", "gradescope", "canvas", "moodle", "nbgrader", "prairielearn",
     "github_classroom", "autolab", "markdown"],
)  # fmt: skip
def test_example_is_what_the_code_writes(name: str) -> None:
    """CSV and sheets to the byte but for line ends; JSON by what it means."""
    text = wrote()[name].decode("utf-8-sig").replace("\r\n", "\n")
    if name in {"grades.csv", "canvas", "moodle", "nbgrader", "markdown"}:
        assert text == EXAMPLES[name]
    elif name == "github_classroom":
        shown, found = json.loads(EXAMPLES[name]), json.loads(text)
        assert found["tests"][: len(shown["tests"])] == shown["tests"]
        assert {**found, "tests": []} == {**shown, "tests": []}
    else:
        assert json.loads(text) == json.loads(EXAMPLES[name])


def test_page_names_every_column_and_system() -> None:
    """No column of grades.csv, and no system, is missing."""
    assert [name for name in FIXED if f"| `{name}`" not in PAGE] == []
    assert [name for name in EXPORTERS if f"`{name}`" not in PAGE] == []


def test_overrides_of_the_page_load() -> None:
    """The example of overrides.yaml is one."""
    (made,) = read_overrides(EXAMPLES["overrides.yaml"], "o", ["0042"], prices({"gates": KNOWN}))
    assert made == Override("0042", "max", Fraction(3, 2), "appeal of 3 March: the tie is right",
                            "bo", "2026-03-03")  # fmt: skip
