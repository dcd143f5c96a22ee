"""The only code that runs beside a student's: stdlib, numpy and relative imports.

It ships to the child process alone, as a zip; the host imports the same files for the frame
format (``wire``) and, in the oracle, for the ways to call a solution (``styles``).
"""
