"""What each example submission must get: scores, outcomes, finding codes and notes."""

from __future__ import annotations

from dataclasses import dataclass, field

FULL: dict[str, tuple[float, float]] = {
    "checkers": (25.5, 25.5), "circuits": (78, 78), "descent": (9, 9), "functions": (17, 17),
    "gates": (35, 35), "graphs": (20, 20), "jacobians": (30, 30),
    "layers": (24, 24), "losses": (39, 39), "modules": (31, 31),
    "networks": (38, 38), "networks_attention": (22, 22), "networks_conv": (18, 18),
    "networks_dropout": (6, 6), "networks_fc_net": (19, 19), "networks_linear": (24, 24),
    "networks_norms": (29, 29), "networks_rnn": (47, 47), "networks_two_layer": (14, 14),
}  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """What an example must get; tasks that are not named passed, without a finding."""

    code: int
    scores: dict[str, tuple[float, float]]
    outcomes: dict[str, str] = field(default_factory=dict)
    errors: dict[str, set[str]] = field(default_factory=dict)
    notes: dict[str, set[str]] = field(default_factory=dict)


_WEIGHTS = ("dWx", "dWh", "db")
SPEED_LINE = {"layers.relu": {"N711"}, "jacobians.relu": {"N711"}}

EXPECTED = {
    "perfect": Expected(0, FULL, notes=SPEED_LINE),
    "unusual_but_right": Expected(
        0,
        FULL,
        notes={
            **SPEED_LINE,
            "functions.quadratic_form": {"N704"},
            "gates.squared_norm": {"N708"},
            "jacobians.mixed": {"N708"},
            "losses.softmax_loss": {"N704"},
            "losses.softmax_staged": {"N708"},
            "layers.affine_gate": {"N704"},
            "modules.affine": {"N708"},
        },
    ),
    "typical_mistakes": Expected(
        1,
        {
            "checkers": (19, 25.5), "circuits": (64, 78), "descent": (3, 9),
            "functions": (9.5, 17), "gates": (20.5, 35), "graphs": (7, 20), "jacobians": (18.5, 30),
            "layers": (16, 24), "losses": (24.5, 39), "modules": (16.5, 31),
            "networks": (19.5, 38), "networks_attention": (16, 22), "networks_conv": (16, 18),
            "networks_fc_net": (9.5, 19), "networks_linear": (5.5, 24),
            "networks_norms": (11.5, 29), "networks_rnn": (24, 47),
            "networks_two_layer": (8.5, 14),
            "networks_dropout": (2, 6),
        },
        {
            "graphs.graph": "faulted",
            "modules.mul_constant": "faulted",
            **dict.fromkeys(
                ("checkers.numerical_gradient_forward", "checkers.numerical_gradient",
                 "checkers.relative_error", "checkers.check_gradient",
                 "descent.gradient_descent", "descent.momentum", "descent.circuit_step",
                 "functions.product", "functions.composition", "functions.log_sum_exp",
                 "functions.quadratic_form", "functions.first_order_model"),
                "failed",
            ),
            **dict.fromkeys(
                ("gates.multiply", "gates.exp", "gates.reciprocal", "gates.shift", "gates.relu",
                 "gates.squared_norm", "circuits.add_multiply", "circuits.add_max_multiply",
                 "circuits.sigmoid_neuron_short", "circuits.multiply_max",
                 "circuits.staged_rational", "circuits.apples_and_oranges",
                 "circuits.hidden_score", "jacobians.mixed", "jacobians.sigmoid",
                 "jacobians.linear", "jacobians.layer", "losses.l2_regulariser", "losses.svm_loss",
                 "losses.svm_staged", "losses.softmax_loss", "losses.softmax_staged",
                 "layers.matrix_vector_norm", "layers.linear", "layers.affine",
                 "layers.affine_gate", "modules.linear", "modules.affine",
                 "modules.scale_shift", "modules.fruit", "networks.affine",
                 "networks_attention.attention", "networks_attention.masked_attention",
                 "networks_rnn.rnn", "networks_rnn.lstm_step", "networks_rnn.lstm",
                 "networks_rnn.word_embedding", "networks_rnn.temporal_softmax",
                 "networks_conv.conv", "networks_conv.max_pool", "networks_norms.batchnorm",
                 "networks_norms.batchnorm_alt", "networks_norms.layernorm",
                 "networks_norms.spatial_batchnorm", "networks_norms.spatial_groupnorm",
                 "networks.affine_of_rows", "networks.leaky_relu", "networks.tanh",
                 "networks.elu", "networks.gelu", "networks.svm_loss", "networks.softmax_loss",
                 "networks_linear.svm_loss_naive", "networks_linear.svm_loss_vectorized",
                 "networks_linear.softmax_loss_vectorized", "networks_two_layer.loss",
                 "networks_fc_net.loss", "networks_fc_net.loss_of_images",
                 "networks_dropout.dropout"),
                "failed",
            ),
            "networks_linear.softmax_loss_naive": "not_attempted",
            "jacobians.layer_vjp": "faulted",
            "jacobians.relu": "faulted",
        },
        {
            "checkers.numerical_gradient_forward": {"case.whole_numbers V401"},
            "checkers.numerical_gradient": {"forward V401"},
            "checkers.relative_error": {"case.both_zero V403", "case.tiny V401"},
            "checkers.check_gradient": {"case.tiny_gradient V401"},
            "descent.gradient_descent": {"forward V401"},
            "descent.momentum": {"forward[w_next] V401"},
            "descent.circuit_step": {"forward[z_next] V401", "forward[f_next] V401"},
            "functions.product": {"backward[dx] V402", "backward[dy] V402"},
            "functions.composition": {"backward[dx] V402"},
            "functions.log_sum_exp": {"stress V403"},
            "functions.quadratic_form": {"backward[dx] V402"},
            "functions.first_order_model": {"forward S306"},
            "gates.multiply": {"backward[dx] V402", "backward[dy] V402"},
            "gates.max": {"ties V404"},
            "gates.exp": {"backward[dx] V402", "linearity V405"},
            "gates.reciprocal": {"backward[dx] V402"},
            "gates.shift": {"backward[dx] V402"},
            "gates.sigmoid": {"behaviour.shared_cache B501"},
            "gates.relu": {"backward[dx] V402", "linearity V405"},
            "gates.squared_norm": {"backward[dq] V402"},
            "circuits.add_multiply": {
                "backward[dq] V402", "backward[dz] V402", "linearity V405",
            },
            "circuits.add_max_multiply": {"backward[dy] V402"},
            "circuits.sigmoid_neuron_short": {"backward[dw] S306"},
            "circuits.multiply_max": {"backward[dm] S304"},
            "circuits.staged_rational": {"backward[dx] V402"},
            "circuits.apples_and_oranges": {"backward[dapple] V402", "backward[dapple_num] V402"},
            "circuits.hidden_score": {"backward[dW] S306"},
            "jacobians.mixed": {"backward[dx] S306"},
            "jacobians.sigmoid": {"backward[dz] S306"},
            "jacobians.linear": {"backward[db] S306"},
            "jacobians.layer": {"backward[db] V402"},
            "jacobians.layer_vjp": {"backward[dx] R201"},
            "jacobians.relu": {"size R205"},
            "losses.l2_regulariser": {"forward V401", "backward[dW] V402"},
            "losses.svm_loss": {"backward[dW] V402"},
            "losses.svm_staged": {"backward[dscores] V402"},
            "losses.softmax_loss": {"stress V403"},
            "losses.softmax_staged": {"forward[scores] V401", "backward[dscores] V402"},
            "layers.matrix_vector_norm": {"backward[dW] S306"},
            "layers.linear": {"backward[dx] S306", "backward[dW] S306"},
            "layers.affine": {"backward[db] S306"},
            "layers.affine_gate": {"backward[db] S307"},
            "networks.affine": {"backward[dx] S306", "backward[db] S307"},
            "networks_attention.attention": {"backward[dq] V402", "backward[dk] V402"},
            "networks_attention.masked_attention": {
                "case.attends_to_nothing V401", "case.attends_to_nothing V402",
            },
            "networks_rnn.rnn": {f"backward[{n}] V402" for n in ("dx", "dh0", *_WEIGHTS)},
            "networks_rnn.lstm_step": {f"backward[{n}] V402" for n in ("dx", "dprev_h", *_WEIGHTS)},
            "networks_rnn.lstm": {f"backward[{n}] V402" for n in ("dx", "dh0", *_WEIGHTS)},
            "networks_rnn.word_embedding": {"case.repeated_words V402"},
            "networks_rnn.temporal_softmax": {"backward[dx] V402"},
            "networks.affine_of_rows": {"backward[db] S307"},
            **{
                f"networks.{name}": {"backward[dx] V402"}
                for name in ("leaky_relu", "tanh", "elu", "gelu")
            },
            "networks.svm_loss": {"forward V401"},
            "networks.softmax_loss": {"case.large_scores V403"},
            "networks_linear.svm_loss_naive": {"backward[dW] V402"},
            "networks_linear.softmax_loss_vectorized": {"forward V401", "backward[dW] V402"},
            "networks_two_layer.loss": {"backward[dW1] V402", "backward[db1] V402"},
            **{
                f"networks_fc_net.{name}": {
                    "forward V401", "backward[db1] S307", "backward[db2] S307",
                }
                for name in ("loss", "loss_of_images")
            },
            "networks_conv.conv": {"case.pad0 S306"},
            "networks_conv.max_pool": {"case.overlapping V402"},
            "networks_norms.batchnorm": {
                "forward[running_var_after] V401", "backward[dx] V402",
            },
            "networks_norms.batchnorm_alt": {"backward[dx] V402", "backward[dgamma] V402"},
            "networks_norms.layernorm": {
                "forward V401", "backward[dx] V402", "backward[dgamma] V402",
            },
            "networks_norms.spatial_batchnorm": {
                *(f"forward[{n}] V401" for n in ("out", "running_mean_after", "running_var_after")),
                *(f"backward[d{n}] V402" for n in ("x", "gamma", "beta")),
            },
            "networks_norms.spatial_groupnorm": {"backward[dgamma] S307", "backward[dbeta] S307"},
            "networks_dropout.dropout": {"forward V412", "backward[dx] V402"},
            "graphs.graph": {*(f"backward[d{n}] V402" for n in "xyz"), "case.deep R210"},
            "modules.mul_constant": {"case.zero R201", "behaviour.in_place B509"},
            "modules.linear": {"behaviour.second_backward B508"},
            "modules.affine": {"backward[dx] S303", "backward[dW] S304", "backward[db] S304"},
            "modules.scale_shift": {"backward[dBW] S307", "backward[dBb] S307"},
            "modules.fruit": {"backward[dapple] V402", "backward[dn_apple] V402"},
        },
        {
            **{
                f"gates.{name}": {"N716"}
                for name in ("multiply", "exp", "reciprocal", "shift", "relu", "squared_norm")
            },
            **{
                name: {"N716"}
                for name in ("circuits.apples_and_oranges", "functions.product",
                             "functions.composition", "functions.quadratic_form", "graphs.graph",
                             "jacobians.layer", "modules.fruit", "networks.leaky_relu",
                             "networks.tanh", "networks.elu", "networks.gelu",
                             "networks_linear.svm_loss_naive",
                             "networks_two_layer.loss")
            },
            "circuits.add_multiply": {"N716"},
            "circuits.add_max_multiply": {"N716"},
            "circuits.staged_rational": {"N716"},
            "losses.svm_loss": {"N716"},
            "losses.l2_regulariser": {"N714"},
            "checkers.numerical_gradient_forward": {"N709"},
            "circuits.sigmoid_neuron_short": {"N708"},
            "layers.relu": {"N702", "N711"},
            "networks.relu": {"N702"},
            **{
                f"networks_{name}": {"N716"}
                for name in ("attention.attention", "rnn.rnn", "rnn.lstm", "rnn.temporal_softmax")
            },
            "networks_rnn.lstm_step": {"N702", "N716"},
            "networks_linear.softmax_loss_vectorized": {"N714"},
            "networks_fc_net.loss": {"N717"},
            "networks_fc_net.loss_of_images": {"N717"},
            "networks_norms.batchnorm": {"N716"},
            "networks_norms.batchnorm_alt": {"N716"},
            "networks_norms.layernorm": {"N714", "N715"},
            "networks_norms.spatial_batchnorm": {"N714", "N715", "N728"},
            "networks_dropout.dropout": {"N714"},
        },
    ),
    "half_finished": Expected(
        1,
        {"gates": (16, 35), "layers": (10, 24)},
        {
            "gates.max": "failed",
            "gates.exp": "failed",
            **dict.fromkeys(
                ("gates.reciprocal", "gates.sigmoid", "gates.relu", "gates.squared_norm",
                 "layers.matrix_vector_norm", "layers.affine_gate"),
                "not_attempted",
            ),
            "layers.linear": "failed",
            "layers.affine": "failed",
        },
        {"layers.affine": {"backward[db] S301"}},  # a stub is no mistake
        {"layers.relu": {"N711"}},
    ),
    "crashes": Expected(
        1,
        {"gates": (26.5, 35)},
        {"gates.multiply": "faulted", "gates.exp": "timed_out", "gates.reciprocal": "faulted"},
        {
            "gates.multiply": {"backward[dx] R201"},
            "gates.exp": {"forward R202"},
            "gates.reciprocal": {"backward[dx] R204"},
        },
    ),
}  # fmt: skip
