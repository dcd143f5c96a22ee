"""Wrong graphs. Most mistakes spoil every gradient, so that the sub-cases only say where."""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong


def _g(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("graph", mistake, edits, told)


_LOOP = "for name, gate, inputs in reversed(self.order):"
_PAIRS = "for source, grad in zip(inputs, gate.backward(grads[name])):"
_SUM = "grads[source] += grad"
_ZEROS = "grads = dict.fromkeys(self.values, 0.0)"
_SORT = "self.order = self.nodes_topologically_sorted()"
_RUN = "self.values[name] = gate.forward(*[self.values[i] for i in inputs])"
_RESULT = "return self.values[self.order[-1][0]]"
_RETURN = "return {name: grads[name] for name in self.leaves}"

_ALL_BACK = ("backward[dx] V402", "backward[dy] V402", "backward[dz] V402")
_SUBCASES = tuple(
    f"case.{name}"
    for name in ("chain", "in_order", "reversed", "fan_out", "diamond", "leaf_twice", "inner_twice",
                 "same_input", "unused_leaf", "once", "deep", "ladder")
)  # fmt: skip
_AGAIN = ("behaviour.second_backward B508",)
_ALL = (*_ALL_BACK, *_SUBCASES)
_CRASH = ("forward R201", "backward[dx]", "backward[dy]", "backward[dz]", *_SUBCASES)
_OUT = ("forward V401", *_ALL)
_RECURSIVE_SORT = """order, seen = [], set()
        known = {node[0]: node for node in self.gates}

        def visit(node):
            if node[0] not in seen:
                seen.add(node[0])
                for name in node[2]:
                    if name in known:
                        visit(known[name])
                order.append(node)

        for node in self.gates:
            visit(node)
        self.order = order"""
_RECURSIVE_BACKWARD = """def send(k):
            if k >= 0:
                name, gate, inputs = self.order[k]
                for source, grad in zip(inputs, gate.backward(grads[name])):
                    grads[source] += grad
                send(k - 1)

        send(len(self.order) - 1)
        for name, gate, inputs in []:"""
_SHORTEST = """level = dict.fromkeys(leaves, 0)
        for _ in self.gates:
            for name, _, inputs in self.gates:
                near = [level[i] for i in inputs if i in level]
                if near:
                    level[name] = min(near) + 1
            if len(level) == len(self.gates) + len(leaves):
                break
        self.order = sorted(self.gates, key=lambda node: level[node[0]])"""
_FROM_THE_END = """queue, seen = [self.order[-1]], {self.order[-1][0]}
        nodes = {node[0]: node for node in self.order}
        for name, gate, inputs in queue:
            for i in inputs:
                if i in nodes and i not in seen:
                    seen.add(i)
                    queue.append(nodes[i])
        for name, gate, inputs in queue:"""

WRONG: tuple[Wrong, ...] = (
    _g("M37 overwrites at branches", (_SUM, "grads[source] = grad"), told=_ALL),
    _g("M37 keeps the first branch", (_SUM, "grads[source] = grads[source] or grad"), told=_ALL),
    _g("M14 mean of the branches",
       (_RETURN, "uses = [i for node in self.order for i in node[2]]\n        "
                 "return {n: grads[n] / max(1, uses.count(n)) for n in self.leaves}"), told=_ALL),
    _g("M37 adds at leaves alone",
       (_SUM, "grads[source] = grad + (grads[source] if source in self.leaves else 0)"),
       told=_ALL),
    _g("M37 adds at gates alone",
       (_SUM, "grads[source] = grad + (0 if source in self.leaves else grads[source])"),
       told=_ALL),
    _g("M37 one of two equal inputs is lost",
       (_PAIRS, "for source, grad in dict(zip(inputs, gate.backward(grads[name]))).items():"),
       told=("case.same_input V402",)),
    _g("order as given", (_SORT, "self.order = self.gates"), told=_CRASH),
    _g("order as given, backward alone", (_LOOP, "for name, gate, inputs in reversed(self.gates):"),
       told=_ALL),
    _g("not reversed", (_LOOP, "for name, gate, inputs in self.order:"), told=_ALL),
    _g("order by name", (_SORT, "self.order = sorted(self.gates, key=lambda node: node[0])"),
       told=_CRASH),
    _g("order by the number in the name",
       (_SORT, "self.order = sorted(self.gates, key=lambda node: int(node[0][1:]))"), told=_CRASH),
    _g("order by the shortest way", (_SORT, _SHORTEST), told=_CRASH),
    _g("from the result on, at first sight", (_LOOP, _FROM_THE_END), told=_ALL),
    _g("M07 upstream ignored", ("grads[self.order[-1][0]] = df", "grads[self.order[-1][0]] = 1.0"),
       told=_ALL),
    _g("upstream at every gate", ("gate.backward(grads[name])", "gate.backward(grads[name] * df)"),
       told=_ALL),
    _g("M07 local gradients alone", ("gate.backward(grads[name])", "gate.backward(df)"), told=_ALL),
    _g("result is the last gate given", (_RESULT, "return self.values[self.gates[-1][0]]"),
       told=("forward V401", *_SUBCASES)),
    _g("inputs by name", (_RUN, _RUN.replace("in inputs", "in sorted(inputs)")), told=_OUT),
    _g("inputs by name, backward alone", (_PAIRS, _PAIRS.replace("(inputs", "(sorted(inputs)")),
       told=_ALL),
    _g("each input once", (_RUN, _RUN.replace("in inputs", "in dict.fromkeys(inputs)")),
       told=("case.same_input R201",)),
    _g("an unused leaf is left out",
       (_ZEROS, "grads = dict.fromkeys(set(self.values) - set(self.leaves), 0.0)"),
       (_SUM, "grads[source] = grads.get(source, 0.0) + grad"),
       (_RETURN, "return {n: grads[n] for n in self.leaves if n in grads}"),
       told=("case.unused_leaf S304",)),
    _g("M47 an unused leaf is None",
       (_RETURN, "return {n: grads[n] or None for n in self.leaves}"),
       told=("case.unused_leaf S301",)),
    _g("M47 nothing returned", (_RETURN, _RETURN.replace("return ", "")),
       told=("backward[dx] S301", "backward[dy]", "backward[dz]", *_SUBCASES)),
    _g("M47 gradients of the gates",
       (_RETURN, "return {name: grads[name] for name, _, _ in self.order}"),
       told=("backward[dx] S304", "backward[dy] S304", "backward[dz] S304", *_SUBCASES)),
    _g("recursive sort", (_SORT, _RECURSIVE_SORT), told=("case.deep R210",)),
    _g("recursive backward", (_LOOP, _RECURSIVE_BACKWARD), told=("case.deep R210",)),
    _g("every gate forward again in backward",
       (_PAIRS, f"gate.forward(*[self.values[i] for i in inputs])\n            {_PAIRS}"),
       told=("case.once R201",)),
    _g("every gate backward for each input",
       (_PAIRS, "for k, source in enumerate(inputs):"),
       (_SUM, "grads[source] += gate.backward(grads[name])[k]"), told=("case.once R201",)),
    _g("M39 order in the class",
       (_SORT, "ComputationalGraph.order = self.nodes_topologically_sorted()"),
       told=("behaviour.shared_cache B501",)),
    _g("M39 values of the first forward",
       (_SORT, "self.order = getattr(self, 'order', None) or self.nodes_topologically_sorted()\n"
               "        self.values = self.kept = {**self.values, **getattr(self, 'kept', {})}"),
       (_RUN, "if name in self.values:\n                continue\n            " + _RUN),
       told=("behaviour.stale_cache B504", *_AGAIN)),
    _g("the gates are used up", (_SORT, _SORT + "\n        self.gates.clear()"),
       told=("behaviour.stale_cache B504", *_AGAIN)),
    _g("M38 gradients are kept and added to",
       (_ZEROS, f"{_ZEROS} if not hasattr(self, 'kept') else self.kept\n"
                "        self.kept = grads"), told=_AGAIN),
    _g("M38 gradients are cleared by forward alone",
       (_SORT, f"{_SORT}\n        self.kept = dict.fromkeys(self.values, 0.0)\n"
               "        self.kept.update(dict.fromkeys([n for n, _, _ in self.gates], 0.0))"),
       (_ZEROS, "grads = self.kept"), told=_AGAIN),
    _g("the order is used up",
       (_LOOP, "for name, gate, inputs in [self.order.pop() for _ in self.gates]:"), told=_AGAIN),
    _g("the order is reversed for good",
       (_LOOP, "self.order.reverse()\n        for name, gate, inputs in self.order:"), told=_AGAIN),
    _g("M08 upstream twice", ("[-1][0]] = df", "[-1][0]] = df * df"), told=_ALL),
    _g("M13 sign", (_RETURN, _RETURN.replace("grads[", "-grads[")), told=_ALL),
    _g("M14 doubled", (_RETURN, _RETURN.replace("grads[", "2 * grads[")), told=_ALL),
    _g("M41 cut off to integers", (_RETURN, _RETURN.replace("grads[name]", "int(grads[name])")),
       told=_ALL),
)  # fmt: skip
