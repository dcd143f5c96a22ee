"""Circuits as tapes: each line is an operation, walked backwards; gradients start at 0."""

import math

FORWARD = {
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "max": lambda a, b: a if a > b else b,
    "sqr": lambda a: a**2,
    "neg": lambda a: -a,
    "exp": math.exp,
    "inc": lambda a: a + 1,
    "inv": lambda a: 1 / a,
    "dbl": lambda a: 2 * a,
    "sig": lambda a: 1 / (1 + math.exp(-a)),
}
LOCAL = {
    "add": lambda z, a, b: (1, 1),
    "mul": lambda z, a, b: (b, a),
    "max": lambda z, a, b: (1, 0) if a > b else (0, 1),
    "sqr": lambda z, a: (2 * a,),
    "neg": lambda z, a: (-1,),
    "exp": lambda z, a: (z,),
    "inc": lambda z, a: (1,),
    "inv": lambda z, a: (-(z**2),),
    "dbl": lambda z, a: (2,),
    "sig": lambda z, a: (z * (1 - z),),
}


def run(tape, values, upstream):
    v = dict(values)
    for name, op, *args in tape:
        v[name] = FORWARD[op](*[v[a] for a in args])
    grads = {name: 0.0 for name in v}
    grads[tape[-1][0]] = upstream
    for name, op, *args in reversed(tape):
        for a, local in zip(args, LOCAL[op](v[name], *[v[a] for a in args])):
            grads[a] += grads[name] * local
    return {**v, **{"d" + name: g for name, g in grads.items()}}


def add_multiply(x, y, z, df):
    tape = [("q", "add", "x", "y"), ("f", "mul", "q", "z")]
    return run(tape, dict(x=x, y=y, z=z), df)


def add_max_multiply(x, y, z, df):
    tape = [("a", "add", "x", "y"), ("b", "max", "y", "z"), ("f", "mul", "a", "b")]
    return run(tape, dict(x=x, y=y, z=z), df)


def sigmoid_neuron(w0, x0, w1, x1, w2, df):
    tape = [
        ("prod0", "mul", "w0", "x0"),
        ("prod1", "mul", "w1", "x1"),
        ("sum", "add", "prod0", "prod1"),
        ("dot", "add", "sum", "w2"),
        ("neg", "neg", "dot"),
        ("expneg", "exp", "neg"),
        ("den", "inc", "expneg"),
        ("f", "inv", "den"),
    ]
    return run(tape, dict(w0=w0, x0=x0, w1=w1, x1=x1, w2=w2), df)


def neuron(w, x):
    w0, w1, w2 = w.tolist()
    x0, x1 = x.tolist()
    g = sigmoid_neuron(w0, x0, w1, x1, w2, 1)
    return {
        "dot": g["dot"],
        "f": g["f"],
        "ddot": g["ddot"],
        "dx": [g["dx0"], g["dx1"]],
        "dw": (g["dw0"], g["dw1"], g["dw2"]),
    }


def multiply_max(x, y, z, w, df):
    tape = [
        ("xy", "mul", "x", "y"),
        ("m", "max", "z", "w"),
        ("s", "add", "xy", "m"),
        ("f", "dbl", "s"),
    ]
    return run(tape, dict(x=x, y=y, z=z, w=w), df)


def staged_rational(x, y, df):
    tape = [
        ("sigy", "sig", "y"),
        ("num", "add", "x", "sigy"),
        ("sigx", "sig", "x"),
        ("xpy", "add", "x", "y"),
        ("xpysqr", "sqr", "xpy"),
        ("den", "add", "sigx", "xpysqr"),
        ("invden", "inv", "den"),
        ("f", "mul", "num", "invden"),
    ]
    return run(tape, dict(x=x, y=y), df)


def apples_and_oranges(apple, apple_num, orange, orange_num, tax, dprice):
    tape = [
        ("apple_price", "mul", "apple", "apple_num"),
        ("orange_price", "mul", "orange", "orange_num"),
        ("all_price", "add", "apple_price", "orange_price"),
        ("price", "mul", "all_price", "tax"),
    ]
    leaves = dict(apple=apple, apple_num=apple_num, orange=orange, orange_num=orange_num, tax=tax)
    return run(tape, leaves, dprice)


def hidden_score(u, W, x, b, ds):
    M, D = W.shape
    leaves = {f"W{i},{j}": W[i, j].item() for i in range(M) for j in range(D)}
    leaves |= {f"x{j}": v for j, v in enumerate(x.tolist())}
    leaves |= {f"{n}{i}": v[i].item() for n, v in dict(u=u, b=b).items() for i in range(M)}
    tape = []
    for i in range(M):
        total = f"b{i}"
        for j in range(D):
            tape.append((f"p{i},{j}", "mul", f"W{i},{j}", f"x{j}"))
            tape.append((f"t{i},{j}" if j < D - 1 else f"z{i}", "add", total, f"p{i},{j}"))
            total = f"t{i},{j}"
        tape += [(f"h{i}", "sig", f"z{i}"), (f"q{i}", "mul", f"u{i}", f"h{i}")]
    total = "q0"
    for i in range(1, M):
        tape.append(("s" if i == M - 1 else f"s{i}", "add", total, f"q{i}"))
        total = f"s{i}"
    g = run(tape, leaves, ds)
    found = {n: [g[f"{n}{i}"] for i in range(M)] for n in ("z", "h", "dh", "dz", "du", "db")}
    found["dx"] = [g[f"dx{j}"] for j in range(D)]
    return {**found, "s": g["s"], "dW": [[g[f"dW{i},{j}"] for j in range(D)] for i in range(M)]}
