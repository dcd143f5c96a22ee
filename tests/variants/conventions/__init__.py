"""What the lectures leave open: each form that a spec allows, and each that it rules out."""

from variants.conventions import behaviour, containers, losses, ties
from variants.conventions.form import Form
from variants.harmless import HARMLESS

_HARMLESS = {
    "M38": "accumulating in the object, where nothing is stated",
    "M40": "changing arguments or upstream in place",
    "M42": "single precision",
}
FORMS: tuple[Form, ...] = (
    *ties.FORMS,
    *losses.FORMS,
    *containers.FORMS,
    *behaviour.FORMS,
    *(
        Form(_HARMLESS[number], assignment, right)
        for assignment, rights in HARMLESS.items()
        for right in rights
        for number in right.numbers
        if number in _HARMLESS
    ),
)

__all__ = ["FORMS", "Form"]
