"""What an Icecast or Liquidsoap answers to a source -> nothing, or an error with its remedy. Pure."""

from __future__ import annotations

import re

from bulletin.streaming.stream_port import StreamError

GOOD = (100, 200)
OTHER_WAY = (0, 400, 405, 501)
"""An old server that knows no PUT, or hangs up on it; SOURCE is what it wants."""


def read_status(answer: bytes) -> tuple[int, str]:
    """The code, and what the server says about it; 0 for what is no answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    found = re.match(rb"(?:HTTP/1\.[01]|ICY|OK2?) ?(\d{3})?([^\r\n]*)", head)
    if not found:
        return 0, ""
    code = int(found[1]) if found[1] else 200
    text = re.sub(rb"<(title|style|script)\b.*?</\1>|<[^>]*>", b" ", body, flags=re.DOTALL | re.IGNORECASE)
    said = " ".join(text.decode("utf-8", "replace").split()) or found[2].decode("latin-1").strip()
    return code, "".join(letter for letter in said if letter.isprintable())[:120]


def judge(code: int, said: str, *, place: str, media_type: str) -> StreamError | None:
    """What is wrong with an answer; None when the server listens."""
    if code in GOOD:
        return None
    told = f" ({said})" if said else ""
    if code == 401:
        return StreamError(
            f"{place}: refuses user or password (401); see [stream] user and password", is_lasting=True
        )
    if code == 403:
        return _forbidden(said, place=place, media_type=media_type)
    if code == 404:
        return StreamError(
            f"{place}: has no such mount (404); see [stream] url and the server's own configuration",
            is_lasting=True,
        )
    if code == 415:
        return _wrong_format(place, media_type, told)
    if code == 0:
        return StreamError(f"{place}: what answers is no Icecast; see [stream] url")
    return StreamError(f"{place}: answered {code}{told}; its own log says why")


def _forbidden(said: str, *, place: str, media_type: str) -> StreamError:
    """Icecast says 403 to nearly everything that it does not like."""
    if re.search(r"in use|already|taken", said, re.IGNORECASE):
        return StreamError(
            f"{place}: another source is on this mount (403, {said}); stop it, or name another mount in [stream] url"
        )
    if re.search(r"content.?type|format", said, re.IGNORECASE):
        return _wrong_format(place, media_type, f" ({said})")
    told = f", {said}" if said else ""
    return StreamError(f"{place}: refuses the bulletin (403{told}); its own log says why")


def _wrong_format(place: str, media_type: str, told: str) -> StreamError:
    return StreamError(
        f"{place}: does not take {media_type}{told}; choose another [stream] rendition", is_lasting=True
    )
