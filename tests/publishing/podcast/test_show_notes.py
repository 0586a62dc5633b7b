"""Show notes: the stories that aired with their sources, without foreign markup."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from bulletin.model import Bulletin, RecordedClip, Sentence
from bulletin.publishing.podcast.show_notes import describe_station, show_notes
from bulletin.publishing.podcast_urls import web_link
from tests.support.factories import (
    make_article,
    make_bulletin,
    make_script,
    make_story,
    make_story_script,
    make_words,
)


def bulletin_of(*stories) -> Bulletin:
    return make_bulletin(Path("a.mp3"), make_script(*(make_story_script(story) for story in stories)))


def test_a_story_is_a_paragraph_with_its_sources() -> None:
    story = make_story(
        make_article(),
        make_article(id="2", credit="", link="https://www.county.example/news?a=1&b=2"),
        make_article(id="3", credit="the Wexcombe Gazette", link="https://gazette.example/other"),
    )

    assert show_notes(bulletin_of(story)) == (
        "<p>Bridge over the Wex closes for repairs ("
        '<a href="https://gazette.example/bridge">the Wexcombe Gazette</a>, '
        '<a href="https://www.county.example/news?a=1&amp;b=2">county.example</a>)</p>'
    )


def test_a_story_of_the_station_itself_has_no_source() -> None:
    story = make_story(make_article(link="", credit=""))

    assert show_notes(bulletin_of(story)) == "<p>Bridge over the Wex closes for repairs</p>"


def test_a_recorded_voice_is_credited_with_its_rights() -> None:
    bulletin = bulletin_of(make_story(make_article(link="", credit="")))
    recording = RecordedClip(
        sha256="a", duration_s=9.0, speaker="Ann <Fox>", credit="us", rights="by permission"
    )
    said = Sentence(text="Yes.", spoken="", recording=recording)
    aired = tuple(replace(p, sentences=(*p.sentences, said)) if p.story_id else p for p in bulletin.aired)

    notes = show_notes(replace(bulletin, aired=aired))

    assert notes.endswith("repairs</p><p>Ann &lt;Fox&gt;: us, by permission</p>")


def test_only_stories_that_aired_are_in_the_notes() -> None:
    bulletin = bulletin_of(
        make_story(make_article(id="1", title="Told")), make_story(make_article(id="2", title="Dropped"))
    )
    short = replace(bulletin, aired=tuple(p for p in bulletin.aired if p.story_id != "2"))

    assert "Told" in show_notes(short)
    assert "Dropped" not in show_notes(short)


def test_notes_that_grow_too_long_lose_whole_stories() -> None:
    stories = [make_story(make_article(id=str(n), title=f"Story {n} " + "é" * 200)) for n in range(40)]

    notes = show_notes(bulletin_of(*stories))

    assert 3000 < len(notes.encode()) <= 4000  # Apple shows no more
    assert notes.endswith("</p>")


def test_a_bulletin_without_stories_has_a_description() -> None:
    bulletin = replace(bulletin_of(make_story()), aired=())

    assert show_notes(bulletin) == "<p>7am news, Tuesday 24 November 2026</p>"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://x/y",
        "//host/path",
        "/path",
        "",
        "https://",
        "http://[broken",
        "https://x/" + "y" * 2000,
    ],
)
def test_only_web_addresses_become_links(address: str) -> None:
    assert web_link(address) == ""


def test_a_link_keeps_its_encoding_and_loses_its_quotes() -> None:
    assert web_link(' https://x/a%20b?q="><script>é ') == "https://x/a%20b?q=%22%3E%3Cscript%3E%C3%A9"


@pytest.mark.slow
@given(title=st.text(st.characters(), max_size=80), link=st.text(max_size=40), credit=st.text(max_size=40))
def test_foreign_markup_never_reaches_the_notes(title: str, link: str, credit: str) -> None:
    """For any feed text the notes are paragraphs and links to web addresses."""
    article = make_article(
        title=f"{title}<img src=x onerror=y>", link=f"https://x/{link}", credit=f'{credit}"><script>'
    )
    notes = show_notes(bulletin_of(make_story(article)))

    parsed = html.fragment_fromstring(notes, create_parent="div")
    assert {element.tag for element in parsed.iterdescendants()} <= {"p", "a"}
    for anchor in parsed.iter("a"):
        assert set(anchor.attrib) == {"href"}
        assert anchor.get("href", "").startswith("https://x/")


def test_a_station_is_described_with_its_frequencies() -> None:
    assert describe_station(make_words()) == (
        "The latest news from Wexcombe Radio, 103.5 & 105.3 FM. The sound of the valley. "
        "Read by a synthetic voice."
    )
    assert describe_station(make_words(frequencies=(), slogan="", language="de-DE")) == "Wexcombe Radio."
