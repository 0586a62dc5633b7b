"""What an address answered, as plain data: no HTTP library is known here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """The answer to a request, redirects followed."""

    url: str
    """Where it was found."""
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = b""
    """Decoded."""
    moved_to: str = ""
    """Where the first address says that it has gone for good (only 301 and 308 on the way)."""

    @property
    def charset(self) -> str:
        """As the Content-Type claims it; may be nonsense."""
        for part in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = part.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'")
        return ""
