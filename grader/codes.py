"""Every finding code, its severity and its help line; codes are stable and never reused.

Families: L1xx load, R2xx run, S3xx shape and container, V4xx value, B5xx behaviour, D6xx for a
human, N7xx notes, W8xx weaknesses of an assignment, G9xx grader. ``finding`` builds a ``Finding``
from a code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.model import FaultKind, Finding, Severity


@dataclass(frozen=True)
class Code:
    """What a code stands for: a few words for the list of codes, and one line of help."""

    title: str
    help: str
    severity: Severity = Severity.ERROR


def _note(title: str, help_line: str) -> Code:
    return Code(title, help_line, Severity.NOTE)


def _review(title: str, help_line: str) -> Code:
    return Code(title, help_line, Severity.REVIEW)


CODES: Mapping[str, Code] = {
    "L101": Code("file missing", "hand the file in under exactly this name"),
    "L102": Code("file unreadable", "hand in a plain UTF-8 text file"),
    "L103": Code("syntax error", "run `python FILE`: it shows the same line"),
    "L104": Code("the file raises when imported", "importing the file must not fail or do work"),
    "L105": Code("module not available", "only numpy, the standard library and the assignment's "
                 "own files can be imported"),
    "L106": Code("class or function missing", "names must be exactly those of the assignment"),
    "L107": Code("not a class or function", "define it with `class` or `def`"),
    "L108": Code("signature does not fit", "keep the arguments of the assignment, in their order"),
    "L109": Code("import timed out", "importing the file must not run a loop or wait"),
    "L110": Code("import ends the process", "remove sys.exit and os._exit, and whatever crashes "
                 "Python"),
    "L111": Code("Python 2 source", "write it for Python 3: print(...), except X as e, != for <>, "
                 "spaces in place of tabs"),
    "R201": Code("raised an exception", "replay the case and read the line that is named"),
    "R202": Code("timed out", "look for a loop that does not end"),
    "R203": Code("crashed the process", "replay the case; recursion went too deep, or compiled "
                 "code was given bad memory"),
    "R204": Code("ended the process", "return a value: do not call sys.exit or os._exit"),
    "R205": Code("memory limit", "do not build the whole Jacobian; multiply by the upstream "
                 "gradient directly"),
    "R206": Code("sent something unreadable", "return plain numpy arrays or numbers"),
    "R207": Code("asked for input", "remove input(): nobody is there to answer"),
    "R208": Code("time for the whole submission used up", "make the slow or endless task faster"),
    "R209": Code("not allowed in isolation", "your code may be right elsewhere: here no file can "
                 "be read or written, no thread or process started and no network used; do "
                 "without"),
    "R210": Code("recursion too deep", "Python allows about 1000 calls inside one another: a loop "
                 "with a list of what is still to do has no such limit; or the recursion never "
                 "ends"),
    "R220": Code("a size or index is no integer", "in Python 3 `/` gives a float: use `//` "
                 "for sizes and indices"),
    "R221": Code("NumPy does this no more", "your code was right for an older NumPy; look the "
                 "function up in its documentation"),
    "R222": Code("Python does this no more", "your code was right for Python 2: range for xrange, "
                 "`in` for has_key, list(...) around map, zip and keys()"),
    "S301": Code("returned None", "did you forget `return`?"),
    "S302": Code("wrong container", "return what the assignment says, in its order"),
    "S303": Code("wrong number of results", "return every result, in the order of the assignment"),
    "S304": Code("result missing", "return every name the assignment asks for"),
    "S305": Code("not a numeric array", "return a float numpy array or a number"),
    "S306": Code("wrong shape", "a gradient has the shape of its argument"),
    "S307": Code("extra or missing axes of size 1", "the numbers are right: reshape, or drop "
                 "keepdims, so that the shape is exact"),
    "V401": Code("wrong output", "compare your forward with the formula"),
    "V402": Code("wrong gradient", "check the local gradient, then multiply by the upstream"),
    "V403": Code("not finite", "look for a division by zero, or the log or exp of a large number"),
    "V404": Code("not a subgradient at a tie", "where two branches meet, the gradient goes to one "
                 "of them, or is shared so that the shares add up to one"),
    "V405": Code("not linear in the upstream", "multiply by the upstream once: it is not added, "
                 "not clipped, and its sign picks no branch"),
    "V406": Code("does not fit your own forward", "derive backward again from the forward you "
                 "wrote; if forward is wrong too, mend that first"),
    "V407": Code("bad arguments accepted", "check the arguments first, and raise what the "
                 "assignment says"),
    "V411": Code("no mask", "the output is x, scaled, where a random mask keeps it, and 0 "
                 "elsewhere"),
    "V412": Code("wrong scale", "in training the kept entries are divided by the probability to "
                 "be kept, so that nothing has to be scaled in test mode"),
    "V413": Code("wrong share of entries kept", "read in the assignment what the probability "
                 "stands for, and compare np.random.rand with it the right way round"),
    "V414": Code("not random entry by entry", "draw one number for each entry, in every call: "
                 "np.random.rand(*x.shape)"),
    "B501": Code("instances share their cache", "keep what forward saves in self or in the cache, "
                 "not in a global or class variable"),
    "B502": Code("not repeatable", "the same input must give the same result"),
    "B503": Code("depends on global random state", "do not draw random numbers here"),
    "B504": Code("backward uses an older forward", "save the cache anew in every forward"),
    "B505": Code("fails for another form of its arguments", "the same numbers in another form must "
                 "give the same result"),
    "B506": Code("writes into a read-only argument", "copy before you write: callers keep using "
                 "their arrays"),
    "B507": Code("results share memory", "return arrays of their own: np.array(a) copies"),
    "B508": Code("a second backward gives something else", "see the assignment: whether a second "
                 "backward of the same object gives the same gradients, or adds to the first"),
    "B509": Code("breaks the contract of working in place", "in place the result is written into "
                 "the argument, which is returned and later restored; else nothing is changed"),
    "B510": Code("changes its arguments", "copy before you write: the assignment asks that "
                 "arguments and upstream gradients are left as they were"),
    "B512": Code("the seed has no effect", "where a seed is given, hand it to the generator that "
                 "draws the mask: np.random.seed(seed)"),
    "D601": _review("looks numerical", "no points are lost; derive the gradient by hand and "
                    "write it as a formula"),
    "D602": _review("imports a library that differentiates", "no points are lost; the exercise "
                    "asks for derivatives by hand"),
    "D610": Code("right after repair", "make this change in your file; the mathematics is right",
                 Severity.REVIEW),
    "D611": _note("wrong even after repair", "make this change first, then look at what else is "
                  "wrong"),
    "N701": _note("changes its inputs", "copy before you write: callers keep using their arrays"),
    "N702": _note("changes the upstream gradient", "copy before you write into it"),
    "N703": _note("backward works once only", "a second backward of the same cache differs"),
    "N704": _note("single precision", "float64 would be exact to 1e-15"),
    "N705": _note("printed text", "output is not graded"),
    "N706": _note("wrote files", "they were thrown away"),
    "N707": _note("file not read", "only the assignment's files are read; a file that is named "
                 "like a module cannot replace it"),
    "N708": _note("a list where an array is usual", "np.array(...) would do"),
    "N709": _note("integer result", "an integer array cuts off fractions"),
    "N710": _note("slow at real size", "slow is not wrong; replace loops by array operations"),
    "N711": _note("real size", ""),
    "N712": _note("would fail in a stronger isolation", "an isolation that holds lets no file be "
                 "written; do without"),
    "N713": _note("disturbed by another task", "do not change numpy or other modules: the change "
                  "reaches every task"),
    "N714": _note("right for your own forward", "correct the forward; this way of differentiating "
                  "it is right"),
    "N715": _note("right for no forward", "first correct the forward, then differentiate that"),
    "N716": _note("does not fit your own forward", "differentiate what your forward computes"),
    "N717": _note("the forward alone is off", "the gradient is that of the right forward"),
    "N718": _note("right for a forward that is too simple", "a gradient earns no points for a "
                  "forward that leaves out what makes it difficult"),
    "N720": _note("a module is not available", "the file was loaded without it; what uses it "
                  "cannot be graded"),
    "N721": _note("handed in with another folder around it", "nothing is wrong with that"),
    "N722": _note("a notebook", "imports, functions, classes and plain values are graded; all "
                  "other code of its cells is not run"),
    "N723": _note("another file read in its place", "hand the file in under its own name"),
    "N724": _note("too many files", "hand in your own files, without environments and data"),
    "N725": _note("the course's file is used", "what the course provides cannot be replaced"),
    "N726": _note("an accepted form", "the assignment accepts it as well, if all results agree"),
    "N727": _note("right with the right helper", "correct the function that it calls; this one is "
                  "right"),
    "N728": _note("wrong with the right helper too", "correcting the function that it calls is not "
                  "enough"),
    "G901": Code("the reference is disproven", "tell your instructor; this task does not count"),
    "G902": Code("the reference failed", "tell your instructor; this task does not count"),
    "G903": Code("the student's process could not be run", "try again; tell your instructor if it "
                 "happens twice"),
    "G904": Code("the grader failed while judging", "tell your instructor; GRADER_DEBUG=1 shows "
                 "where"),
    "W801": Code("reference not deterministic",
                 "draw no random numbers in a reference and keep nothing from call to call; "
                 "nothing can be proven of it"),
    "W802": Code("reference changes its arguments",
                 "copy before you write, so that the solution is one to show to students"),
    "W803": Code("the reference does not get full marks",
                 "the solution must be written as a student hands it in; grade it to see what "
                 "is told"),
    "W804": Code("example differs from the reference",
                 "mend the number in `expected`, or state its `digits`"),
    "W805": Code("nothing proves the reference",
                 "state `examples` with `expected` numbers: without gradients they are the only "
                 "witness"),
    "W811": Code("gradient is zero",
                 "ask for no gradient that is zero: leave it out of `gradients`, or let the "
                 "inputs matter"),
    "W812": Code("gradient is nearly zero",
                 "let the argument matter: a forward without it would pass"),
    "W813": Code("gradient is constant",
                 "returning that number passes: let the gradient depend on inputs or upstream, "
                 "or leave it out"),
    "W814": Code("output is constant",
                 "returning that number passes: let it depend on the inputs, or leave it out of "
                 "`outputs`"),
    "W815": Code("upstream never matters",
                 "name under `upstream` only outputs that the asked gradients depend on"),
    "W816": Code("an accepted form is no other",
                 "leave the convention out of `accept_any`, or let the reference depend on it"),
    "W821": Code("two dimensions are equal",
                 "give every dimension a size of its own in `sizes` and shapes, e.g. `sizes: "
                 "{N: 4, D: 5}`"),
    "W822": Code("dimension of size 1",
                 "let `sizes` allow more than 1: a missing or wrong sum over one entry cannot "
                 "be seen"),
    "W823": Code("one class only",
                 "let there be at least 2 `classes`: with one, every label is 0"),
    "W831": Code("hyper-parameter hardly matters",
                 "draw it larger with `range:`, or for an eps state `large:`, which the check "
                 "`eps` uses"),
    "W841": Code("kinks are too near",
                 "return fewer kink arguments, or larger ones: cases keep 1e-4 away from each, and "
                 "below some share a seed comes that finds no case"),
    "W842": Code("undeclared kink",
                 "name a function under `kinks` that returns the quantity whose sign changes "
                 "there"),
    "W843": Code("kinks never matter",
                 "leave `kinks` out, or return the quantities at which the gradient really "
                 "jumps"),
    "W844": Code("near_kink is not near",
                 "return kink arguments that follow the inputs smoothly, so that inputs can be "
                 "moved to them"),
    "W845": Code("no exact tie",
                 "say `ties: skip` under `conventions`, or return kink arguments that small "
                 "fractions make 0"),
    "W851": Code("a wrong backward costs nothing", "price the `backward` checks in the rubric"),
    "W861": Code("loose tolerance", "leave `tolerance` out, or state one below 1e-3"),
    "W862": Code("too few random cases", "state `random_cases: 3` or more, or leave it out"),
    "W863": Code("no upstream for an array",
                 "name the output under `upstream`: an upstream of ones hides a backward that "
                 "ignores it"),
    "W871": Code("an automatic mutant passes",
                 "see what the cases have in common: sizes, domains, hyper-parameters, "
                 "tolerance"),
    "W881": Code("a declared mistake passes",
                 "price the check that sees it, or let the cases show it: sizes, domains, "
                 "hyper-parameters"),
    "W882": Code("a declared mistake does not run",
                 "a mistake must run and be wrong in its numbers: mend its file"),
    "W883": Code("a declared alternative does not pass",
                 "it is wrong after all, or the spec is narrower than its statement: mend one "
                 "of them"),
}  # fmt: skip

# Help where it is a whole Jacobian that is wrong, and no upstream gradient is in sight.
JACOBIAN_HELP: Mapping[str, str] = {
    "S306": "one row for each output and one column for each input; in denominator layout the "
            "other way round",
    "V402": "each entry is the derivative of one output by one input: compare them one by one",
}  # fmt: skip

LOAD_CODES: Mapping[FaultKind, str] = {
    FaultKind.MISSING: "L101",
    FaultKind.SYNTAX: "L103",
    FaultKind.IMPORT: "L104",
    FaultKind.RAISED: "L104",
    FaultKind.STUB: "L104",
    FaultKind.INPUT: "R207",
    FaultKind.NO_MODULE: "L105",
    FaultKind.NAME: "L106",
    FaultKind.NOT_CALLABLE: "L107",
    FaultKind.SIGNATURE: "L108",
    FaultKind.TIMED_OUT: "L109",
    FaultKind.TOTAL_TIME: "R208",
    FaultKind.DIED: "L110",
    FaultKind.EXITED: "L110",
    FaultKind.MEMORY: "R205",
    FaultKind.RECURSION: "L104",
    FaultKind.GARBLED: "R206",
    FaultKind.FORBIDDEN: "R209",
    FaultKind.CONTAINER: "S302",
}
RUN_CODES: Mapping[FaultKind, str] = {
    **LOAD_CODES,
    FaultKind.RAISED: "R201",
    FaultKind.STUB: "R201",
    FaultKind.RECURSION: "R210",
    FaultKind.TIMED_OUT: "R202",
    FaultKind.DIED: "R203",
    FaultKind.EXITED: "R204",
}


def finding(
    code: str,
    check: str,
    message: str,
    *,
    argument: str = "",
    case: str = "",
    help_line: str = "",
    evidence: Mapping[str, Any] | None = None,
) -> Finding:
    """Return a finding with the severity and, unless given, the help of its code."""
    known = CODES[code]
    return Finding(
        code=code,
        severity=known.severity,
        check=check,
        message=message,
        help=help_line or known.help,
        argument=argument,
        case=case,
        evidence=evidence or {},
    )
