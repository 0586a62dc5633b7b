"""Errors -> answers: a page that says what happened and what to do, or a line for htmx; never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bulletin.errors import BulletinError
from bulletin.newsroom_web.http.problem_json import problem
from bulletin.newsroom_web.http.render_page import plain_page
from bulletin.newsroom_web.http.web_errors import NotSignedInError, status_of
from bulletin.runtime.redact_secrets import hide

log = logging.getLogger(__name__)

_FAULT = (
    "the newsroom made a mistake here; what you did before is kept. Load the page again; if it happens again, "
    "send the service's log to the developers"
)


def answer_error(request: Request, error: Exception, *, typed: Sequence[str] = ()) -> Response:
    """
    Answer of a failed request. A fault of the program is logged, and the answer says that it was one.

    `typed` are the texts of a refused form: without a script they would be lost with their page.
    """
    if isinstance(error, NotSignedInError):
        return _ask_to_sign_in(request, error, typed)
    if isinstance(error, BulletinError):
        return answer_message(request, hide(str(error)), status_of(error), error, typed=typed)
    log.error("newsroom: %s %s failed", request.method, request.url.path, exc_info=error)
    return answer_message(request, _FAULT, 500, typed=typed)


def answer_message(
    request: Request,
    message: str,
    status: int,
    error: Exception | None = None,
    *,
    typed: Sequence[str] = (),
) -> Response:
    """A message as a page; for htmx as a line in the page's status region, with the page left as it is."""
    is_htmx = request.headers.get("hx-request") == "true"
    title = HTTPStatus(status).phrase
    template = "problem_line.html" if is_htmx else "problem.html"
    response = plain_page(
        template,
        status=status,
        message=message,
        title=title,
        status_code=status,
        typed=typed,
        back=_page_before(request),
    )
    if is_htmx:
        response.headers.update({"HX-Retarget": "#problem", "HX-Reswap": "innerHTML"})
    if retry_after_s := getattr(error, "retry_after_s", None):
        response.headers["Retry-After"] = str(round(retry_after_s))
    return response


def answer_http_exception(request: Request, error: Exception) -> Response:
    """Starlette's own refusals: no such page, wrong method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    message = {
        404: "no such page; the address is wrong or the page has gone",
        405: "this address cannot be used that way; go back and use the page's buttons",
    }.get(status, HTTPStatus(status).phrase)
    if request.url.path.startswith("/api/"):
        response = problem(status, message)
    else:
        response = answer_message(request, message, status)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


def _page_before(request: Request) -> str:
    """Path of the page whose form was refused, or of the newsroom: never another site's."""
    before = urlsplit(request.headers.get("referer", ""))
    is_own = request.method == "POST" and before.netloc == request.headers.get("host")
    return f"{before.path}?{before.query}".removesuffix("?") if is_own else "/"


def _ask_to_sign_in(request: Request, error: BulletinError, typed: Sequence[str]) -> Response:
    """A page leads to the sign-in and back; htmx and forms get a message, so that no text is lost."""
    is_page = request.method in ("GET", "HEAD")
    if is_page and request.headers.get("hx-request") != "true":
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?then={quote(path)}", 303)
    return answer_message(request, str(error), 401, typed=typed)
