"""Whose each submission is: the persons of a platform among the members of the roster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.intake.arrival import Arrival, Person
from grader.intake.roster import Member, Roster


@dataclass(frozen=True)
class Joined:
    """The submissions with their students, and what there is to say of it."""

    pairs: tuple[tuple[Arrival, tuple[str, ...]], ...]
    unknown: tuple[Person, ...] = ()
    by_name: tuple[tuple[Person, Member], ...] = ()
    known: tuple[str, ...] = ()


def join(arrivals: Sequence[Arrival], roster: Roster | None) -> Joined:
    """Return each submission with the ids of all whose it is, a group's members among them."""
    if roster is None:
        own = [tuple(dict.fromkeys(person.id for person in a.persons)) for a in arrivals]
        return Joined(tuple(zip(arrivals, own, strict=True)))
    places = {member.id: place for place, member in enumerate(roster.members)}
    unknown: dict[Person, None] = {}
    by_name: dict[Person, Member] = {}
    pairs = []
    for arrival in arrivals:
        found: dict[str, None] = {}
        for person in arrival.persons:
            members = _members(person, roster, by_name)
            if not members:
                unknown[person] = None
            found |= dict.fromkeys([member.id for member in members] or [person.id])
        # In the order of the roster; who is not on it comes last.
        students = sorted(found, key=lambda student: places.get(student, len(places)))
        pairs.append((arrival, tuple(students)))
    known = tuple(roster.by_id)
    return Joined(tuple(pairs), tuple(unknown), tuple(by_name.items()), known)


def _members(person: Person, roster: Roster, by_name: dict[Person, Member]) -> tuple[Member, ...]:
    """Return the member that a person is, with the rest of their group; or a group of that name."""
    words = (person.id, *person.others)
    member = next((found for word in words if (found := roster.find(word))), None)
    if member is None:
        if group := next((roster.by_group[w] for w in words if w in roster.by_group), None):
            return group
        names = (person.name, *person.others) if person.name else ()
        member = next((found for name in names if (found := roster.find_name(name))), None)
        if member is None:
            return ()
        by_name[person] = member
    return roster.by_group.get(member.group, (member,))
