"""The page for instructors with a course of their own: what it writes is sound, and grades."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from running import run

from grader.spec import load_assignment
from grader.spec.rubric import load_rubric

PAGE = (Path(__file__).parent.parent / "docs" / "from-your-course.md").read_text()
FILES = dict(re.findall(r"```(?:python|yaml)\n# (\S+)\n(.*?)```", PAGE, re.DOTALL))


def test_the_course_of_the_page_is_sound_and_tells_a_mistake(tmp_path: Path) -> None:
    """YAML and a numpy solution are enough: nothing in the grader knows this layer."""
    course = tmp_path / "my-course"
    assert run("init", course).code == 0
    for place, text in FILES.items():
        (course / place).parent.mkdir(parents=True, exist_ok=True)
        (course / place).write_text(text)
    checked = run("check", "scaling", cwd=course)
    assert (checked.code, "scaling is sound" in checked.out) == (0, True), checked.out
    solution = FILES["reference/scaling/exercises/scaling.py"]
    for old, new, code in (
        ("np.sum", "np.sum", 0),
        ("- y * np.mean(dy * y, axis=1, keepdims=True)", "", 1),
        ("kept * scale_param", "(1 - kept) * scale_param", 1),
    ):
        home = tmp_path / "handed in" / "exercises"
        home.mkdir(parents=True, exist_ok=True)
        (home / "scaling.py").write_text(f"import matplotlib\n{solution.replace(old, new)}")
        assert run(home.parent, "--assignment", "scaling", cwd=course).code == code, old


def test_the_keys_of_the_page_exist() -> None:
    """The shares of the rubric, and each key of the table, are known to the readers."""
    spec = FILES["assignments/scaling.yaml"]
    assignment = load_assignment(spec, "assignments/scaling.yaml")
    shares = re.findall(r"^\| `(\w+)` \|", PAGE[PAGE.index("## 4.") :], re.MULTILINE)
    text = "rubric: scaling\ntotal: 4\n" + "".join(f"{name}: 0.5\n" for name in shares)
    prices = '{"forward[out]": 1, "forward[usual_length_after]": 1, "backward": 2}'
    leaning = [name for name in shares if name == "with_right_helper"]
    assert leaning
    text = text.replace("with_right_helper: 0.5\n", "")  # refused where nothing leans
    rubric = load_rubric(f"{text}tasks:\n  rescale: {prices}\n", "rubrics/scaling.yaml", assignment)
    assert rubric.after_repair == rubric.follow_through["rescale"] == 0.5
    table = PAGE[PAGE.index("| your function has") : PAGE.index("Every key is explained")]
    said = " ".join(re.findall(r"`([^`]*)`", table))
    guide = (Path(__file__).parent.parent / "docs" / "writing-an-assignment.md").read_text()
    for key in set(re.findall(r"(\w+):", said)) - _NAMES:
        assert f"`{key}`" in guide or f"{key}:" in guide, key
    assert yaml.safe_load(spec)["assignment"] == "scaling"


_NAMES = {"W1", "pad0", "pad", "stride", "y", "mask", "set"}
