"""Wrong layers of networks by assignment: the mistakes that students really make."""

from variants.wrong import networks, networks_linear
from variants.wrong.record import Wrong

FAMILY: dict[str, tuple[Wrong, ...]] = {
    "networks": networks.WRONG,
    "networks_linear": networks_linear.WRONG,
    "networks_linear_half": networks_linear.WRONG,
    "networks_linear_2015": networks_linear.WRONG_2015,
}
