"""Text of a submission before it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.escape import printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("two\nlines\tand tab", "two lines and tab"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("bell\x07", r"bell\x07"),
        ("right-to-left \u202e", r"right-to-left \u202e"),
        ("lone \ud800 surrogate", r"lone \ud800 surrogate"),
        ("Gradient ∂f/∂x", "Gradient ∂f/∂x"),
        ("a" * 400, "a" * 299 + "…"),
    ],
)
def test_nothing_a_terminal_obeys_is_left(text: str, expected: str) -> None:
    """Control, bidirectional and surrogate characters become escapes; the rest stays."""
    assert printable(text) == expected


@given(st.text(), st.integers(2, 50))
def test_any_text_becomes_one_short_printable_line(text: str, cap: int) -> None:
    """Whatever comes in, one line of at most `cap` printable characters comes out."""
    shown = printable(text, cap)
    assert len(shown) <= cap
    assert shown.isprintable()
    shown.encode()
