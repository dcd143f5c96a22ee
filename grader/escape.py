"""One function through which every text of a submission passes before it is shown.

``printable`` is called where such a text enters the grader; the writers then only need the
quoting of their own format.
"""

from __future__ import annotations

import unicodedata

_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def printable(text: str, cap: int = 300) -> str:
    r"""Return ``text`` on one line, at most ``cap`` characters, with nothing a terminal obeys.

    Line ends, tabs and all kinds of blanks become spaces; control, bidirectional, surrogate and
    unassigned characters become ``\xNN``-like escapes.
    """
    if len(text) <= cap and text.isascii() and text.isprintable():
        return text.strip()
    shown = []
    for character in text[: cap + 1]:
        if character in "\n\r\t" or unicodedata.category(character) == "Zs":
            shown.append(" ")
        elif unicodedata.category(character) in _UNSAFE:
            shown.append(character.encode("unicode_escape", "backslashreplace").decode("ascii"))
        else:
            shown.append(character)
    line = "".join(shown).strip()
    return line if len(line) <= cap else line[: cap - 1] + "…"
