"""Wrong convolutions and max-poolings: most are right for the shapes of the course's own check."""

from __future__ import annotations

from variants.wrong.record import Wrong

_OUT = "forward V401"
_DX, _DW, _DB = "backward[dx] V402", "backward[dw] V402", "backward[db] V402"
_NEVER = ("backward[dx]", "backward[dw]", "backward[db]")
_CASES = ("case.pad0", "case.pad2", "case.stride2", "case.non_square")
_CUT = "dx = dx_pad[:, :, pad : pad + H, pad : pad + W]"
_PLACE = "h, v = i * stride, j * stride\n                    d"
_BACK = "dx_pad[n, :, h : h + HH, v : v + WW] += w[f] * dout[n, f, i, j]"
_SUM = "out[n, f, i, j] = np.sum(window * w[f]) + b[f]"
_SIZE = "1 + (H + 2 * pad - HH) // stride"
_WIDTH = "1 + (W + 2 * pad - WW) // stride"
_UP = "dx[n, c, h + a, v + z] += dout[n, c, i, j]"
_ARGMAX = """a, z = np.unravel_index(np.argmax(window), window.shape)
                    """ + _UP
_MASK = "dx[n, c, h : h + height, v : v + width]"

CONV: tuple[Wrong, ...] = (
    Wrong("conv", "an empty slice where pad is 0", ((_CUT, "dx = dx_pad[:, :, pad:-pad, pad:-pad]"),),
          ("case.pad0 S306 dx",)),
    Wrong("conv", "padding cut by half the kernel",
          ((_CUT, "dx = dx_pad[:, :, HH // 2 : HH // 2 + H, WW // 2 : WW // 2 + W]"),),
          ("case.pad0 S306 dx", "case.pad2 V402 dx", "case.non_square S306 dx|case.non_square V402 dx")),
    Wrong("conv", "padding cut by 1", ((_CUT, "dx = dx_pad[:, :, 1:-1, 1:-1]"),),
          ("case.pad0 S306 dx", "case.pad2 S306 dx")),
    Wrong("conv", "padding not cut", ((_CUT, "dx = dx_pad"),),
          ("backward[dx] S306", *_CASES)),
    Wrong("conv", "stride forgotten in one index of the backward",
          ((_PLACE, "h, v = i * stride, j\n                    d"),), ("case.stride2 V402 dx",
           "case.stride2 V402 dw")),
    Wrong("conv", "stride forgotten in dx",
          ((_BACK, "dx_pad[n, :, i : i + HH, j : j + WW] += w[f] * dout[n, f, i, j]"),),
          ("case.stride2 V402 dx",)),
    Wrong("conv", "stride forgotten throughout",
          (("h, v = i * stride, j * stride\n                    window", "h, v = i, j\n"
            "                    window"), (_PLACE, "h, v = i, j\n                    d")),
          ("case.stride2 V401 out", "case.stride2 V402 dx", "case.stride2 V402 dw")),
    Wrong("conv", "stride not in the size of out",
          ((_SIZE, "1 + H + 2 * pad - HH"), (_WIDTH, "1 + W + 2 * pad - WW")),
          ("case.stride2 S306 out|case.stride2 R201",)),
    Wrong("conv", "kernel of 3 x 3 in the code",
          ((_SIZE, _SIZE.replace("HH", "3")), (_WIDTH, _WIDTH.replace("WW", "3"))),
          ("case.non_square R201",)),
    Wrong("conv", "image taken for square", ((_WIDTH, _SIZE),), ("case.non_square R201",)),
    Wrong("conv", "kernel taken for square", (("h : h + HH, v : v + WW] * dout", "h : h + HH, v : v "
          "+ HH] * dout"),), ("case.non_square R201",)),
    Wrong("conv", "kernel taken for square in the forward",
          (("v : v + WW]\n                    out", "v : v + HH]\n                    out"),),
          ("case.non_square R201",)),
    Wrong("conv", "H and W exchanged in the size of out",
          ((_SIZE, _SIZE.replace("(H ", "(W ")), (_WIDTH, _WIDTH.replace("(W ", "(H "))),
          ("case.non_square R201|case.non_square S306 out",)),
    Wrong("conv", "three channels", (("window = x_pad[n, :,", "window = x_pad[n, :3,"),),
          ("forward R201", *_NEVER, *_CASES)),
    Wrong("conv", "bias forgotten", ((_SUM, _SUM.replace(" + b[f]", "")),), (_OUT, *_CASES)),
    Wrong("conv", "bias of every channel", ((_SUM, "out[n, f, i, j] = np.sum(window * w[f] + b[f])"),),
          (_OUT, *_CASES)),
    Wrong("conv", "pads the channels too",
          (("x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode=\"constant\")\n    out",
            "x_pad = np.pad(x, pad)\n    out"),),
          ("forward R201|forward V401|forward V403", *_NEVER, *_CASES)),
    Wrong("conv", "padded with its edge", (("mode=\"constant\")\n    out", "mode=\"edge\")\n    out"),),
          (_OUT, "case.pad2", "case.stride2", "case.non_square")),
    Wrong("conv", "kernel turned round", ((_SUM, _SUM.replace("w[f])", "w[f, :, ::-1, ::-1])")),),
          (_OUT, *_CASES)),
    Wrong("conv", "db of the last place",
          (("db[f] += np.sum(dout[n, f])", "db[f] += dout[n, f, -1, -1]"),), (_DB, *_CASES)),
    Wrong("conv", "db of the last example",
          (("db[f] += np.sum", "db[f] = np.sum"),), (_DB, *_CASES)),
    Wrong("conv", "db not summed over places", (("db[f] += np.sum(dout[n, f])", "db = dout.sum(axis=0)"),),
          ("backward[db] S306", *_CASES)),
    Wrong("conv", "dw overwritten", (("* dout[n, f, i, j]\n                    dx", "* dout[n, f, i, j]"
          "\n                    dx"), ("dw[f] += ", "dw[f] = ")), (_DW, *_CASES)),
    Wrong("conv", "dx overwritten", ((_BACK, _BACK.replace("+=", "=")),), (_DX, *_CASES)),
    Wrong("conv", "dw of x without its padding",
          (("dw[f] += x_pad[n", "dw[f] += np.pad(x, ((0,), (0,), (0,), (0,)))[n"),),
          ("backward[dx] R201", *_NEVER, "case.pad2", "case.stride2", "case.non_square")),
    Wrong("conv", "partly written: db alone", (("return dx, dw, db", "return None, None, db"),),
          ("backward[dx] S301", "backward[dw] S301", *_CASES)),
    Wrong("conv", "gradients in another order", (("return dx, dw, db", "return dw, dx, db"),),
          ("backward[dx] S306", "backward[dw] S306", *_CASES)),
    Wrong("conv", "M31 kernel flipped in backward",
          ((_BACK, _BACK.replace("w[f]", "w[f][:, ::-1, ::-1]")),), (_DX, *_CASES)),
    Wrong("conv", "upstream of the first place", ((_BACK, _BACK.replace("i, j]", "0, 0]")),),
          (_DX, *_CASES)),
    Wrong("conv", "an empty slice where pad is 0, and the stride forgotten in dx",
          ((_CUT, "dx = dx_pad[:, :, pad:-pad, pad:-pad]"),
           (_BACK, "dx_pad[n, :, i : i + HH, j : j + WW] += w[f] * dout[n, f, i, j]")),
          ("case.pad0 S306 dx", "case.stride2 V402 dx")),
    Wrong("conv", "an empty slice where pad is 0, and db of the last example",
          ((_CUT, "dx = dx_pad[:, :, pad:-pad, pad:-pad]"), ("db[f] += np.sum", "db[f] = np.sum")),
          (_DB, "case.pad0 S306 dx", *_CASES)),
)  # fmt: skip

POOL: tuple[Wrong, ...] = (
    Wrong("max_pool", "overwritten where windows overlap", ((_UP, _UP.replace("+=", "=")),),
          ("case.overlapping V402 dx",)),
    Wrong("max_pool", "a mask for each window, overwritten",
          ((_ARGMAX, _MASK + " = (window == window.max()) * dout[n, c, i, j]"),),
          ("case.overlapping V402 dx", "ties V404")),
    Wrong("max_pool", "all that share the maximum",
          ((_ARGMAX, _MASK + " += (window == window.max()) * dout[n, c, i, j]"),),
          ("ties V404",)),
    Wrong("max_pool", "window for the stride",
          (("h, v = i * stride, j * stride\n            window", "h, v = i * height, j * width\n"
            "            window"),), ("case.overlapping V401 out", "case.non_square V401 out")),
    Wrong("max_pool", "stride forgotten in one index of the backward",
          (("h, v = i * stride, j * stride\n                    w", "h, v = i * stride, j\n"
            "                    w"),), (_DX, "case.overlapping", "case.non_square")),
    Wrong("max_pool", "stride of 2 in the code",
          (("stride = pool_param[\"stride\"]\n    H_out", "stride = 2\n    H_out"),),
          ("case.non_square S306 out",)),
    Wrong("max_pool", "window of 2 x 2 in the code",
          (("width = pool_param[\"pool_height\"], pool_param[\"pool_width\"]\n    stride = "
            "pool_param[\"stride\"]\n    H_out", "width = 2, 2\n    stride = pool_param[\"stride\"]\n"
            "    H_out"),), ("case.overlapping V401 out", "case.non_square V401 out")),
    Wrong("max_pool", "window taken for square in the backward",
          (("v : v + width]\n                    a", "v : v + height]\n                    a"),),
          ("case.non_square V402 dx",)),
    Wrong("max_pool", "window taken for square in the forward",
          (("v : v + width]\n            out", "v : v + height]\n            out"),),
          ("case.non_square V401 out",)),
    Wrong("max_pool", "image taken for square", (("(W - width) // stride", "(H - height) // stride"),),
          ("case.non_square R201|case.non_square S306 out",)),
    Wrong("max_pool", "output place for input place",
          (("dx[n, c, h + a, v + z]", "dx[n, c, i + a, j + z]"),),
          (_DX, "case.overlapping", "case.non_square")),
    Wrong("max_pool", "the mean of the window",
          (("window.max(axis=(2, 3))", "window.mean(axis=(2, 3))"),),
          (_OUT, "case.overlapping", "case.non_square")),
    Wrong("max_pool", "the smallest number",
          (("np.argmax(window)", "np.argmin(window)"),), (_DX, "case.overlapping", "case.non_square")),
    Wrong("max_pool", "upstream not multiplied", (("+= dout[n, c, i, j]", "+= 1"),),
          (_DX, "case.overlapping", "case.non_square")),
    Wrong("max_pool", "negative numbers lost",
          (("window.max(axis=(2, 3))", "np.maximum(window.max(axis=(2, 3)), 0)"),),
          (_OUT, "case.overlapping", "case.non_square")),
    Wrong("max_pool", "dx of the shape of dout", (("dx = np.zeros_like(x)", "dx = np.zeros((N, C, "
          "H_out * 2, W_out * 2))"),),
          ("case.overlapping R201", "case.non_square")),
    Wrong("max_pool", "a window for all channels",
          (("window.max(axis=(2, 3))", "window.max(axis=(1, 2, 3))[:, None]"),),
          (_OUT, "case.overlapping", "case.non_square")),
    Wrong("max_pool", "near its maximum is enough",
          ((_ARGMAX, _MASK + " += np.isclose(window, window.max(), rtol=1e-4) * dout[n, c, i, j]"),),
          ("near_kink V402 dx",)),
)  # fmt: skip

WRONG: tuple[Wrong, ...] = (*CONV, *POOL)
