"""Problem details (RFC 9457): an error for programs, as application/problem+json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import Response


def problem(
    status: int,
    detail: str,
    *,
    more: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer with these details; `more` are further members."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    text = json.dumps(body | dict(more or {}), ensure_ascii=False)
    return Response(text, status, headers=dict(headers or {}), media_type="application/problem+json")
