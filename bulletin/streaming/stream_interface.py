"""Port of all streams: a server that puts a bulletin on air."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bulletin.errors import OutletError


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamItem:
    """A finished file to be streamed."""

    path: Path
    title: str
    data: bytes
    """Content of the file, read once: the file may be replaced while it is on air."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSent:
    """Result of a stream."""

    duration_s: float = 0.0
    """Seconds of sound that were sent; 0 if the server reads and plays the file."""
    late_s: float = 0.0
    """Seconds that the end was late, because the server did not answer at the start or in between."""
    breaks: int = 0
    """Broken connections."""

    @property
    def is_handed_over(self) -> bool:
        """Whether the server reads and plays the file, so the sound that listeners hear is not known."""
        return not self.duration_s


class StreamError(OutletError):
    """The server did not take the bulletin, or not to its end."""


class Stream(Protocol):
    """One server."""

    def check(self) -> None:
        """Raise StreamError, with the remedy, if nothing could be sent now. The check is inaudible."""

    def send(self, item: StreamItem) -> StreamSent:
        """
        Put the file on air; returns when it has been heard, or when the server has begun to play it.

        Raises StreamError, which says how much was heard when it was not the whole.
        """
