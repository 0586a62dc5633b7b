"""Page "Own stories": one is added, listed and removed; what was typed is never lost."""

from __future__ import annotations

import pytest
from lxml import html

from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestLedger
from bulletin.model import EditAction
from bulletin.newsroom.actions.own_stories import list_own_stories
from bulletin.newsroom.desk import Desk
from tests.support.newsroom_server import ServedNewsroom

Hill = tuple[ServedNewsroom, Desk]
STORY = {
    "title": "Fete raises record sum",
    "text": "The fete raised nine thousand pounds.",
    "hours": "6",
    "category": "local",
}
HOSTILE = '"><script>alert(1)</script>'


def test_a_story_is_added_with_a_record_and_a_preview_and_is_removed(hill: Hill) -> None:
    served, desk = hill
    browser = served.browser("ann")
    before = {story.id for story in list_own_stories(desk)}
    link = html.fromstring(browser.get("/hill/next").text).xpath('//a[contains(., "Write a story")]/@href')[0]
    answer = browser.post(link, STORY | {"not_before": "2026-11-24T18:00", "breaking": "yes"})
    (story,) = (each for each in list_own_stories(desk) if each.id not in before)
    listed = browser.get(link).text

    assert (answer.status_code, answer.headers["location"]) == (303, "/hill/next/stories?added")
    assert (story.title, story.is_breaking, f"{story.not_before:%H:%M}") == (STORY["title"], True, "18:00")
    assert (story.expires - story.not_before).total_seconds() == 6 * 3600  # type: ignore[operator]
    assert desk.edits.history("hill", limit=1)[0].action is EditAction.OWN_STORY
    assert RequestLedger(desk.archive).rows("hill", limit=1)[0].kind is RequestKind.PREVIEW
    assert "not before 24 November, 18:00" in listed

    browser.post(f"{link}/remove", {"story": story.id})
    assert story.id not in {each.id for each in list_own_stories(desk)}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"text": "  "}, "a story needs a title and a text"),
        ({"hours": "900"}, "0.1 to 336 hours"),
        ({"hours": "soon"}, "is no number of hours"),
        ({"category": "gossip"}, "is no kind of story"),
        ({"link": "javascript:alert(1)"}, "is no web address"),
        ({"not_before": "tomorrow"}, "is no day and time"),
        ({"not_before": "2020-01-01T10:00"}, "has passed"),
    ],
)
def test_a_refused_story_keeps_what_was_typed(hill: Hill, wrong: dict[str, str], reason: str) -> None:
    served, desk = hill
    before = list_own_stories(desk)
    answer = served.browser("ann").post("/hill/next/stories", STORY | {"credit": HOSTILE} | wrong)
    form = html.fromstring(answer.text).xpath("//form[@data-draft]")[0]

    assert 400 <= answer.status_code < 500
    assert reason in html.fromstring(answer.text).xpath('string(//*[@role="alert" and @class="problem"])')
    assert form.fields["title"] == STORY["title"]
    assert form.fields["credit"] == HOSTILE
    assert "<script>alert" not in answer.text
    assert list_own_stories(desk) == before
