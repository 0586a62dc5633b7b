"""Routes with a role: who is signed in, may they, is the form genuine; then the page's function, in a thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bulletin.archive.ledgers.newsroom_users import SessionKind
from bulletin.errors import BulletinError
from bulletin.newsroom.accounts.roles import Access, Role
from bulletin.newsroom_web.http.answer_errors import answer_error
from bulletin.newsroom_web.http.read_form import Form, reading_form
from bulletin.newsroom_web.http.refuse_forged_requests import FIELD, HEADER, check_form_token, check_origin
from bulletin.newsroom_web.http.session_cookies import session_token
from bulletin.newsroom_web.http.visit import Newsroom, Visit
from bulletin.newsroom_web.http.web_errors import NotSignedInError
from bulletin.service.newsroom_requests.newsroom_presence import note_open

_TYPED = ("text", "words", "before", "after", "title", "entry", "speaker", "rights", "note")
"""Fields for prose; those of the words of a story have a number: text-0, text-1."""
Show = Callable[[Visit], Response]


class RowNumber(Convertor[int]):
    """A number of a row in a path, such as "log/{number:row}"; a larger one is no page."""

    regex = "[0-9]{1,16}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("row", RowNumber())


def station_page(path: str, show: Show, *, role: Role = Role.VIEWER) -> Route:
    """GET /{station}/<path>; `path` may have parameters, "story/{story}", which are in `request.path_params`."""
    return Route(f"/{{station}}/{path}", _page(show, role), methods=["GET"])


def station_form(
    path: str, act: Show, *, role: Role = Role.EDITOR, files: bool = False, changes: bool = True
) -> Route:
    """
    POST /{station}/<path>, a change; it is written into the audit under `path` when it succeeds.

    `files` allows uploads, within FormLimits; a form without `changes` only asks, and is not in the audit.
    """
    return Route(f"/{{station}}/{path}", _form(path, act, role, files, changes), methods=["POST"])


def user_page(path: str, show: Show) -> Route:
    """GET <path>, a page of no station, for everybody who is signed in."""
    return Route(path, _page(show, None), methods=["GET"])


def user_form(path: str, act: Show) -> Route:
    """POST <path>, a change that a user makes for himself."""
    return Route(path, _form(path.strip("/"), act, None, False, True), methods=["POST"])


def find_access(newsroom: Newsroom, token: str) -> Access:
    """The user of a session. Raises NotSignedInError."""
    access = newsroom.sign_in.access(token, SessionKind.BROWSER)
    if access is None:
        raise NotSignedInError(
            "you are not signed in, or your session has ended; sign in in another tab, then repeat this"
        )
    return access


def _page(show: Show, role: Role | None) -> Callable[[Request], object]:
    def answer(request: Request) -> Response:
        try:
            return show(_visit(request, role))
        except Exception as error:  # noqa: BLE001 - every fault of a page gives an answer
            return answer_error(request, error)

    answer.role = role  # type: ignore[attr-defined]  # for the tests of all routes
    return answer  # not async: Starlette runs it in a thread


def _form(
    action: str, act: Show, role: Role | None, files: bool, changes: bool
) -> Callable[[Request], object]:
    async def answer(request: Request) -> Response:
        typed: dict[str, str] = {}
        try:
            check_origin(request)
            visit = await run_in_threadpool(_visit, request, role)
            form = reading_form(
                request,
                folder=visit.newsroom.uploads,
                check=_token_check(request, visit.token, typed),
                limits=visit.newsroom.limits,
                with_files=files,
            )
            async with form as fields:
                return await run_in_threadpool(_act, act, action if changes else "", visit, fields)
        except Exception as error:  # noqa: BLE001 - every fault of a form gives an answer
            if isinstance(error, NotSignedInError):
                await _read_typed(request, typed)
            return answer_error(request, error, typed=typed_texts(typed))

    answer.role = role  # type: ignore[attr-defined]  # for the tests of all routes
    return answer


def _visit(request: Request, role: Role | None) -> Visit:
    newsroom: Newsroom = request.app.state.newsroom
    token = session_token(request)
    access = find_access(newsroom, token)
    loaded = newsroom.station(access, request.path_params["station"], role) if role else None
    if loaded:
        note_open(newsroom.output, loaded.id, now=newsroom.now())
    return Visit(request=request, newsroom=newsroom, access=access, token=token, loaded=loaded)


def _act(act: Show, action: str, visit: Visit, fields: Form) -> Response:
    whole = Visit(
        request=visit.request,
        newsroom=visit.newsroom,
        access=visit.access,
        token=visit.token,
        loaded=visit.loaded,
        form=fields.with_key(visit.access.user, visit.request.url.path),
    )
    last = visit.newsroom.audit.last_id()
    response = act(whole)
    if action and response.status_code < 400:
        whole.record(action, after=last)
    return response


def _token_check(
    request: Request, session: str, typed: dict[str, str]
) -> Callable[[Mapping[str, str]], None]:
    """Check of the fields before the first file, which are kept in `typed`."""
    header = request.headers.get(HEADER, "")

    def check(fields: Mapping[str, str]) -> None:
        typed.update(fields)
        check_form_token(header or fields.get(FIELD, ""), session)

    return check


def typed_texts(fields: Mapping[str, str]) -> tuple[str, ...]:
    """What a person wrote in a form: texts of several words; of the words of a story those that were changed."""
    return tuple(
        value
        for name, value in fields.items()
        if name.partition("-")[0] in _TYPED
        and " " in value.strip()
        and value.strip() != fields.get(f"was-{name.partition('-')[2]}", "").strip()
    )


async def _read_typed(request: Request, typed: dict[str, str]) -> None:
    """What stands in a form of nobody who is signed in: it is only shown again."""
    newsroom: Newsroom = request.app.state.newsroom
    with suppress(BulletinError):
        form = reading_form(request, folder=newsroom.uploads, check=typed.update, limits=newsroom.limits)
        async with form:
            return
