"""Connection error of any library -> one wording for all deliveries."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

_SILENT = ("timed out", "no existing session", "timeout opening channel", "authentication timeout")
"""Words of libraries that lose the TimeoutError on the way; paramiko's "no existing session" is one, too."""
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


def describe_connection_error(error: BaseException, timeout_s: float) -> str:
    """
    "no answer within 5 s", "the connection broke", or "" for any other error.

    Which of several threads or time-outs notices it first is chance, and so are the words of its library: so the
    causes of the error count, too. A time-out goes before a broken connection, since giving up breaks it.
    """
    errors = tuple(_origins(error))
    messages = tuple(str(origin).casefold() for origin in errors)
    if any(isinstance(origin, TimeoutError) for origin in errors) or _contain(messages, _SILENT):
        return f"no answer within {timeout_s:g} s"
    if any(isinstance(origin, _CUT_KINDS) for origin in errors) or _contain(messages, _CUT):
        return "the connection broke"
    return ""


def _origins(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _contain(messages: tuple[str, ...], signs: tuple[str, ...]) -> bool:
    return any(sign in message for message in messages for sign in signs)
