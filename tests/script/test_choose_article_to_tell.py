"""Choice of the article from which a story is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bulletin.editing.edited_article import Lead, Telling, ToldUnit
from bulletin.model import Article, Story
from bulletin.script.choose_article_to_tell import choose_version
from tests.support.factories import make_article, make_story

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def make_telling(text: str, lead: Lead = Lead.SENTENCE) -> Telling:
    pieces = (ToldUnit(sentences=(text,), origins=(), places=(0,)),) if text else ()
    return Telling(title="", pieces=pieces, lead=lead)


LONG_ENOUGH = "The bridge is shut " + "and shut " * 30 + "again."
TELLINGS = {
    "good": make_telling(LONG_ENOUGH),
    "long": make_telling(f"Police say {LONG_ENOUGH}", Lead.LONG),
    "short": make_telling("The bridge is shut."),
    "none": make_telling(""),
    "newer": make_telling(f"Now {LONG_ENOUGH}"),
    "late": make_telling("The bridge is open again."),
}


def choose(*ids: str, said_before: tuple[str, ...] = ()) -> str:
    articles = [version(name) for name in ids]
    story: Story = replace(make_story(*articles), said_before=said_before)
    return choose_version(story, lambda article: TELLINGS[article.id])[0].id


def version(name: str) -> Article:
    hours = {"newer": 2, "late": 6}.get(name, 0)
    return make_article(id=name, published=NOON + timedelta(hours=hours))


def test_the_first_good_version_is_chosen() -> None:
    assert choose("good", "newer") == "good"


def test_the_stations_own_words_go_before_every_publishers() -> None:
    own = replace(version("short"), is_local=True)
    older = replace(version("good"), id="long", is_local=True, published=NOON - timedelta(hours=1))
    story = make_story(version("good"), version("newer"), older, own)

    assert choose_version(story, lambda article: TELLINGS[article.id])[0] is own
    empty = replace(own, id="none")
    assert (
        choose_version(make_story(version("good"), empty), lambda article: TELLINGS[article.id])[0].id
        == "good"
    )


def test_a_version_with_a_short_lead_goes_before_one_with_a_long_lead() -> None:
    assert choose("long", "good") == "good"
    assert choose("long", "none") == "long"
    assert choose("none", "long") == "long"


def test_a_version_with_enough_text_goes_before_a_bare_standfirst() -> None:
    assert choose("short", "good") == "good"
    assert choose("short", "none") == "short"


def test_a_story_that_has_aired_uses_a_newer_version() -> None:
    assert choose("good", "newer", said_before=(LONG_ENOUGH,)) == "newer"
    assert choose("good", "short", said_before=(LONG_ENOUGH,)) == "good"


def test_a_version_that_is_hours_older_comes_last() -> None:
    assert choose("good", "late") == "late"
    assert choose("late", "good") == "late"
