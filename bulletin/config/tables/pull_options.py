"""Who may fetch a station's bulletin from the pull endpoint of `bulletin serve`."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated

from pydantic import BeforeValidator, Field

from bulletin.config.option_types import Options, listed, refusing

Network = Annotated[
    str,
    refusing(
        lambda value: not ip_network(value),
        '{} is not a valid network; write "192.168.1.0/24", or one address, "192.168.1.20"',
    ),
]


class PullOptions(Options):
    """Without a token and without networks, whoever reaches the service may fetch."""

    token: Annotated[str, Field(max_length=200)] = ""
    """ "env:NAME". Sent as `Authorization: Bearer TOKEN`, or as `?token=TOKEN` by a playout that sends no headers."""
    networks: Annotated[tuple[Network, ...], BeforeValidator(listed)] = ()
    """Addresses that may fetch without the token: ["192.168.1.0/24", "::1"]."""

    def allowed_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks, ready to be compared with an address."""
        return tuple(ip_network(value) for value in self.networks)
