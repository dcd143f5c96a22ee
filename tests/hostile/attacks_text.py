"""Texts that a report may come to show: of exceptions, names, prints and folders."""

from __future__ import annotations

from attack import LOST, TEXT, TOLD, Attack, at_import, gate, grouped, in_call

_ANSI = "\\x1b[2J\\x1b]52;c;bWFsbG9yeQ==\\x07\\x1b]0;owned\\x07"
_HTML = "</td><script>alert(1)</script><img src=x onerror=alert(2)>"
_MARKDOWN = "](https://127.0.0.1/x) ![x](https://127.0.0.1/y) | <!-- `` | \\n# Full marks\\n"
_FORMULA = '\\n=HYPERLINK(\\"http://127.0.0.1\\",\\"x\\")\\n@SUM(1)\\n+1+cmd|\' /C calc\'!A0'
_BIDI = "\\u202e\\u2066evil\\u2069\\u200b\\u2028"


def _raise(name: str, tries: str, text: str) -> Attack:
    return Attack(name, tries, in_call(f'raise ValueError("{text}")'), "allclose", TEXT)


def _folder(name: str, tries: str, folder: str | bytes) -> Attack:
    return Attack(name, tries, in_call("raise ValueError"), "allclose", TEXT, folder=folder)


TEXTS = grouped(
    "texts",
    _raise("terminal", "an exception that clears the screen and fills the clipboard", _ANSI),
    _raise("html", "an exception that is a script", _HTML),
    _raise("markdown", "an exception that is a picture, a comment and a heading", _MARKDOWN),
    _raise("formula", "an exception that a spreadsheet runs", _FORMULA),
    _raise("direction", "an exception that reads from right to left", _BIDI),
    Attack(
        "surrogate",
        "an exception that cannot be written as UTF-8",
        in_call('raise ValueError("\\udcff\\ud800")'),
        "allclose",
        LOST,
    ),
    Attack(
        "format",
        "an exception that asks for a secret when it is formatted",
        in_call('raise ValueError("{config[secret]} %s %n {name.__class__}")'),
        "allclose",
        TOLD,
    ),
    Attack(
        "printed",
        "prints all of this",
        in_call(f'print("{_ANSI}{_HTML}{_BIDI}")\nprint("{_MARKDOWN}{_FORMULA}")'),
        "json",
        TEXT,
    ),
    Attack(
        "type_name",
        "an exception whose type has such a name",
        in_call(f'raise type("{_ANSI}{_HTML}", (Exception,), {{}})("x")'),
        "allclose",
        TEXT,
    ),
    Attack(
        "returned_type",
        "returns an object, and a dict, whose names are such texts",
        gate(
            f'return type("{_ANSI}{_HTML}", (), {{"__array__": boom}})()',
            f'return {{"{_ANSI}": dz, "{_HTML}": dz, "{_BIDI}": dz}}',
            f'def boom(*a, **k): raise ValueError("{_ANSI}")',
        ),
        "allclose",
        TEXT,
    ),
    Attack(
        "module_name",
        "imports a module of such a name",
        at_import(f'raise ModuleNotFoundError("{_ANSI}", name="{_ANSI}{_HTML}")'),
        "allclose",
        TEXT,
    ),
    Attack(
        "syntax",
        "a syntax error in such a line",
        gate() + "\n\x1b]0;owned\x07 = <script>\n",
        "allclose",
        TEXT,
    ),
    Attack(
        "notes",
        "a group of exceptions with notes and causes in a circle",
        in_call(
            f"""
            class E(ValueError):
                def __str__(self): return "{_ANSI}"
            e = E()
            e.__cause__ = e.__context__ = E()
            if hasattr(e, "add_note"): e.add_note("{_HTML}")
            raise e
            """
        ),
        "allclose",
        TEXT,
    ),
    _folder(
        "folder_terminal", "a folder whose name clears the screen", "a\x1b[2J\x1b]0;owned\x07\nb"
    ),
    _folder("folder_html", "a folder whose name is markup", "<script>alert(1)<img src=x>"),
    _folder("folder_formula", "a folder whose name is a formula", "\n=1+cmd|' C calc'!A0"),
    _folder(
        "folder_direction", "a folder whose name reads from right to left", "a\u202egpj.b\u2066"
    ),
    Attack(
        "folder_bytes",
        "a folder whose name is no text",
        in_call("raise ValueError"),
        "allclose",
        LOST,
        folder=b"bad\xff\xfe",
    ),
)
