"""``packages:`` of an assignment: importable on every rung, and nothing beside them is."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from running import Outcome, environment, grade, run
from sessions import GATE, PATIENT, STEPS, VALUES, chosen, first_fault, gate, is_locked

from grader.errors import CourseError
from grader.isolation import SANDBOXES, find_packages, import_problems
from grader.isolation.child_process import ProcessSession
from grader.isolation.forking import pool, try_walls
from grader.isolation.packages import paths_of
from grader.isolation.session import Returned
from grader.model import Fault, FaultKind
from grader.spec import load_assignment

SPEC = """\
assignment: gates
files: [gates.py]
packages: {packages}
style: gate_class
tasks:
  - {{id: t, target: Gate, inputs: {{x: [N, D]}}, outputs: [z]}}
"""
REFERENCE = "class Gate:\n    def forward(self, x):\n        return 3.0 * x\n\n"
REFERENCE += "    def backward(self, dz):\n        return 3.0 * dz\n"
LEANS = REFERENCE.replace("3.0 * x", "THREE * x").replace("3.0 * dz", "inside.three() * dz")
LEANS = f"from tiny import THREE, inside\nimport single\n{LEANS}"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as pip fills it: two packages, a module, libraries of a wheel and neighbours."""
    folder = tmp_path / "site-packages"
    files = {
        "tiny/__init__.py": "import single\nfrom . import inside\nTHREE = single.THREE\n",
        "tiny/inside.py": "def three():\n    return 3.0\n",
        "tiny/deep/__init__.py": "from ..inside import three\n",
        "tiny_wheel.libs/libtiny.so.1": "a library",
        "tiny_wheel-1.0.dist-info/RECORD": "tiny/__init__.py,,\ntiny/inside.py,,\n",
        "neighbour.libs/libneighbour.so.1": "a library",
        "neighbour-1.0.dist-info/RECORD": "neighbour/__init__.py,,\n",
        "lonely.libs/libany.so.1": "a library",
        "single.py": "THREE = 3.0\n",
        "neighbour/__init__.py": "SECRET = 42\n",
        "lonely.py": "SECRET = 42\n",
        "needy/__init__.py": "import neighbour\n",
        "broken/__init__.py": "1 / 0\n",
        "space/inside.py": "",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "linked").symlink_to(folder / "tiny")
    monkeypatch.setattr(sys, "path", [*sys.path, str(folder)])
    return folder


def packages_of(*names: str) -> tuple[tuple[str, str], ...]:
    """Return where the packages of an assignment are."""
    text = SPEC.format(packages=f"[{', '.join(names)}]")
    return find_packages(load_assignment(text, "assignments/gates.yaml"))


def opened(source: str, *names: str) -> ProcessSession:
    """Open a session on the rung of this test in which these packages can be imported."""
    session = SANDBOXES[chosen[-1]]({"gates.py": source}, PATIENT, packages_of(*names))
    assert isinstance(session, ProcessSession)
    return session


@pytest.mark.usefixtures("site")
def test_a_declared_package_can_be_imported(rung: str) -> None:
    """A package, its modules and a declared module work on every rung, at import and later."""
    body = "import tiny.deep, single\nfrom tiny.inside import three\nreturn x * tiny.deep.three()"
    for source in (gate(body), gate("return x * inside.three()", before="from tiny import inside")):
        with opened(source, "tiny", "single") as session:
            answer, _ = session.run(GATE, VALUES, STEPS, seconds=5)
            assert isinstance(answer, Returned), (rung, answer)
            assert np.array_equal(answer.value.array, np.full((2, 3), 3.0))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["neighbour", "lonely", "linked", "space", "pytest", "grader"])
@pytest.mark.usefixtures("site")
def test_nothing_else_can_be_imported(rung: str, name: str) -> None:
    """What lies beside a declared package is not there, nor is the package without being named."""
    for source in (gate(f"import {name}"), gate(f"import tiny\nimport {name}")):
        with opened(source, "tiny", "single") as session:
            fault = first_fault(session)
        assert (fault.kind, fault.detail) == (FaultKind.NO_MODULE, name), rung
    with opened(gate("import tiny")) as session:
        assert first_fault(session).detail == "tiny", rung


READS = {
    "a neighbour": "open({site!r} + '/neighbour/__init__.py')",
    "a module": "open({site!r} + '/lonely.py')",
    "the folder": "import os; os.listdir({site!r})",
    "above": "import os; os.listdir({site!r} + '/..')",
    "beside, from the package": "import tiny; open(tiny.__path__[0] + '/../lonely.py')",
    "write into it": "import tiny; open(tiny.__path__[0] + '/more.py', 'w')",
    "write over it": "import tiny; open(tiny.__file__, 'a')",
}


@pytest.mark.parametrize("body", READS.values(), ids=READS)
def test_walls_stand_around_a_package(rung: str, site: Path, body: str) -> None:
    """On a rung with walls the package alone can be read, and not even that written."""
    if not is_locked():
        pytest.skip("there are no walls")
    with opened(gate(body.format(site=str(site))), "tiny", "single") as session:
        assert first_fault(session).kind is FaultKind.FORBIDDEN, rung
    assert sorted(path.name for path in (site / "tiny").glob("*.py")) == [
        "__init__.py", "inside.py",
    ]  # fmt: skip


@pytest.mark.usefixtures("site")
def test_the_path_of_a_neighbour_does_not_help(rung: str) -> None:
    """On a rung with walls a neighbour cannot be imported by its folder either."""
    if not is_locked():
        pytest.skip("there are no walls")
    body = "import sys, tiny\nsys.path.append(tiny.__path__[0] + '/..')\nimport neighbour"
    with opened(gate(body), "tiny", "single") as session:
        fault = first_fault(session)
    assert fault.kind in (FaultKind.NO_MODULE, FaultKind.FORBIDDEN), rung


def test_where_they_are(site: Path) -> None:
    """Only the named ones are found, with the libraries of their wheel, by their real place."""
    found = dict(packages_of("tiny", "single", "linked"))
    assert found == {
        "tiny": str(site / "tiny" / "__init__.py"),
        "single": str(site / "single.py"),
        "linked": str(site / "tiny" / "__init__.py"),
    }
    assert paths_of(packages_of("tiny", "single")) == (
        str(site / "tiny"), str(site / "tiny_wheel.libs"), str(site / "single.py"),
    )  # fmt: skip
    assert packages_of() == ()
    assert paths_of(()) == ()


@pytest.mark.usefixtures("site")
def test_a_package_that_is_not_there() -> None:
    """What is not installed, or is no package, is named at once, all of them."""
    with pytest.raises(CourseError) as caught:
        packages_of("tiny", "absent", "space")
    start = "assignments/gates.yaml: packages: "
    assert [line.removeprefix(start) for line in caught.value.problems] == [
        "`absent` is not installed here; `pip install` it for this Python",
        "`space` is a folder without __init__.py, which is not supported",
    ]


def test_only_folders_of_packages_are_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package that lies in the working directory, a student's say, is not taken."""
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted" / "__init__.py").touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError, match="`planted` is not installed"):
        packages_of("planted")


@pytest.mark.parametrize(
    ("packages", "problem"),
    [
        ("[numpy]", "`numpy` can always be imported"),
        ("[json]", "`json` can always be imported"),
        ("[grader]", "the grader itself is not for students"),
        ("[gates]", "`gates` is, or holds, a file of this assignment"),
        ("[scipy.linalg]", "`scipy.linalg` is not a name"),
        ("[../secrets]", "`../secrets` is not a name"),
        ("[tiny, tiny]", "`tiny` stands here twice"),
        ("tiny", "expected a list"),
    ],
)
def test_refused_in_a_spec(packages: str, problem: str) -> None:
    """What is no package of others is refused with its place."""
    with pytest.raises(CourseError, match=r"gates\.yaml:3: packages") as caught:
        load_assignment(SPEC.format(packages=packages), "assignments/gates.yaml")
    assert problem in caught.value.problems[0]


def test_what_a_package_needs_must_be_declared_too(site: Path) -> None:
    """`grade check` imports each package where students will, and names what is missing."""

    def problems(*names: str) -> list[str]:
        text = SPEC.format(packages=f"[{', '.join(names)}]")
        assignment = load_assignment(text, "assignments/gates.yaml")
        found = find_packages(assignment)
        return import_problems(
            assignment, lambda files, limits: SANDBOXES["process"](files, limits, found)
        )

    start = "assignments/gates.yaml: packages: `{}` cannot be imported in isolation: "
    assert problems("tiny", "single") == []
    assert problems("needy", "neighbour") == []
    assert problems("needy") == [
        start.format("needy") + "it needs `neighbour`, which is not declared"
    ]
    (broken,) = problems("broken")
    assert broken.startswith(start.format("broken") + "ZeroDivisionError")
    assert site.is_dir()


def a_course(folder: Path, packages: str) -> Path:
    """Make a course whose assignment declares packages, and a submission that uses them."""
    for name, text in {
        "course.yaml": "name: Packages\n",
        "assignments/gates.yaml": SPEC.format(packages=packages),
        "reference/gates.py": REFERENCE,
        "submission/gates.py": LEANS,
        "other/gates.py": LEANS.replace("import single", "import neighbour").replace(
            "THREE *", "neighbour.THREE *"
        ),
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def graded(course: Path, site: Path, submission: str) -> Outcome:
    """Grade a submission of such a course by the command."""
    env = environment()
    env["PYTHONPATH"] += f":{site}"
    words = ("--course", course)
    return grade(course / submission, course / "report.json", *words, env=env)


def test_the_command(site: Path, tmp_path: Path) -> None:
    """A submission may lean on declared packages; of another it is told which there are."""
    course = a_course(tmp_path / "course", "[tiny, single]")
    right = graded(course, site, "submission")
    assert right.code == 0
    assert right.reports["gates"]["versions"]["tiny"] == "unknown"
    done = graded(course, site, "other")
    assert done.code == 1
    (finding,) = [f for f in done.task("t")["findings"] if f["severity"] == "error"]
    assert (finding["code"], "neighbour" in finding["message"]) == ("L105", True)
    assert finding["help"] == (
        "only numpy, tiny, single, the standard library and the assignment's own files can be "
        "imported"
    )


def test_the_command_without_the_package(site: Path, tmp_path: Path) -> None:
    """A package that is missing on this machine stops the command before anything runs."""
    course = a_course(tmp_path / "course", "[tiny, absent]")
    done = graded(course, site, "submission")
    assert (done.code, done.out, done.reports) == (2, "", {})
    assert "packages: `absent` is not installed here" in done.err
    checked = run("check", "gates", "--course", course)
    assert checked.code == 2
    assert "`absent` is not installed here" in checked.err


def test_check_of_a_package_that_does_not_work(site: Path, tmp_path: Path) -> None:
    """`grade check` calls an assignment malformed whose packages cannot be imported."""
    course = a_course(tmp_path / "course", "[needy]")
    env = environment()
    env["PYTHONPATH"] += f":{site}"
    done = run("check", "gates", "--course", course, env=env)
    assert done.code == 2
    assert "it needs `neighbour`, which is not declared" in done.err


def test_a_package_gives_no_way_around_the_fault(site: Path) -> None:
    """A child without declared packages knows no finder for them."""
    source = gate("import sys\nprint([type(f).__name__ for f in sys.meta_path])\nreturn x")
    for names, expected in (((), False), (("tiny",), True)):
        chosen.append("process")
        with opened(source, *names) as session:
            assert not isinstance(session.load(GATE), Fault)
            session.run(GATE, VALUES, STEPS, seconds=5)
        assert ("'Packages'" in session.text) is expected
        chosen.pop()
    assert site.is_dir()


def test_a_session_without_packages_takes_the_process_that_was_probed(site: Path) -> None:
    """The probe of a rung leaves a warm process behind; no other is started beside it."""
    for rung, world in (("sealed", "bubblewrap"), ("confined", "bare")):
        if try_walls(world).problem:
            continue
        made = pool.cache_info().misses
        with SANDBOXES[rung]({"gates.py": gate()}, PATIENT) as session:
            session.load(GATE)
        assert pool.cache_info().misses == made
    assert site.is_dir()
