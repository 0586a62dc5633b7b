"""
Cookies: the session's token, a form token for the sign-in page, which has no session yet, and what the next page says.

Over TLS their names begin with "__Host-": the browser then takes them only from this host, over TLS, for all paths.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

_SESSION, _FORM, _SAID = "bulletin", "bulletin-form", "bulletin-said"
_FORM_S, _SAID_S = 3600, 60


def session_token(request: Request) -> str:
    """The token that the browser sent; empty: none."""
    return request.cookies.get(_name(request, _SESSION), "")


def set_session(request: Request, response: Response, token: str, *, longest_s: int) -> None:
    _set(request, response, _SESSION, token, longest_s)


def forget_session(request: Request, response: Response) -> None:
    _set(request, response, _SESSION, "", 0)


def form_cookie(request: Request) -> str:
    """The token that the sign-in form must repeat; empty: none."""
    return request.cookies.get(_name(request, _FORM), "")


def set_form_cookie(request: Request, response: Response, token: str) -> None:
    _set(request, response, _FORM, token, _FORM_S)


def said_cookie(request: Request) -> str:
    """What the page before left to say, as it was set; empty: nothing."""
    return request.cookies.get(_name(request, _SAID), "")


def set_said(request: Request, response: Response, text: str) -> None:
    _set(request, response, _SAID, text, _SAID_S)


def forget_said(request: Request, response: Response) -> None:
    _set(request, response, _SAID, "", 0)


def _set(request: Request, response: Response, name: str, value: str, longest_s: int) -> None:
    response.set_cookie(
        _name(request, name),
        value,
        max_age=longest_s,
        path="/",
        secure=_is_tls(request),
        httponly=True,
        samesite="lax",
    )


def _name(request: Request, name: str) -> str:
    return f"__Host-{name}" if _is_tls(request) else name


def _is_tls(request: Request) -> bool:
    """uvicorn takes the scheme from X-Forwarded-Proto, if a proxy that it trusts sent it."""
    return request.url.scheme == "https"
