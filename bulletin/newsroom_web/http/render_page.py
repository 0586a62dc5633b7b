"""Templates -> answers. Autoescape is on for every template: no text becomes markup."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, unquote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bulletin.newsroom_web.http.refuse_forged_requests import FIELD, HEADER
from bulletin.newsroom_web.http.serve_assets import asset_address
from bulletin.newsroom_web.http.session_cookies import forget_said, said_cookie, set_said
from bulletin.newsroom_web.http.visit import Visit
from bulletin.service.http.file_response import file_response

_SAID_CHARS, _SAID_BYTES = 1_500, 3_000
"""A browser drops a cookie of more than 4 kB."""
_SOUND = ("audio/wav", "audio/mpeg", "audio/flac", "audio/ogg")
_PICTURES = ("image/png", "image/jpeg", "image/webp")


def page(visit: Visit, template: str, *, status: int = 200, **data: Any) -> Response:
    """A page, or a part of one for htmx; `data` are the template's fields, a missing one is an error."""
    said = (*_read_flash(visit.request), *visit.said)
    own = {
        "visit": visit,
        "access": visit.access,
        "station": visit.loaded,
        "stations": visit.newsroom.of_access(visit.access),
        "said": said,
        "csrf": visit.csrf,
        "csrf_field": lambda: Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, visit.csrf),
        "htmx_headers": json.dumps({HEADER: visit.csrf}),
        "at": visit.at,
        "may": visit.may,
    }
    response = HTMLResponse(render(template, **own, **data), status)
    if visit.is_htmx and said:
        response.headers["X-Said"] = quote(" ".join(said)[:_SAID_CHARS], errors="replace")
    if said_cookie(visit.request):
        forget_said(visit.request, response)
    return response


def redirect(visit: Visit, path: str, *, said: str = "") -> Response:
    """
    Go on to a page of the station ("next") or of the newsroom ("/account"), after a change.

    `said` is shown there, on the status line, and goes into the audit.
    """
    if said:
        visit.say(said)
    response = RedirectResponse(path if path.startswith("/") else visit.at(path), 303)
    if visit.said:
        set_said(visit.request, response, _flash(visit.said))
    return response


def plain_page(template: str, *, status: int = 200, **data: Any) -> Response:
    """A page for somebody who is not signed in."""
    return HTMLResponse(render(template, **data), status)


def render(template: str, **data: Any) -> str:
    text = _environment().get_template(template).render(asset=asset_address, **data)
    # a feed may have half a surrogate pair, which has no bytes
    return text.encode("utf-8", "replace").decode("utf-8")


def private_file(visit: Visit, path: Path, media_type: str) -> Response:
    """
    A sound or picture that this program made, with ranges; browsers must neither guess its type nor store it.

    Raises ValueError for a type that a browser would run, such as HTML or SVG, and OSError.
    """
    if media_type not in (*_SOUND, *_PICTURES):
        raise ValueError(f"{media_type} is not served")
    file: BinaryIO = path.open("rb")
    headers: Mapping[str, str] = {
        "Content-Type": media_type,
        "Content-Disposition": "inline",
        "Cache-Control": "private, no-cache",
    }
    response = file_response(visit.request, file, headers)
    for name in [name for name in response.headers if name.startswith("access-control-")]:
        del response.headers[name]  # those of public files
    return response


def compile_templates() -> None:
    """Compile every template now: a third of a second of processor, which the first requests would share."""
    for name in _environment().list_templates():
        _environment().get_template(name)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bulletin.newsroom_web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.filters |= {"minutes": _minutes, "paragraphs": _paragraphs}
    return environment


def _minutes(seconds: float) -> str:
    """ "2:03"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _paragraphs(text: str) -> Markup:
    """Lines of a text as paragraphs."""
    return Markup("").join(Markup("<p>{}</p>").format(escape(line)) for line in text.splitlines() if line)


def _flash(texts: Sequence[str]) -> str:
    """Texts for the next page, cut so that a browser keeps them."""
    whole = " ".join(texts)[:_SAID_CHARS]
    while len(said := quote(json.dumps([whole], ensure_ascii=False), errors="replace")) > _SAID_BYTES:
        whole = whole[: len(whole) * 9 // 10]
    return said


def _read_flash(request: Request) -> tuple[str, ...]:
    """Texts that the page before left."""
    try:
        texts = from_json(unquote(said_cookie(request) or "[]"))  # with a limit of depth
    except ValueError:
        return ()
    return tuple(text for text in texts if isinstance(text, str)) if isinstance(texts, list) else ()
