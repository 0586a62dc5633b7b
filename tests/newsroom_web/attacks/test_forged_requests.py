"""Attacks: requests that another site forges (CSRF), and sessions that a stranger plants (fixation)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.support.newsroom_server import PASSWORD, Browser, ServedNewsroom, csrf_of

EVERYWHERE = "/account/sign-out-everywhere"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
    ids=["cross-site", "sister site", "foreign origin", "sandboxed frame"],
)
def test_a_form_of_another_site_changes_nothing(newsroom: ServedNewsroom, headers: Mapping[str, str]) -> None:
    browser = newsroom.browser("eddie")
    answer = browser.client.post(EVERYWHERE, data={"csrf": browser.csrf()}, headers=headers)
    assert answer.status_code == 403
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize("kind", ["none", "empty", "of another session", "of a sign-in page"])
def test_a_form_without_the_sessions_own_token_changes_nothing(newsroom: ServedNewsroom, kind: str) -> None:
    browser = newsroom.browser("eddie")
    fields = {
        "none": {},
        "empty": {"csrf": ""},
        "of another session": {"csrf": newsroom.browser("eddie").csrf()},
        "of a sign-in page": {"csrf": csrf_of(newsroom.browser().get("/sign-in").text)},
    }[kind]
    assert browser.client.post(EVERYWHERE, data=fields).status_code == 403
    assert browser.get("/account").status_code == 200


def test_a_body_that_a_form_of_another_site_may_send_as_text_is_refused(newsroom: ServedNewsroom) -> None:
    browser = newsroom.browser("eddie")
    body = f"csrf={browser.csrf()}"
    for kind in ("text/plain", "application/json"):
        answer = browser.client.post(EVERYWHERE, content=body, headers={"Content-Type": kind})
        assert answer.status_code in (400, 403)
    assert browser.get("/account").status_code == 200


def test_no_address_changes_anything_by_get(newsroom: ServedNewsroom) -> None:
    browser = newsroom.browser("eddie")
    for path in (EVERYWHERE, "/sign-out", "/account/password"):
        assert browser.get(path).status_code == 405
    assert browser.get("/account").status_code == 200


def test_another_site_cannot_sign_a_visitor_in_as_somebody_else(newsroom: ServedNewsroom) -> None:
    victim = newsroom.browser()
    token = csrf_of(newsroom.browser().get("/sign-in").text)  # the attacker's own
    fields = {"name": "eddie", "password": PASSWORD, "csrf": token}
    assert victim.client.post("/sign-in", data=fields).status_code == 403
    assert victim.session is None


def test_a_planted_session_is_not_the_one_that_the_sign_in_begins(newsroom: ServedNewsroom) -> None:
    planted = newsroom.browser("vera").session
    assert planted
    victim = newsroom.browser()
    victim.client.cookies.set("bulletin", planted, domain="127.0.0.1")
    assert victim.sign_in("eddie").status_code == 303
    attacker = Browser(newsroom.address)
    newsroom.closing.callback(attacker.client.close)
    attacker.client.cookies.set("bulletin", planted)
    assert attacker.get("/account").status_code == 303  # the planted session has ended, too
    invented = Browser(newsroom.address)
    newsroom.closing.callback(invented.client.close)
    invented.client.cookies.set("bulletin", "chosen-by-the-attacker")
    assert invented.get("/account").status_code == 303


def test_a_stranger_who_tries_passwords_is_stopped(newsroom: ServedNewsroom) -> None:
    stranger = newsroom.browser()
    codes = [stranger.sign_in("olga", f"guess number {number}").status_code for number in range(10)]
    assert codes == [401] * 8 + [429] * 2
    answer = stranger.sign_in("olga")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "900")
    newsroom.clock.move(minutes=16)
