"""Times as platforms write them, as ISO 8601 with a zone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ]+(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?"
    r"[ ]*(Z|UTC|GMT|[+-]\d\d:?\d\d|[A-Z]\w+/[\w/+-]+)?"
)


def moment(text: str, *, bare_is_utc: bool = False) -> str:
    """Return a time in ISO 8601 with its zone, or nothing where it is none or has no zone."""
    found = _MOMENT.fullmatch(text.strip()[:80])
    if not found:
        return ""
    *numbers, fraction, zone = found.groups()
    if zone is None and not bare_is_utc:
        return ""
    year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
    micros = int((fraction or "").ljust(6, "0")[:6])
    try:
        at = datetime(year, month, day, hour, minute, second, micros, tzinfo=_zone(zone))
        at.astimezone(timezone.utc)  # the first and last hours of the calendar have none
    except (ValueError, OverflowError, OSError, KeyError):  # no such day, no such zone
        return ""
    return at.isoformat()


def instant(text: str) -> datetime:
    """Return an ISO time for sorting, the beginning of all times where there is none."""
    if not text:
        return datetime.min.replace(tzinfo=timezone.utc)
    return datetime.fromisoformat(text).astimezone(timezone.utc)


def _zone(text: str | None) -> tzinfo:
    if text in (None, "Z", "UTC", "GMT"):
        return timezone.utc
    if "/" in text:
        return ZoneInfo(text)
    hours, minutes = int(text[1:3]), int(text[-2:])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
