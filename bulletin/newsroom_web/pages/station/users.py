"""Users of the station: who they are, their roles, new ones, and sign-out of everybody who should be out."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.newsroom.accounts.manage_station_users import StationUsers
from bulletin.newsroom.accounts.manage_users import Accounts
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom_web.http.render_page import page, redirect
from bulletin.newsroom_web.http.station_routes import station_form, station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import BadFieldError
from bulletin.newsroom_web.pages.station.overview import parts_for

_PAGE = "station/users"


def _show(visit: Visit) -> Response:
    return page(
        visit, "station/users.html", parts=parts_for(visit), users=_users(visit).list(), roles=tuple(Role)
    )


def _add(visit: Visit) -> Response:
    password, again = visit.form.text("password"), visit.form.text("again")
    if password != again:
        raise BadFieldError("the password was written in two ways, so nobody was added")
    role = _role(visit)
    user = _users(visit).add(visit.form.text("name"), password, role)
    return redirect(visit, _PAGE, said=f"{user.name} is now {role} here. Give the password to nobody else.")


def _set_role(visit: Visit) -> Response:
    name, role = visit.form.text("name"), _role(visit)
    _users(visit).set_role(name, role)
    return redirect(visit, _PAGE, said=f"{name} is now {role} here.")


def _remove(visit: Visit) -> Response:
    name = visit.form.text("name")
    _users(visit).set_role(name, None)
    return redirect(visit, _PAGE, said=f"{name} has no role here any more, and is signed out.")


def _sign_out(visit: Visit) -> Response:
    name = visit.form.text("name")
    count = _users(visit).sign_out(name)
    return redirect(
        visit, _PAGE, said=f"{name} is signed out everywhere: {count} browsers and API tokens ended."
    )


def _role(visit: Visit) -> Role:
    given = visit.form.text("role")
    if given not in tuple(Role):
        raise BadFieldError(f'"{given[:40]}" is not a role; choose viewer, editor or admin')
    return Role(given)


def _users(visit: Visit) -> StationUsers:
    room = visit.newsroom
    accounts = Accounts(
        archive=room.archive, now=room.now, by=visit.access.user, address=visit.address, cost=room.cost
    )
    return StationUsers(accounts=accounts, access=visit.access, station=visit.station.id)


ROUTES: list[BaseRoute] = [
    station_page(_PAGE, _show, role=Role.ADMIN),
    station_form(f"{_PAGE}/add", _add, role=Role.ADMIN),
    station_form(f"{_PAGE}/role", _set_role, role=Role.ADMIN),
    station_form(f"{_PAGE}/remove", _remove, role=Role.ADMIN),
    station_form(f"{_PAGE}/sign-out", _sign_out, role=Role.ADMIN),
]
