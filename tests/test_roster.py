"""Rosters: what spreadsheets and platforms write, what is refused, and whose a submission is."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from pathlib import Path

import pytest
from handed_in import WORK, plant, told
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import CourseError
from grader.intake import Member, Roster, read_roster, take_in

_Texts = st.text(
    st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=12
).map(str.strip)  # fmt: skip


def roster_of(tmp_path: Path, text: str | bytes) -> Roster:
    """Return the roster that a text is."""
    path = tmp_path / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_roster(path)


READ: dict[str, tuple[str | bytes, list[Member]]] = {
    "plain": ("id,name\n007,Ann\n7,Bob\n", [Member("007", "Ann"), Member("7", "Bob")]),
    "byte order mark": (b"\xef\xbb\xbfid,name\n1,\xc3\x89\n", [Member("1", "É")]),
    "UTF-16": ("\ufeffid;name\n1;李\n".encode("utf-16-le"), [Member("1", "李")]),
    "semicolons": ('Student ID;Full Name\n"0;1";"Doe, J"\n', [Member("0;1", "Doe, J")]),
    "tabs, line ends of Windows": ("SID\tName\r\n1\tA\r\n\r\n", [Member("1", "A")]),
    "quotes": ('name,id\n"O""Brien, ""Bo""",1\n', [Member("1", 'O"Brien, "Bo"')]),
    "line end in a name": ('name,id\n"A\nB",1\nC,2\n', [Member("1", "A\nB"), Member("2", "C")]),
    "two names": ("First name,Surname,username\nAnn,Li,al\n", [Member("al", "Ann Li")]),
    "all fields": (
        (
            "id,name,group,extension,time_factor\n1,A,g1,2,1.5\n2,B,g1,2026-03-31,150%\n"
            '3,C,,"1,5 days",2x\n4,D,,2026-03-31T12:00:00Z,"1,25"\n'
        ),
        [
            Member("1", "A", "g1", "2", 1.5),
            Member("2", "B", "g1", "2026-03-31", 1.5),
            Member("3", "C", "", "1.5", 2.0),
            Member("4", "D", "", "2026-03-31T12:00:00+00:00", 1.25),
        ],
    ),
    "Canvas gradebook": (
        (
            "Student,ID,SIS User ID,SIS Login ID,Section,HW1 (9)\n,,,,,Manual Posting\n"
            '    Points Possible,,,,,10\n"Doe, Jane",101,0042,jdoe,S1,\n'
        ),
        [Member("101", "Doe, Jane", aliases=("0042", "jdoe"))],
    ),
    "Moodle worksheet": (
        "Identifier,Full name,ID number,Email address,Status\nParticipant 55,Ann Li,0042,a@x,Ok\n",
        [Member("0042", "Ann Li", aliases=("Participant 55", "a@x", "55"))],
    ),
    "GitHub Classroom": (
        "identifier,github_username,github_id,name\nann@x,Ann-Li,9,\n",
        [Member("ann@x", aliases=("Ann-Li",))],
    ),
    "short rows": ("id,name,group\n1\n2,B\n", [Member("1"), Member("2", "B")]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "members"), READ.values(), ids=READ)
def test_rosters_as_they_are_written(
    text: str | bytes, members: list[Member], tmp_path: Path
) -> None:
    """Headers are recognised however they are spelt, and every value stays as it is written."""
    assert list(roster_of(tmp_path, text).members) == members


REFUSED: dict[str, tuple[str | bytes, list[str]]] = {
    "twice": (
        "id\n1\n2\n1\n2\n",
        ["roster.csv:4: the id `1` was on line 2 already",
         "roster.csv:5: the id `2` was on line 3 already"],
    ),
    "no id": ("id,name\n,Ann\n", ["roster.csv:2: there is no id"]),
    "no column": ("Name,No\nA,1\n", ["roster.csv:1: there is no column of ids; there is: Name"]),
    "two columns": ("id,ID\n1,2\n", ["roster.csv:1: two columns are named `ID`"]),
    "empty": ("", ["roster.csv:1: there is no column of ids; there is: nothing"]),
    "nobody": ("id,name\n", ["roster.csv: there is no student in it"]),
    "extension": (
        "id,extension\n1,soon\n2,9999\n3,2026-02-31\n",
        ["roster.csv:2: the extension `soon`", "roster.csv:3: an extension of 9999 days",
         "roster.csv:4: the extension `2026-02-31`"],
    ),
    "factor": (
        "id,time factor\n1,0\n2,-1\n3,inf\n4,1e9\n",
        [f"roster.csv:{n}: the time factor" for n in (2, 3, 4, 5)],
    ),
    "after a long row": ('id,name\n1,"a\nb"\n1,c\n', ["roster.csv:4: the id `1` was on line 2"]),
    "control character": ("id\na\x07b\n", ["roster.csv:2: `a\\x07b` has a control character"]),
    "open quotes": ('id,name\n1,"A\n', ["roster.csv:2: not valid CSV"]),
    "Latin-1": (b"id,name\n1,A\n2,\xe9\n", ["roster.csv:3: is not UTF-8 text: save it as"]),
    "NUL": (b"id,name\n1\x00,A\n", ["roster.csv:2: "]),
    "no text": (b"\x89PNG\r\n\x1a\n", ["roster.csv:1: is not UTF-8 text"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "problems"), REFUSED.values(), ids=REFUSED)
def test_rosters_that_are_refused(text: str | bytes, problems: list[str], tmp_path: Path) -> None:
    """Every problem is told at once, each with its line."""
    with pytest.raises(CourseError) as caught:
        roster_of(tmp_path, text)
    assert len(caught.value.problems) == len(problems)
    for problem, words in zip(caught.value.problems, problems, strict=True):
        assert words in problem


def test_a_roster_that_is_not_there(tmp_path: Path) -> None:
    """A path without a file is refused, and so is a folder."""
    for path in (tmp_path / "none.csv", tmp_path, Path("\0")):
        with pytest.raises(CourseError, match="cannot be read"):
            read_roster(path)


@given(st.lists(st.tuples(_Texts.filter(bool), _Texts), min_size=1, unique_by=lambda row: row[0]))
def test_every_id_and_name_survives(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    """What a spreadsheet quotes is read back letter by letter."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows([("id", "name"), *rows])
    roster = roster_of(tmp_path_factory.mktemp("r"), buffer.getvalue())
    assert [(member.id, member.name) for member in roster.members] == rows
    assert all(roster.by_id[own].name == name for own, name in rows)


@given(st.binary(max_size=200))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Whatever a file holds, the answer is a roster or a problem."""
    with suppress(CourseError):
        assert roster_of(tmp_path_factory.mktemp("r"), b"id,name\n" + data).members


CLASS = (
    "id,name,email,github username,group\n"
    '007,"Doe, Jane",jane@x.edu,Jane-D,\n'
    "7,Bob Ray,bob@x.edu,bobr,\n"
    "g1,Ann,ann@x.edu,ann,team 1\n"
    "g2,Élan de Li,elan@x.edu,elan,team 1\n"
    "absent,Max,max@x.edu,max,\n"
)
JOINED: dict[str, tuple[dict[str, str], dict[str, tuple[str, int]], list[str], str]] = {
    "ids": (
        {"007/a.py": "", "7/a.py": ""},
        {"007": ("007", 1), "7": ("7", 1)}, ["g1", "g2", "absent"], "",
    ),
    "a group by its name and by a member": (
        {"team 1/a.py": "", "g2/a.py": "", "007.zip": ""},
        {"007": ("007", 1), "g2": ("g1 g2", 1), "team_1-": ("g1 g2", 2)}, ["7", "absent"],
        "in which order",
    ),
    "names of GitHub": (
        {"hw-jane-d/.git/HEAD": "", "hw-bobr/.git/HEAD": ""},
        {"hw-bobr": ("7", 1), "hw-jane-d": ("007", 1)}, ["g1", "g2", "absent"], "",
    ),
    "names of Canvas": (
        {"doejane_55_1_a.py": "", "ray_bob_56_1_a.py": "", "x_9957_1_a.py": ""},
        {"55": ("007", 1), "56": ("7", 1), "9957": ("9957", 1)}, ["g1", "g2", "absent"],
        "not on the roster: 9957 found on the roster by name alone: 55 is 007, 56 is 7",
    ),
    "names of Moodle": (
        {"Team 1-Élan de Li_3_assignsubmission_file_/a.py": ""},
        {"3": ("g1 g2", 1)}, ["007", "7", "absent"], "found on the roster by name alone: 3 is g2",
    ),
    "addresses of Gradescope": (
        {"submission_metadata.yml": "submission_1:\n  :submitters:\n  - {':email': BOB@x.edu}\n"
         "  - {':sid': '007'}\n", "submission_1/a.py": ""},
        {"submission_1": ("007 7", 1)}, ["g1", "g2", "absent"], "",
    ),
    "a zero was lost": (
        {"07/a.py": "", "absent/a.py": ""},
        {"07": ("07", 1), "absent": ("absent", 1)}, ["007", "7", "g1", "g2"],
        "not on the roster: 07 (did you mean `007`?)",
    ),
    "a file of another kind": (
        {"absent.pdf": "", "other.pdf": "", "7.py": ""},
        {"7": ("7", 1), "absent": ("absent", 1)}, ["007", "g1", "g2"],
        "left out, since it is no submission: other.pdf",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("tree", "found", "missing", "words"), JOINED.values(), ids=JOINED)
def test_whose_a_submission_is(
    tree: dict[str, str],
    found: dict[str, tuple[str, int]],
    missing: list[str],
    words: str,
    tmp_path: Path,
) -> None:
    """Students are found by id, address, user name or name; who handed in nothing is known."""
    roster = roster_of(tmp_path, CLASS)
    intake = take_in(plant(tmp_path / "in", tree), roster=roster)
    got = {key: fields[:2] for key, fields in told(intake).items()}
    assert {("team_1-" if key.startswith("team_1-") else key): v for key, v in got.items()} == found
    assert [member.id for member in intake.missing] == missing
    assert words in " ".join(intake.problems)
    assert bool(words) == bool(intake.problems)


def test_two_of_one_name_are_nobody(tmp_path: Path) -> None:
    """A name or alias that two students share identifies neither; an exact id always does."""
    roster = roster_of(tmp_path, "id,name,email\na,Li Wu,x@y\nA,Wu Li,x@y\nb,Bo,a\n")
    assert roster.find_name("liwu") is None
    assert roster.find("x@y") is None
    assert roster.find("A") == roster.members[1]
    assert roster.find("B") == roster.members[2]


def test_attempts_are_numbered_for_each_student(tmp_path: Path) -> None:
    """A submission of two is numbered after the later of what either handed in before."""
    record = "submission_{0}:\n  :submitters: [{1}]\n  :created_at: 2026-01-0{0} 00:00:00 Z\n"
    ann, bob = "{':sid': ann}", "{':sid': bob}"
    whose = (ann, ann, f"{ann}, {bob}", bob)
    metadata = "".join(record.format(at, who) for at, who in enumerate(whose, 1))
    tree = {f"submission_{at}/a.py": WORK for at in range(1, 5)}
    intake = take_in(plant(tmp_path / "in", {"submission_metadata.yml": metadata, **tree}))
    assert [(a.students, a.number) for a in intake.attempts] == [
        (("ann",), 1), (("ann",), 2), (("ann", "bob"), 3), (("bob",), 4),
    ]  # fmt: skip
    assert not intake.problems
    assert intake.missing == ()
