"""HTTP answer as plain data, without a class of the HTTP library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """Answer to a request, redirects followed."""

    url: str
    """The last address."""
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = b""
    """Decoded."""
    charset: str = ""
    """As the Content-Type claims; may be nonsense."""
    moved_to: str = ""
    """The address that the first one redirects to for good (only 301 and 308 on the way)."""
