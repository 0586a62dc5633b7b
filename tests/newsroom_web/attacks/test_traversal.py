"""Attacks: paths that lead out of a folder, and names that are markup."""

from __future__ import annotations

import http.client

import pytest

from bulletin.newsroom.accounts.roles import Role
from tests.support.newsroom_server import PASSWORD, ServedNewsroom

MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../newsroom_app.py",
        "/assets/..%2fnewsroom_app.py",
        "/assets/%2e%2e/%2e%2e/pyproject.toml",
        "/assets/..%5c..%5cpyproject.toml",
        "/assets//etc/passwd",
        "/assets/%00",
        "/assets/__init__.py",
        "/../../etc/passwd",
        "/%2e%2e/colours.css",
    ],
)
def test_no_path_leads_out_of_the_folders(newsroom: ServedNewsroom, path: str) -> None:
    host, port = newsroom.address.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    connection.request("GET", path, headers={"Cookie": f"bulletin={newsroom.browser('ada').session}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 404
    assert b"root:" not in body
    assert b"import" not in body


def test_markup_in_an_address_stays_text(newsroom: ServedNewsroom) -> None:
    browser = newsroom.browser("eddie")
    for path in (f"/{MARKUP}/next", f"/sign-in?then={MARKUP}", f"/demo/no/such/{MARKUP}"):
        assert "<script>alert" not in browser.get(path).text
        assert "<img src=x" not in browser.get(path).text
    again = newsroom.browser().sign_in(MARKUP)
    assert "<script>alert" not in again.text
    assert "&lt;script&gt;" in again.text  # the name that was typed is kept, escaped


def test_markup_in_names_labels_and_agents_stays_text(newsroom: ServedNewsroom) -> None:
    newsroom.accounts.add("martha", PASSWORD, {"demo": Role.ADMIN})
    newsroom.accounts.add_token("martha", MARKUP)
    browser = newsroom.browser()
    browser.client.headers["User-Agent"] = MARKUP
    browser.sign_in("martha")
    page = browser.get("/account").text
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;") >= 2


def test_markup_in_a_planted_message_stays_text(newsroom: ServedNewsroom) -> None:
    browser = newsroom.browser("eddie")
    browser.client.cookies.set("bulletin-said", "%5B%22%3Cscript%3Ealert(1)%3C/script%3E%22%5D")
    page = browser.get("/account").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
