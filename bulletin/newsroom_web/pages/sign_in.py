"""Sign in, sign out, and the list of stations."""

from __future__ import annotations

import hmac

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bulletin.errors import BulletinError
from bulletin.newsroom.accounts.passwords import new_token
from bulletin.newsroom.accounts.sign_in import LONGEST
from bulletin.newsroom_web.http.answer_errors import answer_error
from bulletin.newsroom_web.http.read_form import reading_form
from bulletin.newsroom_web.http.refuse_forged_requests import FIELD, check_origin
from bulletin.newsroom_web.http.render_page import page, plain_page
from bulletin.newsroom_web.http.session_cookies import (
    forget_session,
    form_cookie,
    session_token,
    set_form_cookie,
    set_session,
)
from bulletin.newsroom_web.http.station_routes import user_form, user_page
from bulletin.newsroom_web.http.visit import Newsroom, Visit, client_address
from bulletin.newsroom_web.http.web_errors import NotAllowedError, status_of

_AGENT_CHARS = 120
_BROWSERS = (
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox")),
    *(("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")),
)
_SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows")),
    *(("Mac OS X", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)
"""Sign in a User-Agent -> name; the first that fits, since Edge says Chrome and Chrome says Safari."""


def _show(request: Request) -> Response:
    return _sign_in_page(request)


async def _sign_in(request: Request) -> Response:
    newsroom: Newsroom = request.app.state.newsroom
    name = then = ""
    try:
        check_origin(request)
        reading = reading_form(request, folder=newsroom.uploads, check=lambda _: None, limits=newsroom.limits)
        async with reading as form:
            name, then = form.text("name", ""), form.text("then", "")
            password, token = form.text("password", ""), form.text(FIELD, "")
        if not token or not hmac.compare_digest(token.encode(), form_cookie(request).encode()):
            raise NotAllowedError(
                "the page was open for too long, or the browser keeps no cookies; sign in again"
            )
        session = await run_in_threadpool(
            newsroom.begin_session,
            name,
            password,
            address=client_address(request),
            label=describe_browser(request.headers.get("user-agent", "")),
        )
    except BulletinError as error:
        return _sign_in_page(request, error=error, name=name, then=then)
    except Exception as error:  # noqa: BLE001 - every fault gives an answer
        return answer_error(request, error)
    await run_in_threadpool(newsroom.sign_in.end, session_token(request))  # the session before, if any
    response = RedirectResponse(_own_path(then), 303)
    set_session(request, response, session, longest_s=round(LONGEST.total_seconds()))
    return response


def describe_browser(agent: str) -> str:
    """
    A User-Agent in words, so that a user knows the own browsers: "Firefox, Android".

    >>> describe_browser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox, Linux'
    >>> describe_browser("curl/8.5.0")
    'curl/8.5.0'
    """
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return ", ".join(filter(None, (browser, system))) or agent[:_AGENT_CHARS] or "unknown browser"


def _sign_in_page(
    request: Request, *, error: BulletinError | None = None, name: str = "", then: str = ""
) -> Response:
    token = new_token()
    then = then or request.query_params.get("then", "")
    response = plain_page(
        "sign_in.html",
        status=status_of(error) if error else 200,
        error=str(error) if error else "",
        name=name[:64],
        then=then[:500],
        csrf_name=FIELD,
        csrf=token,
    )
    set_form_cookie(request, response, token)
    if retry_after_s := getattr(error, "retry_after_s", None):
        response.headers["Retry-After"] = str(round(retry_after_s))
    return response


def _own_path(then: str) -> str:
    """The path to go to after the sign-in: never another site's address."""
    is_own = then.startswith("/") and not then.startswith("//") and "\\" not in then
    return then if is_own and then.isprintable() else "/"


def _sign_out(visit: Visit) -> Response:
    visit.newsroom.sign_in.end(visit.token)
    response = RedirectResponse("/sign-in", 303)
    forget_session(visit.request, response)
    return response


def _stations(visit: Visit) -> Response:
    """The only station at once, else a list."""
    own = visit.newsroom.of_access(visit.access)
    if len(own) == 1:
        return RedirectResponse(f"/{own[0].id}/", 303)
    return page(visit, "stations.html")


ROUTES: list[BaseRoute] = [
    Route("/sign-in", _show, methods=["GET"]),
    Route("/sign-in", _sign_in, methods=["POST"]),
    user_form("/sign-out", _sign_out),
    user_page("/", _stations),
]
