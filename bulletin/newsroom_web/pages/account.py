"""A user's own account: password, browsers that are signed in, API tokens; for admins the audit of a station."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from bulletin.newsroom.accounts.manage_users import Accounts
from bulletin.newsroom.accounts.passwords import token_sha256
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.accounts.sign_in import SignInRefusedError
from bulletin.newsroom_web.http.render_page import page
from bulletin.newsroom_web.http.session_cookies import forget_session
from bulletin.newsroom_web.http.station_routes import station_page, user_form, user_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import BadFieldError

_AUDIT_LINES = 200


def _show(visit: Visit) -> Response:
    users = visit.newsroom.sign_in.users
    return page(
        visit, "account.html", sessions=users.sessions(visit.access.user), own=token_sha256(visit.token)
    )


def _change_password(visit: Visit) -> Response:
    """A new password ends every session and API token, so that a thief is out; then the user signs in again."""
    old, new, again = (visit.form.text(name) for name in ("old", "new", "again"))
    name = visit.access.user
    try:
        visit.newsroom.confirm_password(name, old, address=visit.address)
    except SignInRefusedError as error:
        raise BadFieldError("the present password is wrong, so nothing was changed") from error
    if new != again:
        raise BadFieldError("the new password was written in two ways, so nothing was changed")
    _accounts(visit).set_password(name, new)
    return _leave(visit)


def _sign_out_everywhere(visit: Visit) -> Response:
    visit.newsroom.sign_in.end_everywhere(visit.access.user, address=visit.address)
    return _leave(visit)


def _leave(visit: Visit) -> Response:
    response = RedirectResponse("/sign-in", 303)
    forget_session(visit.request, response)
    return response


def _show_audit(visit: Visit) -> Response:
    entries = visit.newsroom.audit.changes(visit.station.id, limit=_AUDIT_LINES, with_general=False)
    return page(visit, "audit.html", entries=entries)


def _accounts(visit: Visit) -> Accounts:
    room = visit.newsroom
    return Accounts(
        archive=room.archive, now=room.now, by=visit.access.user, address=visit.address, cost=room.cost
    )


ROUTES: list[BaseRoute] = [
    user_page("/account", _show),
    user_form("/account/password", _change_password),
    user_form("/account/sign-out-everywhere", _sign_out_everywhere),
    station_page("audit", _show_audit, role=Role.ADMIN),
]
