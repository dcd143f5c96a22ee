"""What grading costs, as ratios measured side by side in one run.

    python benchmarks/cost.py            all figures
    python benchmarks/cost.py --runs 21  more repetitions

Figures: CPU of a whole `grade` against `python -c "import numpy"`; at real size the host's part
(reference and comparison) against the student's own; the growth when the size doubles; whether
the 100 x 4096 ReLU passes under 512 MiB.
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
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
# Bytecode is cached in every real installation.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import numpy as np  # noqa: E402  the threads are settled first

from grader.cases import public_seed  # noqa: E402
from grader.compare import compare  # noqa: E402
from grader.isolation import SANDBOXES, Loaded, Returned  # noqa: E402
from grader.model import Battery, Draw, Kind, Limits, Observation, Task  # noqa: E402
from grader.oracle import Reference, build_battery, load_references  # noqa: E402
from grader.oracle.reference import answer  # noqa: E402
from grader.spec import load_assignment  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent


def cpu_of(command: list[str]) -> float:
    """Return the CPU seconds of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def course_without_size(folder: Path) -> Path:
    """Copy the course, its `size` cases left out: they cost what the student's code costs."""
    for part in ("assignments", "reference", "rubrics"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "course.yaml", folder)
    spec = folder / "assignments" / "layers.yaml"
    kept = [line for line in spec.read_text().splitlines() if not line.startswith("    size:")]
    spec.write_text("\n".join(kept))
    return folder


def whole_command(runs: int) -> None:
    """Print the CPU of `grade` per assignment, in turn with a bare import of numpy."""
    import_numpy = [sys.executable, "-c", "import numpy"]
    with tempfile.TemporaryDirectory() as folder:
        course = course_without_size(Path(folder) / "course")
        commands = {}
        for name in ("gates", "circuits", "losses", "layers"):
            submission = Path(folder) / name
            submission.mkdir()
            source = (ROOT / "examples" / "perfect" / f"{name}.py").read_text()
            (submission / f"{name}.py").write_text(source)
            commands[name] = [
                sys.executable, "-m", "grader", str(submission), "--course", str(course)
            ]  # fmt: skip
        ratios: dict[str, list[float]] = {name: [] for name in commands}
        for command in commands.values():
            cpu_of(command)
        for _ in range(runs):
            for name, command in commands.items():
                ratios[name].append(cpu_of(command) / cpu_of(import_numpy))
    for name, values in ratios.items():
        print(f"grade {name}: {statistics.median(values):.2f} x import numpy")


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
    sources = {"layers.py": (ROOT / "examples" / "perfect" / "layers.py").read_text()}
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


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=11)
    runs = parser.parse_args().runs
    whole_command(runs)
    real_size(runs)
    small_memory()


if __name__ == "__main__":
    main()
