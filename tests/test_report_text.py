"""The writers: no text breaks out of its place, and the JSON is what its page says."""

from __future__ import annotations

import json
import re
import unicodedata
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_report import FAILED, REVIEW, ZERO, check, finding, report, task

from grader.model import CheckResult, Finding, Outcome, Severity
from grader.report import to_json, to_markdown, to_table

PAGE = (Path(__file__).parent.parent / "docs" / "report-format.md").read_text(encoding="utf-8")

HOSTILE = "a|b `c` ``d`` <script>alert(1)</script> [x](http://e.vil) **w** @dean \\| \n# top\n| x |"


def table_rows(markdown: str) -> list[str]:
    """Return the lines of the table."""
    return [line for line in markdown.splitlines() if line.startswith("|")]


def bare(markdown: str) -> str:
    """Return Markdown without what is escaped."""
    return re.sub(r"\\[^a-zA-Z0-9\s]|@<!-- -->", "", markdown)


def test_evidence_in_json() -> None:
    """What JSON lacks becomes text; arrays, scalars and tuples become lists and numbers."""
    (found,) = json.loads(to_json.write([report(FAILED)]))["reports"]
    note, error = found["tasks"][0]["findings"]
    assert note["evidence"] == {"returned": ["nan", "inf", "-inf", 1.5]}
    assert error["evidence"]["expected"] == [[1.25, -0.5], [0.125, 2.0]]
    assert error["evidence"]["shape"] == [2, 2]


def test_plain_values() -> None:
    """Any value has a form in JSON."""
    value = {1: np.bool_(True), "z": 1j, "s": {2, 1}, "f": Fraction(1, 3), "n": np.array(np.nan)}
    assert to_json.plain(value) == {"1": True, "z": "1j", "s": [1, 2], "f": "1/3", "n": "nan"}
    assert to_json.plain([Severity.NOTE, b"x", None]) == ["note", "b'x'", None]


@pytest.mark.parametrize("write", [to_table.write, to_markdown.write])
def test_hostile_text_stays_in_place(write: Any) -> None:
    """Text of a submission makes no heading, no row, no tag and no mention of its own."""
    bad = finding(HOSTILE, HOSTILE, HOSTILE + "x" * 5000, help=HOSTILE, argument=HOSTILE)
    reason = CheckResult(HOSTILE, Outcome.FAILED, ZERO, Fraction(1), HOSTILE)
    text = write(
        [report(task(HOSTILE, Outcome.FAILED, reason, findings=[bad]), submission=HOSTILE)]
    )
    assert not re.search(r"^(# top|\| x \|)", text, flags=re.MULTILINE)
    if write is to_markdown.write:
        assert not re.search(r"<(?!!-- -->)|`|@(?!<)|://", bare(text))


TEXT = st.text(max_size=60) | st.text(alphabet="|`\\<>*_[]#\n@a$&~:/.", max_size=40)
FINDINGS = st.builds(
    Finding,
    code=TEXT,
    severity=st.sampled_from(Severity),
    check=TEXT,
    message=TEXT,
    help=TEXT,
    argument=TEXT,
    case=TEXT,
    evidence=st.dictionaries(TEXT, st.floats() | TEXT | st.lists(st.floats())),
    replay=TEXT,
)


@given(FINDINGS, TEXT)
def test_any_text_gives_json(found: Finding, name: str) -> None:
    """Whatever a finding says, the JSON is valid and says the same."""
    text = to_json.write([report(task(name, Outcome.FAILED, findings=[found]), submission=name)])
    (read,) = json.loads(text, parse_constant=pytest.fail)["reports"]
    assert text.isascii()
    assert read["submission"] == name
    assert read["tasks"][0]["findings"][0]["message"] == found.message


@given(FINDINGS, TEXT)
def test_any_text_gives_markdown_rows(found: Finding, name: str) -> None:
    """Whatever the names are, every row of the table has four columns and nothing adds one."""
    reason = CheckResult(name, Outcome.FAILED, ZERO, Fraction(1), name)
    failed = task(name, Outcome.FAILED, reason, check(name), findings=[found])
    rows = table_rows(to_markdown.write([report(failed, submission=name)]))
    assert len(rows) in (4, 5)
    assert all(bare(row).count("|") == 5 for row in rows)


@given(FINDINGS, TEXT, st.integers(1, 100))
def test_any_text_gives_a_table(found: Finding, name: str, width: int) -> None:
    """Whatever a finding says, the terminal gets only printable characters."""
    failed = task(name, Outcome.FAILED, check(name), findings=[found])
    text = to_table.write([report(failed, submission=name)], width=width, verbose=True)
    categories = {unicodedata.category(character) for character in text.replace("\n", "")}
    assert not categories & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(TEXT)
def test_escape(text: str) -> None:
    """Escaped text is one line without a mark that Markdown obeys."""
    escaped = to_markdown.escape(text)
    assert "\n" not in escaped
    assert not set(bare(escaped)) & set("\\`*_[]<>|~#&$")


@given(TEXT)
def test_code_span(text: str) -> None:
    """The fence of a code span is longer than any run of backticks inside."""
    span = to_markdown.code(text)
    fence = re.match("`+", span)
    assert fence
    inside = span[len(fence[0]) : -len(fence[0])] if len(span) > 2 else ""
    assert fence[0] not in re.findall("`+", inside)


def shape_of(value: Any) -> Any:
    """Return the keys of a document at every level, free-form objects aside."""
    free = {"evidence", "versions", "digests"}
    if isinstance(value, dict):
        return {key: None if key in free else shape_of(item) for key, item in value.items()}
    if isinstance(value, list):
        return shape_of(value[0])
    return None


def test_documented_example() -> None:
    """The example of the documentation has exactly the keys the writer writes, in order."""
    found = re.search(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)
    assert found
    documented = shape_of(json.loads(found[1]))
    written = shape_of(json.loads(to_json.write([report(FAILED, findings=[REVIEW])])))
    assert json.dumps(documented) == json.dumps(written)


def test_documented_fields() -> None:
    """Every key and every outcome has a line in the documentation."""
    written = to_json.write([report(FAILED, findings=[REVIEW])])
    keys = re.findall(r'"(\w+)":', json.dumps(shape_of(json.loads(written))))
    for name in [*keys, *Outcome]:
        assert f"| `{name.value if isinstance(name, Outcome) else name}` |" in PAGE
