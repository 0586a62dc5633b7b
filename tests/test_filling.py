"""A bulletin that would be short: limits of the choice give way, and a version that cannot be told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.pipeline import draft_bulletin
from bulletin.script.parse import parser_problem
from tests.factories import NOW, make_article
from tests.test_choice import hill

NEWS = (
    ("Corn Bridge shut for six weeks", "Corn Bridge in Wexcombe will be shut for six weeks from Monday. Engineers found cracks in two of its arches."),
    ("Nurses vote on rotas", "Nurses at Marlbridge infirmary have voted for a walkout. Four in five of them are against the new rotas."),
    ("Solar farm refused", "Councillors have refused a solar farm at Thornley by seven votes. Villagers had collected nine hundred signatures."),
    ("Bakery brings jobs", "The firm Hollinbrook will open a bakery in Oakfold next spring. It is looking for a hundred and eighty people."),
    ("Ferry runs aground", "A ferry with forty passengers has run aground off Sallow Point. A lifeboat brought all of them to the shore."),
    ("Library reopens", "The library in Bridge Street has opened its doors again after two years. A flood had destroyed a third of its books."),
    ("Vicar retires", "The vicar of Upper Sallow will retire at Easter after thirty years. His parish has begun to look for somebody else."),
    ("Choir wins prize", "A miners' choir from Oakfold has won the national prize for the second time. Its members come from eleven villages of the valley."),
    ("Mill to be flats", "The old mill by the Wex will become forty flats. The builder promised to keep its wheel and its tall chimney."),
)  # fmt: skip


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


@pytest.mark.skipif(bool(parser_problem()), reason="without the parser fewer of the nine have a lead")
def test_one_feed_with_nine_good_stories_fills_two_minutes(tmp_path: Path) -> None:
    with hill(tmp_path, length_s=100.0) as station:
        for item in items(9):
            station.archive.add_own_story("hill", make_article(feed="gazette", **item))
        made = draft_bulletin(station, now=NOW)

    assert station.profile.stories.per_source == 3
    assert len(made.chosen.stories) > 3
    assert abs(made.lasts_s - 100) < 1
    assert any("per_source gave way" in note for note in made.notes)


def test_limits_hold_where_the_length_is_reached_without_more(tmp_path: Path) -> None:
    with hill(tmp_path, length_s=35.0) as station:
        for item in items(9):
            station.archive.add_own_story("hill", make_article(feed="gazette", **item))
        made = draft_bulletin(station, now=NOW)

    assert len(made.chosen.stories) == 3
    assert made.notes == ()


def test_a_story_whose_best_version_cannot_be_told_is_told_from_another(tmp_path: Path) -> None:
    """A version that is one question says nothing: the other publisher's goes on air."""
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
        made = draft_bulletin(station, now=NOW)

    assert [item.story.best.id for item in made.script.stories] == ["b"]
