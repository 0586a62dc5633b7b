"""Answer of Icecast or Liquidsoap to a source -> StreamError with its remedy, or nothing. Pure."""

from __future__ import annotations

import re

from bulletin.streaming.stream_interface import StreamError


def read_status(answer: bytes) -> tuple[int, str]:
    """Status and the server's message; 0 for anything that is no answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    match = re.match(rb"(?:HTTP/1\.[01]|ICY|OK2?) ?(\d{3})?([^\r\n]*)", head)
    if not match:
        return 0, ""
    code = int(match[1]) if match[1] else 200
    text = re.sub(rb"<(title|style|script)\b.*?</\1>|<[^>]*>", b" ", body, flags=re.DOTALL | re.IGNORECASE)
    message = " ".join(text.decode("utf-8", "replace").split()) or match[2].decode("latin-1").strip()
    return code, "".join(letter for letter in message if letter.isprintable())[:120]


def find_refusal(code: int, message: str, *, where: str, media_type: str) -> StreamError | None:
    """The error that an answer means; None when the server listens."""
    quoted = f", {message}" if message else ""
    reason, is_lasting = f"answered {code}{quoted}; its own log says why", False
    if code in (100, 200):
        return None
    if code == 401:
        reason = "refuses user or password (401); see [stream] user and password"
        is_lasting = True
    elif code == 404:
        reason = "has no such mount (404); see [stream] url and the server's own configuration"
        is_lasting = True
    elif code == 0:
        reason = "the server that answers is not Icecast; see [stream] url"
    # Icecast answers 403 to nearly everything that it refuses.
    elif code == 403 and re.search(r"in use|already|taken", message, re.IGNORECASE):
        reason = (
            f"another source is on this mount (403{quoted}); stop it, or name another mount in [stream] url"
        )
    elif code == 415 or (code == 403 and re.search(r"content.?type|format", message, re.IGNORECASE)):
        reason = f"does not take {media_type} ({code}{quoted}); choose another [stream] rendition"
        is_lasting = True
    return StreamError(f"{where}: {reason}", is_lasting=is_lasting)
