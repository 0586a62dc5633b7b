"""Answer of Icecast or Liquidsoap to a source -> StreamError with its remedy, or nothing. Pure."""

from __future__ import annotations

import re

from bulletin.streaming.stream_port import StreamError

GOOD = (100, 200)
OTHER_METHOD = (0, 400, 405, 501)
"""An old server that does not know PUT, or hangs up on it, wants SOURCE."""


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
    if code in GOOD:
        return None
    quoted = f" ({message})" if message else ""
    if code == 401:
        return StreamError(
            f"{where}: refuses user or password (401); see [stream] user and password", is_lasting=True
        )
    if code == 403:
        return _forbidden(message, where=where, media_type=media_type)
    if code == 404:
        return StreamError(
            f"{where}: has no such mount (404); see [stream] url and the server's own configuration",
            is_lasting=True,
        )
    if code == 415:
        return _wrong_format(where, media_type, quoted)
    if code == 0:
        return StreamError(f"{where}: the server that answers is not Icecast; see [stream] url")
    return StreamError(f"{where}: answered {code}{quoted}; its own log says why")


def _forbidden(message: str, *, where: str, media_type: str) -> StreamError:
    """Icecast answers 403 to nearly everything that it refuses."""
    if re.search(r"in use|already|taken", message, re.IGNORECASE):
        return StreamError(
            f"{where}: another source is on this mount (403, {message}); stop it, or name another mount in [stream] url"
        )
    if re.search(r"content.?type|format", message, re.IGNORECASE):
        return _wrong_format(where, media_type, f" ({message})")
    quoted = f", {message}" if message else ""
    return StreamError(f"{where}: refuses the bulletin (403{quoted}); its own log says why")


def _wrong_format(where: str, media_type: str, quoted: str) -> StreamError:
    return StreamError(
        f"{where}: does not take {media_type}{quoted}; choose another [stream] rendition", is_lasting=True
    )
