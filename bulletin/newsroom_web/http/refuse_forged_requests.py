"""
Cross-site request forgery: a change must come from a page of this site, and repeat the session's form token.

OWASP CSRF Prevention Cheat Sheet: synchronizer token, with the browser's Sec-Fetch-Site and Origin as second defence.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

from bulletin.newsroom.accounts.passwords import is_form_token
from bulletin.newsroom_web.http.web_errors import NotAllowedError

FIELD, HEADER = "csrf", "X-CSRF-Token"
_STALE = (
    "the form is too old or came from another site, so nothing was changed; load the page again and repeat it"
)


def check_origin(request: Request) -> None:
    """Raises NotAllowedError when the browser says that another site sent the request."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    if site not in ("same-origin", "none"):
        raise NotAllowedError(_STALE)
    origin = request.headers.get("origin")
    if origin is not None and _host_of(origin) != request.headers.get("host", ""):
        raise NotAllowedError(
            f"{_STALE}. If it happens always, let the proxy pass the Host header (proxy_set_header Host $host)"
        )


def _host_of(origin: str) -> str | None:
    """Host and port of an origin; None for one that cannot be read."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def check_form_token(given: str, session: str) -> None:
    """Raises NotAllowedError for a token that is not this session's."""
    if not session or not is_form_token(given, session):
        raise NotAllowedError(_STALE)
