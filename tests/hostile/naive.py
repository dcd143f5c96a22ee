"""Small graders of the usual kinds, each with the usual holes; run only in a process of its own.

    python naive.py serve

reads jobs; each is KIND OUT SECRET REFERENCE FOLDER... They grade the folders one after the other
and write scores and a report to OUT at the end.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import json
import os
import pickle
import resource
import signal
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

FULL = 4
BANNED = ("allclose", "_getframe", "gc")
TEST = """import gates, numpy as np
def test_square():
    x = np.random.RandomState(0).randn(4, 3)
    gate = gates.SquareGate()
    assert np.allclose(gate.forward(x), x * x)
    assert np.allclose(gate.backward(np.ones_like(x)), 2 * x)
"""


SCORES: dict[str, float] = {}
ANSWERS: list[dict[str, Any]] = []


def limit() -> None:
    """Bound what an attack can use up here."""
    for kind, value in (
        (resource.RLIMIT_AS, 768 << 20),
        (resource.RLIMIT_FSIZE, 64 << 20),
        (resource.RLIMIT_NOFILE, 128),
        (resource.RLIMIT_CPU, 20),
        (resource.RLIMIT_STACK, 8 << 20),
    ):
        resource.setrlimit(kind, (value, resource.getrlimit(kind)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def numbers(fresh: bool = False) -> tuple[Any, Any]:
    """Return the one input and the all-ones upstream gradient."""
    x = np.random.randn(4, 3) if fresh else np.random.RandomState(0).randn(4, 3)  # noqa: NPY002
    return x, np.ones((4, 3))


def load(folder: str) -> Any:
    """Import gates from a folder."""
    os.chdir(folder)
    sys.path.insert(0, folder)
    sys.modules.pop("gates", None)
    try:
        return importlib.import_module("gates")
    finally:
        sys.path.remove(folder)


def judge_allclose(gates: Any) -> bool:
    """Compare with answers computed before, by np.allclose."""
    x, dz = numbers()
    expected = {"z": x * x, "dx": 2 * x * dz}
    ANSWERS.append(expected)
    subject = gates.SquareGate()
    z, dx = subject.forward(x), subject.backward(dz)
    return bool(np.allclose(z, expected["z"]) and np.allclose(dx, expected["dx"]))


def judge_maxerr(gates: Any) -> bool:
    """Compare the largest relative error with a tolerance; the answers are computed after."""
    x, dz = numbers(fresh=True)
    subject = gates.SquareGate()
    for got, expected in ((subject.forward(x), x * x), (subject.backward(dz), 2 * x * dz)):
        error = np.max(np.abs(got - expected) / np.maximum(1e-8, np.abs(got) + np.abs(expected)))
        if error > 1e-5:
            return False
    return True


def judge_zip(gates: Any) -> bool:
    """Compare entry by entry, as long as there are entries."""
    x, dz = numbers()
    subject = gates.SquareGate()
    z, dx = subject.forward(x), subject.backward(dz)
    pairs = [*zip(np.ravel(z), np.ravel(x * x)), *zip(np.ravel(dx), np.ravel(2 * x * dz))]  # noqa: B905
    return all(abs(a - b) <= 1e-6 for a, b in pairs)


def judge_numeric(gates: Any) -> bool:
    """Compare backward with numeric differentiation of the student's own forward."""
    x, dz = numbers()
    subject = gates.SquareGate()
    high, low = subject.forward(x + 1e-5), subject.forward(x - 1e-5)
    subject.forward(x)
    return bool(np.allclose(subject.backward(dz), (high - low) / 2e-5 * dz, atol=1e-4))


JUDGES = {
    "allclose": judge_allclose,
    "maxerr": judge_maxerr,
    "zip": judge_zip,
    "numeric": judge_numeric,
    "scan": judge_allclose,
}


def too_late(*_: object) -> None:
    """End a call by an alarm."""
    raise TimeoutError


def grade_inside(kind: str, folder: str) -> tuple[float, str]:
    """Grade in this process; an alarm ends what takes long, except in the kinds zip and numeric."""
    with open(f"{folder}/gates.py", encoding="utf-8") as stream:  # noqa: PTH123
        source = stream.read()
    if kind == "scan":
        if any(word in source for word in BANNED):
            return 0, "not allowed"
        with contextlib.suppress(SyntaxError):
            ast.parse(source)
    np.zeros(1 << 22)  # room for what follows
    score = {"points": 0.0}
    try:
        signal.signal(signal.SIGALRM, too_late)
        signal.alarm(0 if kind in {"zip", "numeric"} else 1)
        score["points"] = FULL if JUDGES[kind](load(folder)) else 0
    except Exception as error:  # noqa: BLE001
        line = error.text if isinstance(error, SyntaxError) else ""
        detail = f"{type(error).__name__}: {error} {line}"
        return score["points"], detail
    finally:
        signal.alarm(0)
    return score["points"], ""


def work_json(folder: str) -> None:
    """Print a verdict, as the worker of the kind json."""
    import site

    site.addsitedir(folder)
    reference = importlib.import_module("reference")

    try:
        gates, (x, dz) = load(folder), numbers()
        subject, answer = gates.SquareGate(), reference.SquareGate()
        good = np.allclose(subject.forward(x), answer.forward(x))
        good = good and np.allclose(subject.backward(dz), answer.backward(dz))
        verdict = {"score": FULL if good else 0, "detail": ""}
    except Exception as error:  # noqa: BLE001
        verdict = {"score": 0, "detail": f"{type(error).__name__}: {error}"}
    print(json.dumps(verdict))  # noqa: T201


def work_pickle(folder: str) -> None:
    """Send what the student returned, as the worker of the kind pickle."""
    try:
        gates, (x, dz) = load(folder), numbers()
        subject = gates.SquareGate()
        sent: Any = (subject.forward(x), subject.backward(dz))
    except Exception as error:  # noqa: BLE001
        sent = error
    sys.stdout.buffer.write(pickle.dumps(sent))


def verdict_of(gates: Any) -> bool:
    """Judge, in the worker of the kind frames."""
    return judge_allclose(gates)


def work_frames(folder: str) -> None:
    """Answer requests of eight bytes with framed verdicts, as the worker of the kind frames."""
    requests, gates = 0, None
    while requests < 2 and os.read(0, 8):
        requests += 1
        try:
            gates = gates or load(folder)
            passed = verdict_of(gates)
        except Exception:  # noqa: BLE001
            passed = False
        text = json.dumps({"id": requests, "step": 0, "passed": passed}).encode()
        os.write(1, struct.pack("<4sIQ", b"GRD1", len(text), 0) + text)


def worker(kind: str, folder: str) -> dict[str, Any]:
    """Return how a worker is started: where the student's files are, as is often done."""
    path = os.pathsep.join((folder, os.environ["NAIVE_REFERENCE"]))
    return {
        "args": [sys.executable, __file__, f"work_{kind}", folder],
        "cwd": folder,
        "env": {**os.environ, "PYTHONPATH": path},
        "stdout": subprocess.PIPE,
    }


def grade_json(folder: str) -> tuple[float, str]:
    """Believe the last line that the worker prints."""
    process = subprocess.Popen(**worker("json", folder))
    try:
        out, _ = process.communicate(timeout=2)
    except subprocess.TimeoutExpired:
        process.kill()
        out, _ = process.communicate()
    text = out.decode("utf-8", "replace")
    try:
        return json.loads(text.strip().splitlines()[-1])["score"], text
    except (ValueError, IndexError, KeyError, TypeError):
        return 0, text


def grade_pickle(folder: str) -> tuple[float, str]:
    """Unpickle what the worker sends."""
    done = subprocess.run(**worker("pickle", folder), timeout=2, check=False)
    sent, (x, dz) = pickle.loads(done.stdout), numbers()
    if isinstance(sent, Exception):
        return 0, str(sent)
    return FULL if np.allclose(sent[0], x * x) and np.allclose(sent[1], 2 * x * dz) else 0, ""


def grade_frames(folder: str) -> tuple[float, str]:
    """Believe frames from the worker: the first with the right number counts."""
    passed = True
    with subprocess.Popen(**worker("frames", folder), stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"request1request2")
        process.stdin.flush()
        for number in (1, 2):
            answer: dict[str, Any] = {}
            while answer.get("id") != number:
                magic, length, _ = struct.unpack("<4sIQ", process.stdout.read(16))
                assert magic == b"GRD1"
                answer = json.loads(process.stdout.read(length))
            passed = passed and answer.get("passed", False)
        process.kill()
    return FULL if passed else 0, ""


def grade_pytest(folder: str) -> tuple[float, str]:
    """Run a test file inside the student's folder."""
    Path(folder, "test_gates.py").write_text(TEST)
    command = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "test_gates.py",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=20, check=False)
    return FULL if done.returncode == 0 else 0, done.stdout.decode()


def main(kind: str, out: str, secret: str, reference: str, *folders: str) -> None:
    """Grade the folders and write the report."""
    limit()
    opened = open(secret, encoding="utf-8")  # noqa: PTH123, SIM115  and never closed
    config = {"secret": opened.read()}
    os.environ["NAIVE_REFERENCE"] = reference
    sys.path.append(reference)
    importlib.import_module("reference")
    kinds = {"json": grade_json, "pickle": grade_pickle, "frames": grade_frames}
    report = ""
    for folder in folders:
        if kind == "pytest":
            SCORES[folder], detail = grade_pytest(folder)
        elif kind in kinds:
            SCORES[folder], detail = kinds[kind](folder)
        else:
            SCORES[folder], detail = grade_inside(kind, folder)
        name = os.path.basename(folder)  # noqa: PTH119
        report += f"{name}: {detail}\n"
        with contextlib.suppress(KeyError, IndexError, ValueError):
            report += ("{name}: " + detail + "\n").format(name=name, config=config)
        with open(f"{folder}/feedback.txt", "w", encoding="utf-8") as stream:  # noqa: PTH123
            stream.write(f"{SCORES[folder]} points\n")
    sys.stdout.write("graded\n")
    sys.stdout.flush()
    with open(out, "w", encoding="utf-8") as stream:  # noqa: PTH123
        json.dump({"scores": list(SCORES.values()), "report": report}, stream, ensure_ascii=False)


def serve() -> bool:
    """Fork a process for each job that stands on a line of input; true in that process.

    So the import of numpy is paid once, and each job still has a process to itself.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits: whoever asked watches the pid
    for line in iter(sys.stdin.readline, ""):
        job = json.loads(line)
        if pid := os.fork():
            sys.stdout.write(f"{pid}\n")
            sys.stdout.flush()
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        os.environ.update(job["environment"])
        reader, _ = os.pipe()  # an input that never comes and never ends
        log = os.open(job["log"], os.O_WRONLY | os.O_CREAT)
        for number, descriptor in enumerate((reader, log, log)):
            os.dup2(descriptor, number)
        sys.argv[1:] = job["arguments"]
        return True
    return False


if __name__ == "__main__":
    if sys.argv[1].startswith("work_"):
        globals()[sys.argv[1]](sys.argv[2])
    elif serve():
        main(*sys.argv[1:])
