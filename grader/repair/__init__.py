"""Code of another age: Python 2, `/` where a size belongs, functions that NumPy has no more.

Text in, text out: the copies are made here and run in a child alone.
"""

from grader.repair.age import HELPER, MODULE
from grader.repair.edits import Change
from grader.repair.symptoms import Repaired, Symptom, repairs_for, symptom_of

__all__ = ["HELPER", "MODULE", "Change", "Repaired", "Symptom", "repairs_for", "symptom_of"]
