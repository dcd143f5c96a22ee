"""Reading when an assignment is due and what lateness costs; moments of time, with their zone."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from grader.model import LateRule
from grader.spec.yaml_cursor import Cursor

_KEYS = ("percent_a_day", "grace_minutes", "cut_off_days")
_NONE = "none"
_LAST_YEAR = 2999  # no extension leads beyond what a calendar knows


def moment(text: str) -> datetime | None:
    """Return an ISO 8601 time with its zone, or None where the text is none."""
    try:
        # Python 3.10 does not know the Z for UTC.
        read = datetime.fromisoformat(text.strip().replace("Z", "+00:00").replace("z", "+00:00"))
    except ValueError:
        return None
    return read if read.tzinfo else None


def read_due(cursor: Cursor) -> datetime | None:
    """Return when the assignment is due."""
    text = cursor.text()
    due = moment(text)
    if text and (due is None or due.year > _LAST_YEAR):
        cursor.problem(f"`{text}` is not a time with its zone, like 2026-03-01T23:59+01:00")
    return due


def read_late(cursor: Cursor) -> LateRule | None:
    """Return what lateness costs; ``none`` is nothing."""
    if not cursor.is_mapping:
        text = cursor.text()
        if text and text != _NONE:
            cursor.problem(f"`{text}` is neither `none` nor a mapping of {', '.join(_KEYS)}")
        return None
    fields = cursor.mapping(_KEYS)
    numbers = {name: entry.points() for name, entry in fields.items()}
    if not {"percent_a_day", "cut_off_days"} & numbers.keys():
        cursor.problem("`percent_a_day` or `cut_off_days` is needed; without a rule, say `none`")
    percent = numbers.get("percent_a_day", Fraction(0))
    if percent > 100:
        fields["percent_a_day"].problem("at most 100 percent can be lost")
    return LateRule(percent, numbers.get("grace_minutes", Fraction(0)), numbers.get("cut_off_days"))
