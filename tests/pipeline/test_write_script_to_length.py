"""A bulletin that would be short: limits and thresholds are relaxed, and other versions used."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.language.english_grammar_parser import parser_problem
from bulletin.model import Chosen, Left
from bulletin.pipeline.pieces.draft_bulletin import draft_bulletin
from bulletin.pipeline.write_script_to_length import write_to_length
from tests.pipeline.test_make_bulletin_editor_choices import hill
from tests.support.factories import NOW, make_article, make_story

NEWS = (
    ("Corn Bridge shut for six weeks", "Corn Bridge in Wexcombe will be shut for six weeks from Monday, the county council said. Engineers told the council that they had found cracks in two of its arches."),
    ("Nurses vote for walkout", "Nurses at Marlbridge infirmary voted on Friday for a walkout, their union said. The union said four in five of the nurses were against the new rotas."),
    ("Solar farm refused", "Councillors in Thornley refused a solar farm on Thursday by seven votes. Villagers told the council that they had collected nine hundred signatures against it."),
    ("Bakery brings jobs to Oakfold", "A bakery with a hundred and eighty jobs will open in Oakfold next spring, the firm Hollinbrook announced on Monday. The firm said it would begin to look for bakers in December."),
    ("Ferry runs aground", "A ferry with forty passengers ran aground off Sallow Point on Sunday evening. A lifeboat brought all of the passengers to the shore, the coastguard said."),
    ("Library reopens", "A library in Bridge Street in Wexcombe opened its doors again on Saturday after two years. The council said a flood had destroyed a third of its books."),
    ("Vicar jailed for theft", "A vicar from Upper Sallow was jailed for three years on Friday for theft from his parish. The court in Marlbridge was told that he took ninety thousand pounds."),
    ("Choir wins prize", "A miners' choir from Oakfold won the national prize in Marlbridge on Saturday for the second time. The judges said nobody had sung better in eleven years."),
    ("Old mill to be flats", "An old mill on the River Wex will become forty flats, the council announced on Wednesday. The builder told the council that it would keep its wheel and its tall chimney."),
)  # fmt: skip
"""Clear news, accepted at the strict thresholds."""


def items(count: int) -> list[dict[str, object]]:
    return [
        {
            "id": f"item-{n}",
            "title": title,
            "text": text,
            "summary": text,
            "published": NOW - timedelta(minutes=n),
        }
        for n, (title, text) in enumerate(NEWS[:count])
    ]


@pytest.mark.slow
@pytest.mark.skipif(bool(parser_problem()), reason="without the parser fewer of the nine have a lead")
def test_one_feed_with_nine_good_stories_fills_two_minutes(tmp_path: Path) -> None:
    with hill(tmp_path, length_s=100.0) as station:
        for item in items(9):
            station.archive.add_own_story("hill", make_article(feed="gazette", **item))
        drafted = draft_bulletin(station, now=NOW)

    assert station.profile.stories.per_source == 3
    assert len(drafted.chosen.stories) > 3
    assert abs(drafted.foreseen.lasts_s - 100) < 1
    assert any("per_source gave way" in note for note in drafted.notes)


@pytest.mark.slow
def test_limits_hold_when_the_length_is_reached(tmp_path: Path) -> None:
    with hill(tmp_path, length_s=35.0) as station:
        for item in items(9):
            station.archive.add_own_story("hill", make_article(feed="gazette", **item))
        drafted = draft_bulletin(station, now=NOW)

    assert len(drafted.chosen.stories) == 3
    assert drafted.notes == ()


@pytest.mark.slow
def test_a_story_without_usable_best_version_uses_another(tmp_path: Path) -> None:
    """A version that is only a question gives no script, so the other publisher's version airs."""
    title, text = NEWS[0]
    with hill(tmp_path) as station:
        for name, words, weight in (
            ("a", "Will Corn Bridge in Wexcombe be shut for six weeks from Monday?", 1.2),
            ("b", text, 1.0),
        ):
            article = make_article(
                id=name, feed=name, credit=name, link="", title=title, text=words, weight=weight
            )
            station.archive.add_own_story("hill", article)
        drafted = draft_bulletin(station, now=NOW)

    assert [item.story.best.id for item in drafted.script.stories] == ["b"]


DOUBTFUL = {
    "id": "doubtful",
    "title": "Mill to be flats",
    "text": "The old mill by the Wex will become forty flats. The builder promised to keep its wheel and its tall chimney.",
    "summary": "",
    "published": NOW,
}
"""News without a day and a speaker."""


def script_story_ids(folder: Path, *, length_s: float) -> list[str]:
    folder.mkdir()
    with hill(folder, length_s=length_s) as station:
        for item in (*items(3), DOUBTFUL):
            feed = f"feed of {item['id']}"
            station.archive.add_own_story("hill", make_article(feed=feed, credit=feed, link="", **item))
        drafted = draft_bulletin(station, now=NOW)
    return [story.story.best.id for story in drafted.script.stories]


@pytest.mark.slow
def test_lower_thresholds_apply_only_when_the_bulletin_would_be_short(tmp_path: Path) -> None:
    assert "doubtful" not in script_story_ids(tmp_path / "full", length_s=35.0)
    assert "doubtful" in script_story_ids(tmp_path / "short", length_s=120.0)


def fill(folder: Path, count: int, *, length_s: float) -> tuple[list[str], dict[str, str]]:
    """Write a script of `count` stories; the reserve holds one about the same event as the first."""
    stories = [make_story(make_article(feed=str(n), **item)) for n, item in enumerate(items(count + 1))]
    *first, again = stories
    chosen = Chosen(
        stories=tuple(first),
        reserve=(again,),
        left=(Left(title=again.title, reason="no room", article_id=again.id, limit="most_steps"),),
        related={first[0].id: frozenset({again.id}), again.id: frozenset({first[0].id})},
    )
    folder.mkdir()
    with hill(folder, length_s=length_s) as station:
        written = write_to_length(station, chosen, at=NOW)
        chosen, script = written.chosen, written.whole
    return [item.story.id for item in script.stories], {item.article_id: item.reason for item in chosen.left}


@pytest.mark.skipif(bool(parser_problem()), reason="without the parser not all of them have a lead")
def test_a_bulletin_ends_early_rather_than_repeat_an_event(tmp_path: Path) -> None:
    story_ids, dropped = fill(tmp_path / "early", 4, length_s=75.0)

    assert story_ids == ["item-0", "item-1", "item-2", "item-3"]
    assert "item-4" in dropped


@pytest.mark.skipif(bool(parser_problem()), reason="without the parser not all of them have a lead")
def test_under_half_a_bulletin_a_related_story_is_better_than_none(tmp_path: Path) -> None:
    story_ids, dropped = fill(tmp_path / "scarce", 2, length_s=150.0)

    assert story_ids == ["item-0", "item-1", "item-2"]
    assert dropped == {}
