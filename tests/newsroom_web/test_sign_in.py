"""Sign-in, sessions and roles, over real HTTP."""

from __future__ import annotations

from dataclasses import replace

from bulletin.newsroom_web.newsroom_app import without_reserved
from tests.support.newsroom_server import PASSWORD, ServedNewsroom


def test_a_user_signs_in_and_sees_the_own_station_only(newsroom: ServedNewsroom) -> None:
    browser = newsroom.browser("eddie")
    assert browser.get("/").headers["location"] == "/demo/"
    other = browser.get("/other/colours.css")
    unknown = browser.get("/nowhere/colours.css")
    assert (other.status_code, unknown.status_code) == (404, 404)
    assert other.text.replace("other", "") == unknown.text.replace("nowhere", "")


def test_a_page_leads_to_the_sign_in_and_back(newsroom: ServedNewsroom) -> None:
    browser = newsroom.browser()
    answer = browser.get("/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?then=/account")
    page = browser.get(answer.headers["location"])
    fields = {
        "name": "eddie",
        "password": PASSWORD,
        "csrf": page.text.split('name="csrf" value="')[1].split('"')[0],
    }
    assert (
        browser.client.post("/sign-in", data=fields | {"then": "/account"}).headers["location"] == "/account"
    )


def test_the_sign_in_leads_to_no_other_site(newsroom: ServedNewsroom) -> None:
    for then in (
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\t/evil",
    ):
        browser = newsroom.browser()
        page = browser.get("/sign-in").text
        token = page.split('name="csrf" value="')[1].split('"')[0]
        fields = {"name": "eddie", "password": PASSWORD, "csrf": token, "then": then}
        assert browser.client.post("/sign-in", data=fields).headers["location"] == "/"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(newsroom: ServedNewsroom) -> None:
    answer = newsroom.browser().sign_in("eddie")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_signing_out_everywhere_ends_every_browser(newsroom: ServedNewsroom) -> None:
    first, second = newsroom.browser("vera"), newsroom.browser("vera")
    assert first.post("/account/sign-out-everywhere").status_code == 303
    assert first.get("/account").status_code == 303
    assert second.get("/account").headers["location"].startswith("/sign-in")


def test_every_answer_has_the_security_headers(newsroom: ServedNewsroom) -> None:
    for path in ("/sign-in", "/no/such/page", "/assets/styles/newsroom.css", "/assets/../newsroom.css"):
        headers = newsroom.browser().get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_behind_tls_the_cookie_belongs_to_this_host_alone(newsroom: ServedNewsroom) -> None:
    browser = newsroom.browser()
    browser.client.headers["X-Forwarded-Proto"] = "https"
    page = browser.get("/sign-in")
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    form = page.headers["set-cookie"]
    assert form.startswith("__Host-bulletin-form=")
    token = page.text.split('name="csrf" value="')[1].split('"')[0]
    cookie = form.partition(";")[0]
    fields = {"name": "eddie", "password": PASSWORD, "csrf": token}
    answer = browser.client.post("/sign-in", data=fields, headers={"Cookie": cookie})
    session = answer.headers["set-cookie"]
    assert session.startswith("__Host-bulletin=")
    assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in session.split(";")}
    assert "Domain" not in session
    plain = session.partition(";")[0].replace("__Host-", "")
    assert browser.get("/account", headers={"Cookie": plain}).status_code == 303  # only the bound name counts


def test_a_station_with_the_name_of_an_address_of_ours_is_left_out(newsroom: ServedNewsroom) -> None:
    demo = newsroom.stations[0]
    assert [loaded.id for loaded in without_reserved([demo, replace(demo, id="api")])] == ["demo"]
