"""What became of a line to a server, in one set of words for all deliveries."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

_SILENT = ("timed out", "no existing session", "timeout opening channel", "authentication timeout")
"""Libraries that lose the time-out on the way keep it in their words; paramiko's "no session" is one, too."""
_CUT = (
    "server connection dropped",
    "socket is closed",
    "connection reset",
    "broken pipe",
    "transport shut down",
    "server disconnected",
    "peer closed connection",
    "[sys]",
)
_CUT_KINDS = (ssl.SSLEOFError, ssl.SSLSyscallError, EOFError, ConnectionResetError, BrokenPipeError)


def line_fault(error: BaseException, timeout_s: float) -> str:
    """
    "no answer within 5 s", "the line broke", or "" for what is neither.

    Which of several threads or time-outs notices it first is chance, and so is what its library says then: here
    the errors that one came from are looked at, too. Silence goes before a broken line, for who gives up waiting
    breaks the line himself.
    """
    errors = tuple(_origins(error))
    said = tuple(str(one).casefold() for one in errors)
    if any(isinstance(one, TimeoutError) for one in errors) or _speaks(said, _SILENT):
        return f"no answer within {timeout_s:g} s"
    if any(isinstance(one, _CUT_KINDS) for one in errors) or _speaks(said, _CUT):
        return "the line broke"
    return ""


def _origins(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _speaks(said: tuple[str, ...], signs: tuple[str, ...]) -> bool:
    return any(sign in one for one in said for sign in signs)
