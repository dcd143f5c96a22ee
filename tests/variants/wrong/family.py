"""Wrong layers of networks by assignment: the mistakes that students really make."""

from variants.wrong import networks, networks_conv, networks_norms
from variants.wrong.record import Wrong

FAMILY: dict[str, tuple[Wrong, ...]] = {
    "networks": networks.WRONG,
    "networks_conv": networks_conv.WRONG,
    "networks_groupnorm_flat": networks_norms.FLAT,
    "networks_norms": networks_norms.WRONG,
}
