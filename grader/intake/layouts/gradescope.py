"""Gradescope's export: ``submission_N/`` for each, who and when in ``submission_metadata.yml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from grader.errors import CourseError
from grader.escape import printable
from grader.intake.arrival import Arrival, Person, Taken, Wanted, legible
from grader.intake.entries import Entry, Kind
from grader.intake.layouts import plain
from grader.intake.moments import moment
from grader.submission.reading import read_bytes

METADATA = "submission_metadata.yml"
MAX_BYTES = 256 << 20  # it repeats every result of every submission
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PATH = re.compile(r"^\.+$|[/\\:\0]")
_NOTHING = {"~", "null"}
Record = dict[str, object]


def is_here(entries: Sequence[Entry]) -> bool:
    """Return True where the metadata lie."""
    return Entry(METADATA, Kind.FILE) in entries


def read(folder: Path, entries: Sequence[Entry], wanted: Wanted) -> Taken:
    """Return a submission for each record and for each folder without one."""
    records = _records(folder)
    present = {entry.name: entry for entry in entries if entry.name != METADATA}
    arrivals = []
    for name, record in records.items():
        note = "" if name in present else f"is in {METADATA} but was not downloaded"
        persons = tuple(_persons(record)) or (Person(legible(name)),)
        # Where a name is a path, nothing is opened for it.
        place = folder / (name if name in present else _PATH.sub("_", name))
        written = str(record.get("created_at", ""))
        at = moment(written)
        if written and not at:
            note = note or f"no time that can be read: {printable(written, 60)}"
        arrivals.append(Arrival(legible(name), persons, place, submitted_at=at, note=note))
    rest = [entry for name, entry in present.items() if name not in records]
    others = plain.read(folder, rest, wanted)
    unknown = [entry for entry in rest if entry.kind is Kind.FOLDER]
    problems = (f"not in {METADATA}: {_shown(unknown)}",) if unknown else ()
    return Taken((*arrivals, *others.arrivals), others.strays, problems)


def _persons(record: Record) -> Iterator[Person]:
    submitters = record.get("submitters", ())
    for submitter in submitters if isinstance(submitters, list) else ():
        sid, email, name = (legible(submitter.get(key, "")) for key in ("sid", "email", "name"))
        if own := sid or email or name:
            yield Person(own, name, (email,) if sid and email else ())


def _records(folder: Path) -> dict[str, Record]:
    """Return the records by the name of their folder; ids stay as they are written."""
    path = printable(str(folder / METADATA))
    data, reason = read_bytes(folder, METADATA, MAX_BYTES)
    if reason:
        raise CourseError(f"{path}: {reason}")
    try:
        return dict(_read_events(yaml.parse(data, Loader=_LOADER)))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CourseError(f"{path}:{line}: not valid YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        shown = printable(str(error), 120)
        raise CourseError(f"{path}: not valid YAML: {shown}") from error


def _read_events(events: Iterator[yaml.Event]) -> Iterator[tuple[str, Record]]:
    """Yield the records, from the events of the parser: the results in them are never built."""
    kinds = (yaml.StreamStartEvent, yaml.DocumentStartEvent)
    top = next((event for event in events if not isinstance(event, kinds)), None)
    if not isinstance(top, yaml.MappingStartEvent):
        return
    for name, value in _items(events):
        record: Record = {}
        if isinstance(value, yaml.MappingStartEvent):
            for key, inner in _items(events):
                word = key.removeprefix(":")
                if word == "submitters" and isinstance(inner, yaml.SequenceStartEvent):
                    record[word] = list(_submitters(events))
                elif word == "created_at" and isinstance(inner, yaml.ScalarEvent):
                    record[word] = inner.value
                else:
                    _skip(events, inner)
        else:
            _skip(events, value)
        yield name, record


def _submitters(events: Iterator[yaml.Event]) -> Iterator[dict[str, str]]:
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            return
        if not isinstance(event, yaml.MappingStartEvent):
            _skip(events, event)
            continue
        found: dict[str, str] = {}
        for key, value in _items(events):
            if isinstance(value, yaml.ScalarEvent) and (value.style or value.value not in _NOTHING):
                found[key.removeprefix(":")] = value.value.strip()
            _skip(events, value)
        yield found


def _items(events: Iterator[yaml.Event]) -> Iterator[tuple[str, yaml.Event]]:
    """Yield each key of the mapping that has begun, with the first event of its value."""
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            return
        key = event.value if isinstance(event, yaml.ScalarEvent) else ""
        _skip(events, event)
        yield key, next(events)


def _skip(events: Iterator[yaml.Event], first: yaml.Event) -> None:
    depth = int(isinstance(first, yaml.CollectionStartEvent))
    while depth:
        event = next(events)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)


def _shown(entries: Sequence[Entry]) -> str:
    return ", ".join(printable(entry.name, 60) for entry in entries[:5])
