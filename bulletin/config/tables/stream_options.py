"""Live outputs of a station: the stream that gets a bulletin at its slot, and the pull endpoint of `bulletin serve`."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from bulletin.config.option_types import Options, address, listed, matching, refusing
from bulletin.config.tables.output_options import OutputsOptions


def _is_no_socket(value: str) -> bool:
    is_unix = value.removeprefix("unix:").startswith("/")
    port = re.fullmatch(r"(?:[^\s:/]+|\[[0-9a-fA-F:]+\]):(\d{1,5})", value)
    return bool(value) and not is_unix and not (port and 0 < int(port[1]) < 65536)


_SOCKET_REMEDY = (
    'write the socket of Liquidsoap\'s server, "/run/liquidsoap/bulletin.sock" or "127.0.0.1:1234"'
)


class StreamOptions(Options):
    """Live stream: a mount that gets the bulletins, or a queue that plays them. Off by default."""

    url: Annotated[
        str,
        address(
            'write server and mount, "http://127.0.0.1:8000/bulletin.mp3"',
            login='write no password into it: user = "source" and password = "env:NAME" are for that',
            needs_path=True,
        ),
    ] = ""
    """Mount of Icecast, or input.harbor of Liquidsoap: "http://127.0.0.1:8000/bulletin.mp3"; or https."""
    user: Annotated[str, matching(r"[^:\s]+", "may hold neither spaces nor a colon")] = "source"
    """Login of the mount."""
    password: str = ""
    """ "env:NAME"."""
    ca_file: str = ""
    """PEM file of your own certificate authority, for an https server; relative to the profile."""
    public: bool = False
    """List the mount in public directories."""
    genre: str = "News"
    """Genre in the server's list of streams."""
    burst_s: float = Field(default=2.0, ge=0.5, le=10)
    """Seconds of sound to send ahead: the server's buffer before it plays, or more."""
    queue: Annotated[str, refusing(_is_no_socket, _SOCKET_REMEDY)] = ""
    """Server socket of Liquidsoap, instead of `url`; it gets the path of the file."""
    command: Annotated[str, matching(r"[\w.:-]+", 'write the queue\'s own command, "bulletin.push"')] = (
        "bulletin.push"
    )
    """Command of the queue there."""
    rendition: Literal["", "podcast", "fm", "speaker"] = ""
    """Rendition to send; by default the first of fm, podcast and speaker that the stream can take."""
    late_s: float = Field(default=60.0, ge=0, le=600)
    """Greatest delay in seconds: so long a server that is down is retried, at the start and during the bulletin."""

    @model_validator(mode="after")
    def _is_one_way(self) -> StreamOptions:
        if self.url and self.queue:
            raise ValueError("url and queue exclude each other; keep one")
        return self

    @property
    def is_on(self) -> bool:
        return bool(self.url or self.queue)


def stream_kind(stream: StreamOptions, outputs: OutputsOptions) -> str:
    """Rendition for the stream. Raises ValueError where the station makes none that it can take."""
    if stream.rendition and stream.rendition not in outputs.make:
        raise ValueError(
            f'[stream] rendition "{stream.rendition}" is not made: add it to [outputs] make, or choose another'
        )
    wanted = (stream.rendition,) if stream.rendition else ("fm", "podcast", "speaker")
    for kind in wanted:
        if kind in outputs.make and (stream.queue or outputs.rendition(kind).format in ("mp3", "opus")):
            return kind
    raise ValueError(
        f"[stream] url takes MP3 or Opus, and the station makes neither ({', '.join(wanted)}): "
        'set, for instance, format = "mp3" in [outputs.fm]'
    )


Network = Annotated[
    str,
    refusing(
        lambda value: not ip_network(value),
        '{} is not a valid network; write "192.168.1.0/24", or one address, "192.168.1.20"',
    ),
]


class PullOptions(Options):
    """Access to the pull endpoint; without token and networks it is open to every client of the service."""

    token: Annotated[str, Field(max_length=200)] = ""
    """ "env:NAME". Sent as `Authorization: Bearer TOKEN`, or as `?token=TOKEN` by a playout that sends no headers."""
    networks: Annotated[tuple[Network, ...], BeforeValidator(listed)] = ()
    """Addresses that may fetch without the token: ["192.168.1.0/24", "::1"]."""

    def allowed_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks, ready to be compared with an address."""
        return tuple(ip_network(value) for value in self.networks)
