"""Doubtful options of a profile."""

from __future__ import annotations

import pytest

from bulletin.config.find_doubtful_options import INVENTED, doubts_of
from bulletin.config.load_profile import load_profile
from bulletin.config.profile_options import Profile

REACHED = {"podcast": {"base_url": "https://radio.example/news/"}}


def doubts(**options: object) -> list[tuple[str, str]]:
    return list(doubts_of(Profile.model_validate({"name": "Valley", "outputs": REACHED, **options})))


@pytest.mark.parametrize("category", ["sports", "sprt", "Sport", "wether"])
def test_a_category_that_is_nearly_a_section_is_doubtful(category: str) -> None:
    findings = doubts(feeds=[{"url": "a.rss"}, {"url": "b.rss", "category": category}])

    assert [part for part, _ in findings] == ["feed 2"]
    assert f'"{category}" is not a section' in findings[0][1]
    assert 'did you mean "' in findings[0][1]


@pytest.mark.parametrize("category", ["sport", "travel", "weather", "transport", "local", "support", ""])
def test_sections_and_other_words_are_not_doubtful(category: str) -> None:
    assert doubts(feeds=[{"url": "a.rss", "category": category}]) == []


def test_invented_news_is_reported() -> None:
    assert doubts(invented_news=True) == [("news", INVENTED)]


def test_the_demo_says_that_its_news_is_invented() -> None:
    assert load_profile("demo").profile.invented_news


def test_a_podcast_whose_feed_names_this_machine_is_doubtful() -> None:
    ((part, remedy),) = doubts(outputs={})

    assert part == "podcast"
    assert "https://localhost/" in remedy
    assert "set [outputs.podcast] base_url" in remedy


def test_a_station_without_a_podcast_needs_no_address() -> None:
    assert doubts(outputs={"make": ["fm"]}) == []


def test_a_rewriter_of_a_station_in_another_language_is_doubtful() -> None:
    rewriter = {"script": {"rewriter": {"base_url": "http://localhost:8080/v1", "model": "m"}}}

    assert doubts(**rewriter) == []
    ((part, remedy),) = doubts(language="de", **rewriter)
    assert part == "rewriter"
    assert "never used for a station in de" in remedy
