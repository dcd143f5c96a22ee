"""Wrong layers of networks by assignment: the mistakes that students really make."""

from variants.wrong import networks
from variants.wrong.record import Wrong

FAMILY: dict[str, tuple[Wrong, ...]] = {
    "networks": networks.WRONG,
}
