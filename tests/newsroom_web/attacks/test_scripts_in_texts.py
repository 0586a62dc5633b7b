"""Attacks: scripts in feeds, in own stories, in editors' words and in recordings (XSS), on every page there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from starlette.routing import Route

from bulletin.newsroom.actions.own_stories import OwnStory, add_own_story
from bulletin.newsroom.actions.reword_sentences import reword_sentence
from bulletin.newsroom.desk import Desk
from bulletin.station.open_archive import open_archive
from tests.support.factories import NOW
from tests.support.newsroom_desk import HOUR, NEWS, add_news, prepare, write_profile
from tests.support.newsroom_server import ServedNewsroom, SteppedClock, served

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
TEMPLATE = "{{ 70001 * 70001 }}"
RESULT = "4900140001"
MARK = "alert(1)"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedNewsroom]:
    """A station whose feeds, stories, words and names are attacks."""
    folder = tmp_path_factory.mktemp("hostile")
    loaded, output = write_profile(folder, f"slogan = '{SCRIPT}'"), folder / "out"
    news = [
        (
            f"{name}{IMAGE}",
            f"{title} {SCRIPT}",
            f"{text} The man is called {SCRIPT} Zbigniew {IMAGE} {TEMPLATE}.",
        )
        for name, title, text in NEWS
    ]
    with open_archive(output) as archive:
        add_news(archive, news)
        prepare(loaded, output)
        clock = SteppedClock(NOW + HOUR / 2)
        desk = Desk(loaded=loaded, output=output, archive=archive, editor=f"eve{IMAGE}", now=clock)
        reword_sentence(
            desk, story="1", sentence="1", text=f"The bridge is shut {SCRIPT} {IMAGE} {TEMPLATE}."
        )
        add_own_story(desk, OwnStory(title=f"Fair {SCRIPT}", text=f"The fair opens {IMAGE} on Saturday."))
        desk.audit(SCRIPT, IMAGE)
        with served([loaded], output, archive, clock) as newsroom:
            yield newsroom


def _pages(newsroom: ServedNewsroom) -> list[str]:
    """Address of every page of the station that needs no other name."""
    paths = [
        route.path.replace("{station}", "hill")
        for route in newsroom.app.routes
        if isinstance(route, Route) and "GET" in (route.methods or ()) and hasattr(route.endpoint, "role")
    ]
    return [path for path in paths if "{" not in path]


def _faults(page: str) -> Iterator[str]:
    """Markup that a template of ours never writes."""
    for node in html.document_fromstring(page).iter():
        if not isinstance(node.tag, str):
            continue
        if node.tag == "script" and not str(node.get("src", "")).startswith("/assets/"):
            yield html.tostring(node)[:80].decode()
        if node.tag == "img" and MARK in str(node.attrib):
            yield html.tostring(node)[:80].decode()
        for name, value in node.attrib.items():
            if str(name).startswith("on") or str(value).strip().lower().startswith("javascript:"):
                yield f"{node.tag} {name}={value[:60]}"


@pytest.mark.slow
def test_no_text_becomes_markup_on_any_page(hostile: ServedNewsroom) -> None:
    browser = hostile.browser("ada")
    paths = _pages(hostile)
    assert {"/hill/", "/hill/next", "/hill/read", "/hill/log", "/hill/audit"} <= {*paths}
    wrong, with_attack = {}, []
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code < 500, f"{path}: {answer.text[:500]}"
        if answer.headers.get("content-type", "").startswith("text/html"):
            with_attack += [path] if MARK in answer.text else []
            if faults := [*_faults(answer.text)]:
                wrong[path] = faults
            assert RESULT not in answer.text
    assert wrong == {}
    assert {"/hill/next", "/hill/audit"} <= {*with_attack}, "the attacks must reach the pages"


def test_no_asset_or_answer_of_a_program_can_be_run_as_a_page(hostile: ServedNewsroom) -> None:
    answer = hostile.program("ada").get("/stations/hill/next")
    assert MARK in answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_search_for_markup_shows_it_as_text(hostile: ServedNewsroom, tmp_path: Path) -> None:
    page = hostile.browser("vera").get("/hill/log", params={"words": f"{SCRIPT}{IMAGE}"}).text
    assert MARK in page
    assert [*_faults(page)] == []
