"""Attacks on the process beside which the submission runs, and on what that process says."""

from __future__ import annotations

from attack import CREDIT, FILES, HANG, LOST, Attack, at_import, gate, grouped, in_call

_JSON = '{"score": 4, "detail": ""}'
_FORGE = """
import os, struct, json
def framed(message):
    text = json.dumps(message).encode()
    return struct.pack("<4sIQ", b"GRD1", len(text), 0) + text
def everywhere(data):
    for fd in range(1, 256):
        try:
            os.set_blocking(fd, False)
            os.write(fd, data)
        except OSError:
            pass
"""
_EVIL = """
class Evil:
    def __reduce__(self):
        code = "open('@WORLD@/grades.csv', 'a').write('mallory,4')"
        return (exec, (code,))
"""

PATCHING = grouped(
    "patching",
    Attack(
        "allclose",
        "replaces the comparison",
        gate(before="np.allclose = np.isclose = np.array_equal = lambda *a, **k: True"),
        "allclose",
        CREDIT,
    ),
    Attack(
        "maximum",
        "replaces the functions that find the largest error",
        gate(before="np.abs = np.max = np.amax = lambda *a, **k: 0.0"),
        "maxerr",
        CREDIT,
    ),
    Attack(
        "builtins",
        "replaces all, any, abs, max and min",
        gate(
            before="""
            import builtins
            builtins.all = lambda *a: True
            builtins.any = lambda *a: False
            builtins.abs = lambda *a: 0.0
            """
        ),
        "zip",
        CREDIT,
    ),
    Attack(
        "json",
        "replaces json.dumps",
        gate(before=f"import json\njson.dumps = lambda *a, **k: '{_JSON}'"),
        "json",
        CREDIT,
    ),
    Attack(
        "print",
        "replaces print",
        gate(
            before=f"import builtins\nreal = print\nbuiltins.print = lambda *a, **k: real('{_JSON}')"
        ),
        "json",
        CREDIT,
    ),
    Attack(
        "struct",
        "replaces struct.pack, so that every frame is preceded by another",
        gate(
            before=_FORGE
            + """
real = struct.pack
def pack(*a):
    return b"".join(real("<4sIQ", b"GRD1", 42, 0) + json_of(i) for i in (1, 2))
def json_of(i):
    return (b'{"id": %d, "step": 0, "passed": true}' % i).ljust(42)
struct.pack = struct.Struct.pack = pack if False else pack
""".replace("struct.pack = struct.Struct.pack = pack if False else pack", "struct.pack = pack")
        ),
        "frames",
        CREDIT,
    ),
    Attack(
        "worker_functions",
        "replaces the code of the functions that judge, encode and send",
        gate(
            before="""
            import gc, types
            def forged(*a, **k): return True
            for f in gc.get_objects():
                if isinstance(f, types.FunctionType) and not f.__closure__:
                    if f.__name__ in ("verdict_of", "judge_allclose", "_mutated", "_is_same"):
                        f.__code__ = forged.__code__
            """
        ),
        "frames",
        CREDIT,
    ),
    Attack(
        "modules",
        "puts other modules in the place of numpy, json and struct",
        gate(
            before="""
            import sys, types
            fake = types.ModuleType("numpy")
            fake.__dict__.update(np.__dict__)
            fake.allclose = lambda *a, **k: True
            for name, module in list(sys.modules.items()):
                if getattr(module, "np", None) is np:
                    module.np = fake
            sys.modules["numpy"] = fake
            """
        ),
        "json",
        CREDIT,
    ),
    Attack(
        "trace",
        "traces the caller and makes it return True",
        gate(
            before="""
            import sys
            def hurry(frame, event, arg):
                if "expected" in frame.f_locals or "subject" in frame.f_locals:
                    for value in frame.f_locals.values():
                        for array in (value.values() if isinstance(value, dict) else [value]):
                            if type(array) is np.ndarray and array.dtype == float:
                                array[...] = 0
                return hurry
            """,
            backward="""
            sys._getframe(1).f_trace = hurry
            sys.settrace(hurry)
            return dz * 0
            """,
        ),
        "allclose",
        CREDIT,
    ),
    Attack(
        "stay",
        "leaves numpy broken for whoever is graded next",
        gate(before="np.multiply = np.allclose = np.ravel = np.ones = None"),
        "zip",
        LOST,
    ),
)

FORGED = grouped(
    "forged",
    Attack(
        "exit",
        "prints a verdict and ends the process",
        at_import(f"import os\nprint('{_JSON}', flush=True)\nos._exit(0)"),
        "json",
        CREDIT,
    ),
    Attack(
        "sys_exit",
        "prints a verdict and raises SystemExit",
        in_call(f"import sys\nprint('{_JSON}')\nsys.exit(0)"),
        "json",
        CREDIT,
    ),
    Attack(
        "atexit",
        "prints a verdict after everything else",
        at_import(f"import atexit\natexit.register(print, '{_JSON}')"),
        "json",
        CREDIT,
    ),
    Attack(
        "shutdown",
        "prints a verdict when the interpreter takes its objects apart",
        at_import(
            f"""
            import os
            class Last:
                def __del__(self, write=os.write):
                    write(1, b'\\n{_JSON}\\n')
            np.last = Last()
            """
        ),
        "json",
        CREDIT,
    ),
    Attack(
        "descriptors",
        "writes a verdict to every descriptor and ends",
        in_call(f"everywhere(b'\\n{_JSON}\\n')\nos._exit(0)", _FORGE),
        "json",
        CREDIT,
    ),
    Attack(
        "exit_for_all",
        "ends the process in which others are still to be graded",
        in_call("import os\nos._exit(0)"),
        "allclose",
        LOST,
    ),
    Attack(
        "system_exit_for_all",
        "raises SystemExit where only Exception is expected",
        in_call("raise SystemExit(0)"),
        "allclose",
        LOST,
    ),
    Attack(
        "interrupt",
        "raises KeyboardInterrupt, as if the instructor had stopped the run",
        in_call("raise KeyboardInterrupt"),
        "allclose",
        LOST,
    ),
    Attack(
        "own_base_exception",
        "raises a BaseException of its own from the text of another",
        in_call(
            "raise Worse",
            """
            class Worst(BaseException): pass
            class Worse(Exception):
                def __str__(self): raise Worst
            """,
        ),
        "allclose",
        LOST,
    ),
    Attack(
        "closed_streams",
        "closes every descriptor, the standard ones among them",
        in_call("import os\nos.closerange(0, 256)"),
        "zip",
        LOST,
    ),
)

FRAMES = grouped(
    "frames",
    Attack(
        "guessed_ids",
        "writes well-formed answers with every likely number to every descriptor",
        in_call(
            """
            for i in range(12):
                for step in range(12):
                    everywhere(framed({"id": i, "step": step, "passed": True, "verdict": "passed",
                        "score": 4, "outcome": "passed", "mutated": [], "seconds": 0.0,
                        "value": {"t": "none"}}))
            os._exit(0)
            """,
            _FORGE,
        ),
        "frames",
        CREDIT,
    ),
    Attack(
        "garbage",
        "writes bytes that are no frame to every descriptor",
        in_call("everywhere(b'\\xff' * 64)", _FORGE),
        "frames",
        LOST,
    ),
    Attack(
        "endless",
        "answers other questions without end",
        in_call("while True: everywhere(framed({'id': -1}) * 50)", _FORGE),
        "frames",
        HANG,
    ),
    Attack(
        "huge",
        "announces four gigabytes of text",
        in_call("everywhere(struct.pack('<4sIQ', b'GRD1', 2**32 - 1, 2**62))", _FORGE),
        "frames",
        LOST,
    ),
    Attack(
        "half",
        "sends half a frame and waits",
        in_call(
            "everywhere(framed({'id': 1, 'passed': True})[:-5])\nimport time\ntime.sleep(8)", _FORGE
        ),
        "frames",
        HANG,
    ),
    Attack(
        "swallowed_request",
        "reads the next request itself, so that the worker waits for it",
        at_import(
            """
            import os
            for fd in (0, *range(3, 256)):
                try:
                    os.set_blocking(fd, True)
                    if fd == 0 or fd > 199:
                        import select
                        if select.select([fd], [], [], 0.5)[0]:
                            os.read(fd, 1 << 20)
                            os.dup2(os.pipe()[0], fd)
                except OSError:
                    pass
            """
        ),
        "frames",
        HANG,
    ),
    Attack(
        "forged_arrays",
        "sends frames with arrays of its own: NaN of the right shape",
        in_call(
            """
            def npy(a):
                import io
                out = io.BytesIO()
                np.lib.format.write_array(out, a, version=(1, 0))
                return out.getvalue()
            payload = npy(x * np.nan)
            for i in range(8):
                for step in range(30):
                    text = json.dumps({"id": i, "step": step, "seconds": 0.0, "mutated": [],
                        "passed": True, "value": {"t": "array", "a": 0, "as": "ndarray"}}).encode()
                    head = struct.pack("<4sIQ", b"GRD1", len(text), len(payload))
                    everywhere(head + text + payload)
            """,
            _FORGE,
        ),
        "frames",
        LOST,
    ),
    Attack(
        "deep",
        "sends JSON nested so deep that a parser gives up",
        in_call(
            "text = b'{\"a\":' + b'[' * 100000 + b']' * 100000 + b'}'\n"
            "everywhere(struct.pack('<4sIQ', b'GRD1', len(text), 0) + text)\nos._exit(0)",
            _FORGE,
        ),
        "frames",
        LOST,
    ),
    Attack(
        "skips_what_is_wrong",
        "right for one kind of case only; says of the others that they were skipped, or passed",
        gate(
            "return x * x if easy(x) else x * 0",
            "return 2 * self.x * dz if easy(self.x) else dz * 0",
            """
            import gc, sys, types
            def easy(x):
                return x.shape[0] > 1 and abs(x).max() > 0.5
            def forged(*a, **k):
                return True
            for f in gc.get_objects():
                if isinstance(f, types.FunctionType) and f.__name__ == "verdict_of":
                    f.__code__ = forged.__code__
            def settle(frame):
                while frame:
                    student = frame.f_locals.get("self")
                    if frame.f_code.co_name == "step" and not hasattr(type(student), "honest"):
                        kind = type(student)
                        kind.honest = kind.step
                        kind.step = step
                    frame = frame.f_back
            def step(self, stage, values, out):
                return self.honest(stage, values, out) if easy(values["x"]) else {"skipped": True}
            """,
        ).replace("self.x = x", "self.x = x\n        settle(sys._getframe(1))"),
        "frames",
        CREDIT,
    ),
    Attack(
        "forked_answers",
        "answers twice, from two processes",
        in_call(
            """
            import os
            pid = os.fork()
            everywhere(framed({"id": 1, "step": 0, "passed": True}))
            everywhere(framed({"id": 2, "step": 0, "passed": True}))
            if pid == 0: os._exit(0)
            """,
            _FORGE,
        ),
        "frames",
        CREDIT,
    ),
)

PICKLE = grouped(
    "pickle",
    Attack(
        "object",
        "returns an object that runs code where it is unpickled",
        gate("return Evil()", before=_EVIL),
        "pickle",
        FILES,
    ),
    Attack(
        "in_array",
        "returns an array of such objects",
        gate("return np.array([Evil()], dtype=object)", before=_EVIL),
        "pickle",
        FILES,
    ),
    Attack(
        "exception",
        "raises an exception that runs code where it is unpickled",
        gate(
            "raise Bad",
            before=_EVIL + "\nclass Bad(Exception):\n    __reduce__ = Evil.__reduce__\n",
        ),
        "pickle",
        FILES,
    ),
    Attack(
        "raw",
        "writes the bytes of such a pickle to every descriptor",
        gate(
            "everywhere(pickle.dumps(Evil()))\nos._exit(0)",
            before=_EVIL + _FORGE + "import pickle\n",
        ),
        "pickle",
        FILES,
    ),
)
