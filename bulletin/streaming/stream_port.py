"""The port of all streams: a server that puts a bulletin on air while it is handed over."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bulletin.errors import OutletError

BUILTIN = {
    "icecast": "bulletin.streaming.icecast:open_icecast",
    "liquidsoap": "bulletin.streaming.liquidsoap:LiquidsoapQueue",
}
"""Name -> "module:maker", for `plugins.find_part`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamItem:
    """A finished file that goes on air."""

    path: Path
    title: str
    data: bytes
    """The file's own bytes, read once: the file may be replaced while it is on air."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSent:
    """How it went."""

    duration_s: float = 0.0
    """Of what was sent; 0 where the server has the file and plays it by itself."""
    late_s: float = 0.0
    """How far the end was behind: by a server that did not answer, at the start or in the middle."""
    breaks: int = 0
    """How often the connection broke and was made again."""

    @property
    def is_handed_over(self) -> bool:
        """Whether the server plays it by itself: what listeners hear from then on is not known here."""
        return not self.duration_s


class StreamError(OutletError):
    """The stream did not take the bulletin, or not to its end."""

    def __init__(self, message: str, *, is_lasting: bool = False) -> None:
        super().__init__(message)
        self.is_lasting = is_lasting
        """Asking again would end the same: a wrong password, no such mount."""


class Stream(Protocol):
    """One server."""

    def check(self) -> None:
        """Raise StreamError, with the remedy, if nothing could be sent now. Nobody hears anything of it."""

    def send(self, item: StreamItem) -> StreamSent:
        """
        Put it on air now; returns when it has been heard, or when the server plays it by itself.

        Raises StreamError, which tells how much was heard when it was not the whole.
        """
