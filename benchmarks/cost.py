"""What grading costs, as ratios measured side by side in one run.

    python benchmarks/cost.py            all figures
    python benchmarks/cost.py --runs 21  more repetitions

Figures: CPU of a whole `grade` beyond the student's own time, against `python -c "import numpy"`;
at real size the host's part (reference and comparison) against the student's own; the growth when
the size doubles; whether the 100 x 4096 ReLU passes under 512 MiB.

The criterion: a whole assignment of ten tasks, `size` checks aside, is graded in under 10 times the
CPU of `import numpy` beyond the student's own time, on one BLAS thread. `gates` has ten tasks; of
the others, which have fewer, it is also said what ten such tasks would cost: what one small task
costs, starting included, and ten times what each further task adds to that.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
# Bytecode is cached in every real installation.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import numpy as np  # noqa: E402  the threads are settled first
from in_process import ASSIGNMENTS, InProcess, grade_texts  # noqa: E402

from grader.cases import public_seed  # noqa: E402
from grader.compare import compare  # noqa: E402
from grader.course import Course, load  # noqa: E402
from grader.grade import is_full_marks  # noqa: E402
from grader.isolation import SANDBOXES, Loaded, Returned  # noqa: E402
from grader.model import (  # noqa: E402
    Battery,
    Draw,
    Fault,
    Kind,
    Limits,
    Observation,
    Task,
)
from grader.oracle import Reference, build_battery, load_references  # noqa: E402
from grader.oracle.reference import answer  # noqa: E402
from grader.prepare import prepare  # noqa: E402
from grader.spec import load_assignment  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
PERFECT = ROOT / "examples" / "perfect"
CRITERION = 10.0  # imports of numpy, for an assignment of
TASKS = 10
SMALL = "shift"


def cpu_of(command: list[str]) -> float:
    """Return the CPU seconds of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def course_without_size(folder: Path) -> Path:
    """Copy the course, its `size` cases left out: they cost what the student's code costs.

    Rubrics, which may price them, are left out too: every check is worth a point then.
    """
    for part in ("assignments", "reference", "support"):
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "course.yaml", folder)
    for spec in (folder / "assignments").glob("*.yaml"):
        lines = spec.read_text().splitlines()
        spec.write_text("\n".join(line for line in lines if not line.startswith("    size:")))
    return folder


def own_seconds(course: Course, name: str) -> tuple[float, int]:
    """Return the time a perfect submission takes in its own code, and how many tasks it does."""
    spent = [0.0]

    class Timed(InProcess):
        def run(self, *args: Any, **options: Any) -> list[Returned | Fault | None]:
            replies = super().run(*args, **options)
            spent[0] += sum(r.seconds for r in replies if isinstance(r, Returned))
            return replies

    assignment, rubric = load(course, name)
    ready = prepare(course, assignment, rubric, public_seed(0, assignment), "public, 0")
    report = grade_texts(ready, texts_of(assignment.files), open_session=Timed)
    assert is_full_marks(report)
    return spent[0], len(report.tasks)


def texts_of(files: Sequence[str]) -> dict[str, str]:
    """Return the perfect submission's files."""
    return {file: (PERFECT / file).read_text() for file in files}


def whole_command(runs: int) -> bool:
    """Print the CPU of `grade` per assignment, in turn with a bare import of numpy.

    Returns True when every assignment meets the criterion.
    """
    import_numpy = [sys.executable, "-c", "import numpy"]
    ratios: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        course = Course(course_without_size(Path(folder) / "course"), "")
        commands, own = {}, {}
        for name in ASSIGNMENTS:  # those of the lectures; networks are measured as a family
            submission = Path(folder) / name
            submission.mkdir()
            for file, text in texts_of(load(course, name)[0].files).items():
                (submission / file).write_text(text)
            commands[name] = [
                sys.executable, "-m", "grader", str(submission), "--course", str(course.root)
            ]  # fmt: skip
            own[name] = own_seconds(course, name)
        commands[SMALL] = [*commands["gates"], "--task", SMALL]
        own[SMALL] = (0.0, 1)
        for command in commands.values():
            cpu_of(command)
        for _ in range(runs):
            for name, command in commands.items():
                beyond = cpu_of(command) - own[name][0]
                ratios.setdefault(name, []).append(beyond / cpu_of(import_numpy))
    is_met, start = True, statistics.median(ratios.pop(SMALL))
    print(f"grade gates --task {SMALL}: {start:.2f} x import numpy")
    for name, values in ratios.items():
        ratio, tasks = statistics.median(values), own[name][1]
        line = (f"grade {name} ({tasks} tasks): {ratio:.2f} x import numpy beyond the student's "
                f"own {1000 * own[name][0]:.0f} ms")  # fmt: skip
        if tasks >= TASKS:
            is_met = is_met and ratio < CRITERION
            word = "met" if ratio < CRITERION else "NOT MET"
            print(f"{line}, must be < {CRITERION:g}: {word}")
        else:
            of_ten = start + (ratio - start) * TASKS / tasks
            print(f"{line}; {TASKS} such tasks would cost {of_ten:.2f}")
    return is_met


def relu_reference(rows: int, columns: int) -> Reference:
    """Return the reference of the ReLU layer with a `size` case of these dimensions."""
    text = (ROOT / "assignments" / "layers.yaml").read_text()
    assignment = load_assignment(text, "layers.yaml")
    reference = load_references(ROOT / "reference", assignment)["relu"]
    size = dict(zip(reference.task.size, (rows, columns), strict=True))
    task: Task = dataclasses.replace(reference.task, size=size)
    return dataclasses.replace(reference, task=task)


def size_battery(reference: Reference) -> Battery:
    """Return the battery with the case of real size only."""
    text = (ROOT / "assignments" / "layers.yaml").read_text()
    battery = build_battery(reference, public_seed(0, load_assignment(text, "layers.yaml")))
    only = {Kind.SIZE: battery.expected[Kind.SIZE]}
    return dataclasses.replace(battery, expected=only)


def observe_size(battery: Battery, limits: Limits, times: int) -> list[tuple[Observation, float]]:
    """Run the student's code on the case of real size, in one warm child."""
    expected = battery.expected[Kind.SIZE][0]
    call = battery.task.call
    sources = texts_of(["layers.py"])
    observed = []
    with SANDBOXES["process"](sources, limits) as session:
        assert isinstance(session.load(call), Loaded)
        for _ in range(times):
            values = [expected.case.inputs, expected.case.upstreams[0]]
            steps = [(0, "forward", (0, 1)), (0, "backward", (0, 1))]
            forward, backward = session.run(call, values, steps, seconds=60)
            assert isinstance(forward, Returned), forward
            assert isinstance(backward, Returned), backward
            draw = Draw(forward.value, backward.value)
            seconds = forward.seconds + backward.seconds
            observed.append((Observation(expected.case, (draw,)), seconds))
    return observed


def host_part(reference: Reference, battery: Battery, observation: Observation) -> float:
    """Return the seconds of the reference's answer and the comparison on one case."""
    case = observation.case
    started = time.perf_counter()
    answer(reference, case.inputs, case.upstreams)
    verdicts = compare(battery, [observation])
    seconds = time.perf_counter() - started
    assert verdicts["size"].outcome.value == "passed"
    return seconds


def real_size(runs: int) -> None:
    """Print the host's part against the student's, and the growth from size to twice the size."""
    settings = {}
    for columns in (4096, 8192):
        reference = relu_reference(100, columns)
        battery = size_battery(reference)
        settings[columns] = (reference, battery, observe_size(battery, Limits(), runs))
    host: dict[int, list[float]] = {columns: [] for columns in settings}
    for run in range(runs):  # in turn, so that both sizes see the same machine
        for columns, (reference, battery, observed) in settings.items():
            host[columns].append(host_part(reference, battery, observed[run][0]))
    for columns, (_, _, observed) in settings.items():
        student = statistics.median(seconds for _, seconds in observed)
        ratio = statistics.median(host[columns]) / student
        print(f"ReLU 100 x {columns}: the host's part is {ratio:.2f} x the student's own")
    growth = statistics.median(big / small for small, big in zip(*host.values(), strict=True))
    print(f"ReLU: twice the size costs the host {growth:.2f} x")


def small_memory() -> None:
    """Print whether the 100 x 4096 ReLU passes with 512 MiB of address space."""
    battery = size_battery(relu_reference(100, 4096))
    (observation, _), *_ = observe_size(battery, Limits(memory_mb=512), 1)
    outcome = compare(battery, [observation])["size"].outcome.value
    entries = int(np.prod(list(battery.task.size.values())))
    print(f"ReLU 100 x 4096 under 512 MiB: {outcome} (its Jacobian has {entries}^2 entries)")


def main() -> int:
    """Print every figure and return 1 if the criterion is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=11)
    runs = parser.parse_args().runs
    is_met = whole_command(runs)
    real_size(runs)
    small_memory()
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
