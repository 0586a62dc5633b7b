"""Errors -> problem details (RFC 9457) as application/problem+json."""

from __future__ import annotations

import logging

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from bulletin.errors import BulletinError, NewsroomError
from bulletin.model import EditConflictError
from bulletin.newsroom_web.api.models.base import TheirEdit
from bulletin.newsroom_web.http.problem_json import problem
from bulletin.newsroom_web.http.web_errors import status_of
from bulletin.runtime.redact_secrets import hide

log = logging.getLogger(__name__)

_FAULT = (
    "the newsroom made a mistake here, and nothing more is known to you; the service's log has the details"
)
_MOST_ERRORS = 20


def answer_problem(request: Request, error: Exception, *, yours: str = "") -> Response:
    """The answer to a request that failed; `yours` is the text that was sent, for a conflict."""
    if isinstance(error, EditConflictError):
        theirs = TheirEdit.model_validate(error.theirs).model_dump(mode="json")
        more = {"type": "urn:bulletin:edit-conflict", "theirs": theirs, "yours": yours}
        return problem(409, str(error), more=more)
    if isinstance(error, BulletinError):
        headers: dict[str, str] = {}
        if retry_after_s := getattr(error, "retry_after_s", None):
            headers["Retry-After"] = str(round(retry_after_s))
        # a rule of the newsroom against a request whose fields are right: "07:45 is no slot"
        status = 409 if type(error) is NewsroomError else status_of(error)
        if status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="newsroom"'
        return problem(status, hide(str(error)), headers=headers)
    log.error("newsroom: %s %s failed", request.method, request.url.path, exc_info=error)
    return problem(500, _FAULT)


def answer_invalid(error: ValidationError, *, place: str) -> Response:
    """Fields that do not fit: each with a pointer to it. `place` is "body" or "query"."""
    found = error.errors(include_url=False, include_input=False, include_context=False)[:_MOST_ERRORS]
    prefix = "" if place == "body" else f"{place}"
    errors = [
        {"pointer": f"{prefix}/{'/'.join(map(_escape, item['loc']))}", "detail": item["msg"]}
        for item in found
    ]
    detail = "; ".join(f"{item['pointer'].strip('/') or place}: {item['detail']}" for item in errors[:3])
    return problem(422, f"the {place} does not fit this operation: {detail}", more={"errors": errors})


def _escape(part: str | int) -> str:
    """A part of a JSON pointer (RFC 6901)."""
    return str(part).replace("~", "~0").replace("/", "~1")
