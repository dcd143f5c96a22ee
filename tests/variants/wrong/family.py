"""Wrong layers of networks by assignment: the mistakes that students really make."""

from variants.wrong import networks, networks_attention, networks_rnn
from variants.wrong.record import Wrong

FAMILY: dict[str, tuple[Wrong, ...]] = {
    "networks": networks.WRONG,
    "networks_attention": networks_attention.WRONG,
    "networks_rnn": networks_rnn.WRONG,
}
