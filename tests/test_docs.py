"""The README and the pages of docs/ say what is true: transcripts run, specs load, lists agree."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from grader.cli.arguments import _LATER, COMMANDS
from grader.cli.commands import _MODULES
from grader.codes import CODES
from grader.course import Course, load, support_texts
from grader.model import Domain, Mask
from grader.oracle import load_references
from grader.spec import load_assignment, load_rubric
from grader.spec.task import _KEYS, CONVENTIONS
from grader.styles import STYLES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
GUIDE = (ROOT / "docs" / "writing-an-assignment.md").read_text()
TRANSCRIPTS = re.findall(r"```console\n\$ grade ([^\n]*)\n(.*?)```", README, re.DOTALL)


def fenced(page: str, language: str) -> list[str]:
    """Return the code blocks of a page in one language."""
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


@pytest.mark.parametrize(("arguments", "expected"), TRANSCRIPTS)
def test_transcripts_of_the_readme_are_what_the_command_prints(
    arguments: str, expected: str
) -> None:
    """Every transcript of the README is the command's output, letter by letter.

    But for the isolation, which depends on the machine.
    """
    run = subprocess.run(
        [sys.executable, "-m", "grader", *arguments.split()],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    isolation = re.compile(r"^isolation  .*?(?=^seed)", re.DOTALL | re.MULTILINE)
    assert isolation.sub("", run.stdout.rstrip()) == isolation.sub("", expected.rstrip())
    assert not run.stderr


def test_readme_shows_transcripts_and_two_commands() -> None:
    """The first screen has a transcript, and the set-up is two lines."""
    assert len(TRANSCRIPTS) >= 2
    assert README.index("```console") < 400
    assert len(re.findall(r"^python3 -m venv", README, re.MULTILINE)) == 2


def test_readme_lists_every_command() -> None:
    """Those there are and no other, each with what it is for; each has a module of its own."""
    section = README[README.index("## In use") : README.index("`--report out.json")]
    listed = re.findall(r"^    grade ([a-z]+) .*?  +\S", section, re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)
    assert {"grade", *COMMANDS} == set(_MODULES)
    assert not {*COMMANDS} & {*_LATER}
    pages = README + "".join(path.read_text() for path in (ROOT / "docs").glob("*.md"))
    assert [word for word in COMMANDS if f"grade {word}" not in pages] == []


def test_spec_and_gate_of_the_readme_work(tmp_path: Path) -> None:
    """The ten-line spec loads, and the six-line gate is its reference and full marks."""
    (spec,) = fenced(README, "yaml")
    (gate,) = fenced(README, "python")
    assert len(spec.splitlines()) == 10
    (tmp_path / "assignments").mkdir()
    (tmp_path / "reference").mkdir()
    (tmp_path / "course.yaml").write_text("name: From the README\n")
    (tmp_path / "assignments" / "gates.yaml").write_text(spec)
    (tmp_path / "reference" / "gates.py").write_text(gate)
    for command in (["check", "gates"], [str(tmp_path / "reference")]):
        run = subprocess.run(
            [sys.executable, "-m", "grader", *command, "--course", str(tmp_path)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout + run.stderr


def test_ten_lines_of_the_guide_are_a_layer() -> None:
    """The first spec of the guide loads and has the stated defaults."""
    spec = fenced(GUIDE, "yaml")[0]
    assignment = load_assignment(spec, "assignments/layers.yaml")
    (task,) = assignment.tasks
    assert task.call.target == "affine_forward"
    assert task.call.backward_args == ("dout", "cache")
    assert task.gradients == ("x", "w", "b")
    rubric = fenced(GUIDE, "yaml")[-1]
    assert load_rubric(rubric, "rubrics/layers.yaml", assignment).total == 6


def test_example_of_the_guide_is_a_field_of_a_task() -> None:
    """The worked example of the guide loads as part of a circuit."""
    spec = (
        "assignment: c\nfiles: [c.py]\ntasks:\n  - id: t\n    style: circuit\n    target: f\n"
        "    inputs: {x: [], y: [], z: []}\n    outputs: [q, f]\n    upstream: [f]\n"
    )
    (task,) = load_assignment(spec + fenced(GUIDE, "yaml")[3], "c.yaml").tasks
    assert task.examples[0].expected["f"] == -12


def test_sub_cases_of_the_guide_are_fields_of_a_task() -> None:
    """The named sub-cases of the guide load as part of a class with a flag."""
    spec = (
        "assignment: c\nfiles: [c.py]\ntasks:\n  - id: t\n    style: torch7_module\n"
        "    target: F\n    inputs: {x: [N, D]}\n    outputs: [z]\n"
        "    hyper_parameters: {a: 2, pad: 1, in_place: false}\n    constants: {mode: train}\n"
    )
    (task,) = load_assignment(spec + fenced(GUIDE, "yaml")[1], "c.yaml").tasks
    assert [case.name for case in task.cases] == [
        "pad0", "batch_of_three", "zero", "test_mode", "four_dimensions",
    ]  # fmt: skip
    assert task.cases[2].values == {"a": 0, "in_place": True}
    assert task.cases[2].raises == ("ValueError",)


def test_random_layer_of_the_guide_is_a_task() -> None:
    """The random layer of the guide loads as part of a pair of functions."""
    spec = (
        "assignment: c\nfiles: [c.py]\ntasks:\n  - id: t\n    style: function_pair\n"
        "    target: f\n    outputs: [out]\n"
    )
    (task,) = load_assignment(spec + fenced(GUIDE, "yaml")[2], "c.yaml").tasks
    assert task.random == Mask("x", "p", is_kept=True, seed="seed")


@pytest.mark.parametrize(
    "words",
    [_KEYS, list(STYLES), list(CONVENTIONS), [d.value for d in Domain]],
    ids=["keys", "styles", "conventions", "domains"],
)
def test_guide_names_every_field_style_convention_and_domain(words: list[str]) -> None:
    """No key of a spec is missing in the guide."""
    assert [word for word in words if f"`{word}`" not in GUIDE] == []


def test_guide_names_every_value_of_a_convention() -> None:
    """The values of every convention stand in the guide, the default first."""
    for name, values in CONVENTIONS.items():
        row = next(line for line in GUIDE.splitlines() if line.startswith(f"| `{name}`"))
        assert re.findall(r"`(\w+)`", row.split("|")[2]) == list(values)


def test_page_of_codes_is_the_registry() -> None:
    """Every code has a row with its title and help, and no row is left over."""
    page = (ROOT / "docs" / "finding-codes.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", page, re.MULTILINE)
    assert sorted(rows) == [
        (code, known.title, known.help) for code, known in sorted(CODES.items())
    ]


def test_guide_explains_every_weakness() -> None:
    """Each code that `grade check` may tell has a row that says how to mend it."""
    section = GUIDE[GUIDE.index("## What `grade check` tells") :]
    rows = "".join(line.split("|")[1] for line in section.splitlines() if line.startswith("|"))
    told = [code for code in CODES if code.startswith("W")] + ["G901", "G902"]
    assert [code for code in told if f"`{code}`" not in rows] == []


def test_every_shipped_assignment_is_complete() -> None:
    """Each assignment has a title, statements, lecture rows, a reference and a rubric."""
    course = Course(ROOT, "")
    assert course.assignment_ids() == [
        "checkers", "circuits", "descent", "functions", "gates", "graphs", "jacobians", "layers",
        "losses", "modules", "networks", "networks_attention", "networks_conv",
        "networks_dropout", "networks_dropout_2016", "networks_fc_net",
        "networks_groupnorm_flat", "networks_linear", "networks_linear_2015",
        "networks_linear_half", "networks_norms", "networks_rnn", "networks_two_layer",
        "networks_two_layer_half",
    ]  # fmt: skip
    for name in course.assignment_ids():
        assignment, rubric = load(course, name)
        assert rubric.path
        assert load_references(
            course.reference_of(assignment.id), assignment, support_texts(course, assignment)
        )
        assert assignment.statement
        for task in assignment.tasks:
            assert task.title
            assert task.statement
            assert task.lecture or name.startswith("networks")


def test_pre_commit_runs_what_ci_runs() -> None:
    """The hooks are ruff, its formatter and mypy."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert [hook["entry"].split()[0] for hook in hooks] == ["ruff", "ruff", "mypy"]


def test_every_row_of_the_lectures_is_a_task_or_part_of_one() -> None:
    """The rows S01 to S42 of the lectures' catalogue all stand in `grade list`."""
    course = Course(ROOT, "")
    tasks = [t for name in course.assignment_ids() for t in load(course, name)[0].tasks]
    rows = {row for task in tasks for row in task.lecture}
    assert {f"S{number:02}" for number in range(1, 43)} <= rows
