"""Connection error of any library -> one wording for all deliveries."""

from __future__ import annotations

import re
import ssl
from collections.abc import Sequence
from typing import NamedTuple

from bulletin.errors import DeliveryError

_SILENT = re.compile(
    "timed out|no existing session|timeout opening channel|authentication timeout", re.IGNORECASE
)
"""Words of libraries that lose the TimeoutError on the way; paramiko's "no existing session" is one, too."""
_CUT = re.compile(
    "server connection dropped|socket is closed|connection reset|broken pipe|transport shut down"
    r"|server disconnected|peer closed connection|not connected|\[sys\]",
    re.IGNORECASE,
)
_CUT_KINDS = (ssl.SSLEOFError, ssl.SSLSyscallError, EOFError, ConnectionResetError, BrokenPipeError)


def describe_connection_error(error: BaseException, timeout_s: float) -> str:
    """
    "no answer within 5 s", "the connection broke", or "" for any other error.

    The causes of the error count, too: chance decides which thread or time-out notices it first, and in which
    library's words. A time-out goes before a broken connection, since giving up breaks it.
    """
    errors = _origins(error)
    words = "\n".join(map(str, errors))
    if any(isinstance(origin, TimeoutError) for origin in errors) or _SILENT.search(words):
        return f"no answer within {timeout_s:g} s"
    if any(isinstance(origin, _CUT_KINDS) for origin in errors) or _CUT.search(words):
        return "the connection broke"
    return ""


def _origins(error: BaseException | None) -> list[BaseException]:
    """The error and its causes, each once."""
    origins: list[BaseException] = []
    while error is not None and error not in origins:
        origins.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return origins


class Explanation(NamedTuple):
    """Answer of a server -> words for people."""

    pattern: str
    fault: str
    remedy: str
    is_lasting: bool = False
    """Another try fails, too."""


UNTRUSTED = Explanation(
    "certificate.verify.failed",
    "its certificate is not trusted",
    "name the authority in ca_file, or correct the address",
    is_lasting=True,
)


def explain(
    where: str, answer: str, explanations: Sequence[Explanation], *, otherwise: str, details: str = ""
) -> DeliveryError:
    """The error by the first pattern that the answer, or its `details`, contains; `otherwise` is a remedy."""
    for explanation in explanations:
        if re.search(explanation.pattern, f"{answer} {details}", re.IGNORECASE):
            words = f"{where}: {explanation.fault} ({answer}); {explanation.remedy}"
            return DeliveryError(words, is_lasting=explanation.is_lasting)
    return DeliveryError(f"{where}: {answer}; {otherwise}")
