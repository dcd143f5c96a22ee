"""Wrong layers of networks by assignment: the mistakes that students really make."""

from variants.wrong import (
    networks,
    networks_attention,
    networks_conv,
    networks_dropout,
    networks_linear,
    networks_norms,
    networks_rnn,
    networks_two_layer,
)
from variants.wrong.record import Wrong

FAMILY: dict[str, tuple[Wrong, ...]] = {
    "networks": networks.WRONG,
    "networks_attention": networks_attention.WRONG,
    "networks_rnn": networks_rnn.WRONG,
    "networks_fc_net": networks_two_layer.WRONG_FC_NET,
    "networks_linear": networks_linear.WRONG,
    "networks_linear_half": networks_linear.WRONG_HALF,
    "networks_linear_2015": networks_linear.WRONG_2015,
    "networks_two_layer": networks_two_layer.WRONG,
    "networks_two_layer_half": networks_two_layer.WRONG_HALF,
    "networks_conv": networks_conv.WRONG,
    "networks_groupnorm_flat": networks_norms.FLAT,
    "networks_norms": networks_norms.WRONG,
    "networks_dropout": networks_dropout.KEPT,
    "networks_dropout_2016": networks_dropout.DROPPED,
}
