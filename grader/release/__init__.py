"""Student kits: what students get of an assignment, and nothing that holds an answer.

``assemble``      an assignment of a course -> ``Released``, every file of a kit.
``prove_kit``     what must hold before a kit is written.
``write_kit``     its files -> a new folder or a zip, whole or not at all.
``refuse_taken``  what keeps a kit from being written there.
"""

from grader.release.assembling import Released, assemble
from grader.release.proving import prove_kit
from grader.release.writing import refuse_taken, write_kit

__all__ = ["Released", "assemble", "prove_kit", "refuse_taken", "write_kit"]
