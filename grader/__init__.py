"""Grade hand-written backward passes against proven references.

This file imports nothing on purpose: importing ``grader.worker`` must never pull in a
module that knows an answer.
"""

__version__ = "0.1.0"
