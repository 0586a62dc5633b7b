"""Attacks: one role doing another's work, one station's user at another station, fields that a form does not have."""

from __future__ import annotations

import re

import pytest
from starlette.routing import Route

from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.accounts.sign_in import TRIES_PER_USER
from tests.support.newsroom_server import PASSWORD, ServedNewsroom


def _station_routes(newsroom: ServedNewsroom) -> list[tuple[str, str, Role]]:
    """Method, path and needed role of every route of a station."""
    routes = [route for route in newsroom.app.routes if isinstance(route, Route)]
    found = []
    for route in routes:
        role = getattr(route.endpoint, "role", None)
        if role is not None:
            path = route.path.replace("{station}", "demo")
            for name in route.param_convertors:
                path = re.sub(rf"\{{{name}(:\w+)?\}}", "1", path)
            found += [(method, path, role) for method in (route.methods or ()) if method != "HEAD"]
    return found


@pytest.mark.parametrize(
    ("user", "own"), [("vera", Role.VIEWER), ("eddie", Role.EDITOR), ("olga", None), ("", None)]
)
def test_no_route_does_what_the_role_may_not(newsroom: ServedNewsroom, user: str, own: Role | None) -> None:
    browser = newsroom.browser(user)
    csrf = browser.csrf() if user else ""
    refused = {"": (303, 401), "olga": (404,)}.get(user, (403,))
    routes = _station_routes(newsroom)
    assert len(routes) >= 2
    wrong = []
    for method, path, needed in routes:
        if own and own.may(needed):
            continue
        answer = browser.client.request(method, path, headers={"X-CSRF-Token": csrf})
        if answer.status_code not in refused:
            wrong.append((method, path, needed, answer.status_code))
    assert wrong == []


def test_every_station_route_needs_a_role(newsroom: ServedNewsroom) -> None:
    """A new page cannot forget to ask for one; the events ask for a viewer themselves."""
    of_station = {
        route.path
        for route in newsroom.app.routes
        if isinstance(route, Route) and route.path.startswith("/{station}")
    }
    with_role = {path.replace("/demo", "/{station}", 1) for _, path, _ in _station_routes(newsroom)}
    stranger = newsroom.browser("olga")
    assert stranger.get("/demo/events").status_code == 404
    assert newsroom.browser().get("/demo/events").status_code == 303
    assert len(of_station) == len(with_role) + 1


def test_a_form_changes_only_its_own_fields(newsroom: ServedNewsroom) -> None:
    """Mass assignment: roles and names beside the fields of the password form."""
    newsroom.accounts.add("mallory", PASSWORD, {"demo": Role.VIEWER})
    browser = newsroom.browser("mallory")
    extra = {"roles": '{"*": "admin"}', "role": "admin", "name": "ada", "user": "ada", "username": "ada"}
    new = "quite another harbour"
    fields = {"old": PASSWORD, "new": new, "again": new, **extra}
    assert browser.post("/account/password", fields).status_code == 303
    users = newsroom.accounts.users
    assert users.find("mallory").roles == {"demo": "viewer"}  # type: ignore[union-attr]
    assert newsroom.browser("ada").get("/account").status_code == 200  # her password is as it was


@pytest.mark.slow
def test_a_password_is_changed_only_by_who_knows_it(newsroom: ServedNewsroom) -> None:
    browser = newsroom.browser("vera")
    new = "quite another harbour"
    fields = {"old": "guess", "new": new, "again": new}
    codes = [browser.post("/account/password", fields).status_code for _ in range(21)]
    assert codes == [422] * TRIES_PER_USER + [429] * (
        21 - TRIES_PER_USER
    )  # a stolen session cannot try passwords for ever
    newsroom.clock.move(minutes=16)
    assert newsroom.browser("vera").get("/account").status_code == 200
