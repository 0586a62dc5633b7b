"""Attacks: numbers, days, headers and cookies that no page of ours sends."""

from __future__ import annotations

import http.client
import re
from pathlib import Path

import pytest

from tests.support.newsroom_server import PASSWORD, ServedNewsroom, csrf_of, served_newsroom

LARGEST = 2**63


@pytest.mark.parametrize("number", [LARGEST, 10**15 - 1, 10**16 - 1, 10**17, "9" * 5000])
def test_a_number_that_no_row_has_is_no_page_and_no_damage(newsroom: ServedNewsroom, number: object) -> None:
    viewer, program = newsroom.browser("vera"), newsroom.program("vera")
    for path in (f"log/{number}", f"log/{number}/sound"):
        assert viewer.get(f"/demo/{path}").status_code == 404
    for path in (f"log/{number}", f"requests/{number}"):
        answer = program.get(f"/stations/demo/{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert list(newsroom.archive.path.parent.glob("*.corrupt-*")) == []


@pytest.mark.parametrize("query", ["first=0001-01-01", "last=9999-12-31", "last=0001-01-01&first=9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_are_searched(
    newsroom: ServedNewsroom, query: str
) -> None:
    for path in ("log", "log/as-run.csv"):
        assert newsroom.browser("vera").get(f"/demo/{path}?{query}").status_code == 200
    assert newsroom.program("vera").get(f"/stations/demo/log?{query}").status_code == 200


@pytest.mark.parametrize("origin", ["http://[", "null", ""])
def test_an_origin_that_cannot_be_read_is_another_site(newsroom: ServedNewsroom, origin: str) -> None:
    browser = newsroom.browser("eddie")
    assert browser.post("/demo/next/work", headers={"Origin": origin}).status_code == 403
    page = browser.get("/sign-in")
    fields = {"csrf": csrf_of(page.text), "name": "vera", "password": PASSWORD}
    answer = browser.client.post("/sign-in", data=fields, headers={"Origin": origin})
    assert (answer.status_code, "mistake" in answer.text) == (403, False)


@pytest.mark.parametrize("then", ["//[", "//\u2100.com", "/\\evil.example", "//evil.example", "/\tx", "x:y"])
def test_the_sign_in_leads_to_no_other_site(newsroom: ServedNewsroom, then: str) -> None:
    browser = newsroom.browser()
    fields = {
        "csrf": csrf_of(browser.get("/sign-in").text),
        "name": "vera",
        "password": PASSWORD,
        "then": then,
    }
    answer = browser.client.post("/sign-in", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("path", ["/demo", "/demo/next/", "//demo"])
def test_no_answer_leads_to_the_host_that_a_request_names(newsroom: ServedNewsroom, path: str) -> None:
    connection = http.client.HTTPConnection(newsroom.address.removeprefix("http://"), timeout=10)
    connection.request("GET", path, headers={"Host": "evil.example"})
    answer = connection.getresponse()
    assert "evil" not in answer.getheader("location", "") + answer.read().decode()
    connection.close()


def test_a_station_without_its_slash_is_found(newsroom: ServedNewsroom) -> None:
    answer = newsroom.browser("vera").get("/demo")
    assert (answer.status_code, answer.headers["location"]) == (307, "/demo/")


@pytest.mark.parametrize("said", ["[" * 20_000, "%5B" * 5_000, "1e999", "%5B%22%5Cud800%22%5D", "{}", "%ff"])
def test_a_planted_cookie_breaks_no_page(newsroom: ServedNewsroom, said: str) -> None:
    browser = newsroom.browser("vera")
    assert (
        browser.get(
            "/account", headers={"Cookie": f"bulletin={browser.session}; bulletin-said={said}"}
        ).status_code
        == 200
    )


def test_an_admin_does_not_learn_who_works_at_other_stations(newsroom: ServedNewsroom) -> None:
    admin = newsroom.browser("ada")
    answers = {
        admin.post("/demo/station/users/role", {"name": name, "role": "viewer"}).text.replace(name, "NAME")
        for name in ("olga", "olg", "nobody", "olga2")
    }
    assert len(answers) == 1
    assert "olga" not in next(iter(answers))


def test_a_profile_that_was_broken_meanwhile_loses_nothing_that_was_typed(tmp_path: Path) -> None:
    with served_newsroom(tmp_path) as served:
        admin, path = served.browser("ada"), served.stations[0].path
        version = re.search(r'name="version" value="(\w+)"', admin.get("/demo/station/profile/text").text)
        assert version
        path.write_text(f"{path.read_text('utf-8')}\n[audio\n", "utf-8")
        fields = {"text": 'name = "Typed Radio"', "version": version[1]}
        answer = admin.post("/demo/station/profile/text", fields)
    assert (answer.status_code, "Typed Radio" in answer.text) == (422, True)
    assert "not valid TOML" in answer.text
