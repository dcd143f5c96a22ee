"""Attacks on what the worker says: frames of its protocol, and pickles."""

from __future__ import annotations

from attack import CREDIT, FILES, FORGE, HANG, LOST, Attack, at_import, gate, grouped, in_call

_EVIL = """
class Evil:
    def __reduce__(self):
        code = "open('@WORLD@/grades.csv', 'a').write('mallory,4')"
        return (exec, (code,))
"""

# The one answer that is due: the first step of the first run.
_ANSWER = """
            def npy(a):
                import io
                out = io.BytesIO()
                np.lib.format.write_array(out, a, version=(1, 0))
                return out.getvalue()
            def answer(value, payload):
                text = json.dumps({"id": 2, "step": 0, "seconds": 0.0, "mutated": [],
                    "passed": True, "value": value}).encode()
                everywhere(struct.pack("<4sIQ", b"GRD1", len(text), len(payload)) + text + payload)
"""

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
            FORGE,
        ),
        "frames",
        CREDIT,
    ),
    Attack(
        "garbage",
        "writes bytes that are no frame to every descriptor",
        in_call("everywhere(b'\\xff' * 64)", FORGE),
        "frames",
        LOST,
    ),
    Attack(
        "endless",
        "answers other questions without end",
        in_call("while True: everywhere(framed({'id': -1}) * 50)", FORGE),
        "frames",
        HANG,
    ),
    Attack(
        "huge",
        "announces four gigabytes of text",
        in_call("everywhere(struct.pack('<4sIQ', b'GRD1', 2**32 - 1, 2**62))", FORGE),
        "frames",
        LOST,
    ),
    Attack(
        "half",
        "sends half a frame and waits",
        in_call(
            "everywhere(framed({'id': 1, 'passed': True})[:-5])\nimport time\ntime.sleep(8)", FORGE
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
            FORGE,
        ),
        "frames",
        LOST,
    ),
    Attack(
        "giant_of_nothing",
        "sends an array without entries whose other dimensions are beyond every address",
        in_call(
            _ANSWER
            + """
            shape = b"(0, 1048576, 1099511627776)"
            head = b"{'descr': '<f8', 'fortran_order': False, 'shape': %b, }" % shape
            answer({"t": "array", "a": 0, "as": "ndarray"},
                b"\\x93NUMPY\\x01\\x00" + struct.pack("<H", len(head) + 1) + head + b"\\n")
            """,
            FORGE,
        ),
        "frames",
        LOST,
    ),
    Attack(
        "multiplied",
        "sends one array and a list that names it three thousand times",
        in_call(
            _ANSWER
            + """
            answer({"t": "list", "items": [{"t": "array", "a": 0, "as": "ndarray"}] * 3000},
                npy(np.zeros(1 << 14)))
            """,
            FORGE,
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
            FORGE,
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
            FORGE,
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
            before=_EVIL + FORGE + "import pickle\n",
        ),
        "pickle",
        FILES,
    ),
)
