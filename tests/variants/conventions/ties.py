"""Which share of the gradient each branch receives at a tie."""

from __future__ import annotations

from variants.conventions.form import Form
from variants.wrong.record import Edit, Right, Wrong

_RAW = "raw = scores - scores[rows, y][:, None] + 1\n    raw[rows, y] = -1\n    "
_AMM = "    if y > z:\n        dy += db\n    else:\n        dz += db\n"
# Edits of right/plain: {0} is the share of the first branch, {1} that of the second.
_EDITS: dict[tuple[str, str], tuple[Edit, ...]] = {
    ("gates", "max"): (
        ("(x > y) * dz", "((x > y) + {0} * (x == y)) * dz"),
        ("(x <= y) * dz", "((x < y) + {1} * (x == y)) * dz"),
    ),
    ("gates", "relu"): (("(x > 0)", "((x > 0) + {0} * (x == 0))"),),
    ("layers", "relu"): (("(x > 0)", "((x > 0) + {0} * (x == 0))"),),
    ("circuits", "add_max_multiply"): ((
        _AMM,
        "    dy += ((y > z) + {0} * (y == z)) * db\n    dz += ((y < z) + {1} * (y == z)) * db\n",
    ),),
    ("circuits", "multiply_max"): (
        ("(z > w)", "((z > w) + {0} * (z == w))"),
        ("(w >= z)", "((w > z) + {1} * (z == w))"),
    ),
    ("losses", "svm_loss"): ((
        "dscores = (margins > 0).astype(float)",
        _RAW + "dscores = 1.0 * (raw > 0) + {0} * (raw == 0)",
    ),),
    ("losses", "svm_staged"): ((
        "dscores = dmargins * (margins > 0)",
        _RAW + "dscores = dmargins * ((raw > 0) + {0} * (raw == 0))",
    ),),
}  # fmt: skip
_ARGUMENTS = {"circuits": ("dy", "dz", "dw"), "losses": ("dW", "dscores")}
_SHARES = {"0": "1", "1": "0", "0.5": "0.5", "0.25": "0.75", "-0.5": "1.5", "1.5": "-0.5"}
_OF_THE_REFERENCES = "0"  # what each of the shipped references gives to its first branch


def _forms(assignment: str, task: str, share: str) -> tuple[Form, ...]:
    edits = tuple((a, b.format(share, _SHARES[share])) for a, b in _EDITS[assignment, task])
    label = f"share {share} at a tie"
    right = Right(task, label, edits)
    told = {
        code: "|".join(f"ties {code} {a}" for a in _ARGUMENTS.get(assignment, ("dx", "dy")))
        for code in ("V402", "V404")
    }
    no_subgradient = Wrong(task, label, edits, (told["V404"],))
    another = Wrong(task, label, edits, (told["V402"],))
    is_valid = 0 <= float(share) <= 1
    is_the_references = share == _OF_THE_REFERENCES
    return (
        Form("ties, any subgradient", assignment, right if is_valid else no_subgradient),
        Form("ties, the reference's", assignment, right if is_the_references else another,
             (("ties", "exact"),)),
        Form("ties, not judged", assignment, right, (("ties", "skip"),)),
    )  # fmt: skip


FORMS = tuple(
    form for assignment, task in _EDITS for share in _SHARES
    for form in _forms(assignment, task, share)
)  # fmt: skip
