"""The ways a submission can be called; one small file each.

The child and the host's oracle use the same styles, so nothing here knows about processes. What
cannot be called raises ``CallFault``; what the student's own code raises comes through as it is.
"""

from __future__ import annotations

from ..faults import CallFault
from .call import Call, Style, Subject
from .circuit import Circuit
from .computational_graph import ComputationalGraph
from .function import Function, JacobianFunction
from .function_pair import CachedForward, FunctionPair
from .gate_class import GateClass
from .loss_function import LossFunction
from .network_class import NetworkClass, NetworkScores
from .torch7_module import Torch7Module
from .update_step import Checker, UpdateStep

__all__ = ["STYLES", "Call", "CallFault", "Style", "Subject"]

STYLES: dict[str, Style] = {
    "gate_class": GateClass,
    "function_pair": FunctionPair,
    "cached_forward": CachedForward,
    "loss_function": LossFunction,
    "network_class": NetworkClass,
    "network_scores": NetworkScores,
    "circuit": Circuit,
    "function": Function,
    "jacobian_function": JacobianFunction,
    "computational_graph": ComputationalGraph,
    "torch7_module": Torch7Module,
    "update_step": UpdateStep,
    "checker": Checker,
}
