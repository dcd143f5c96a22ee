"""Attacks on the process beside which the submission runs, and on what that process says."""

from __future__ import annotations

from attack import CREDIT, FORGE, LOST, Attack, at_import, gate, grouped, in_call

_JSON = '{"score": 4, "detail": ""}'
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
            before=f"import builtins as b\nreal = print\nb.print = lambda *a, **k: real('{_JSON}')"
        ),
        "json",
        CREDIT,
    ),
    Attack(
        "struct",
        "replaces struct.pack, so that every frame is preceded by another",
        gate(
            before=FORGE
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
        in_call(f"everywhere(b'\\n{_JSON}\\n')\nos._exit(0)", FORGE),
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
