"""Data of a page: sources of a story, and who is credited for a recorded voice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bulletin.model import RecordedClip, Sentence
from bulletin.publishing.pages.bulletin_page_data import page_parts
from tests.support.factories import make_article, make_bulletin, make_script, make_story, make_story_script


def test_a_recorded_voice_is_credited_among_the_sources_of_its_story() -> None:
    story = make_story(make_article(credit="the Gazette", link="https://gazette.example/1"))
    bulletin = make_bulletin(Path("a.mp3"), make_script(make_story_script(story)))
    voices = [
        RecordedClip(sha256="a", duration_s=9.0, speaker="Ann <Fox>", credit="us", rights="by permission"),
        RecordedClip(sha256="b", duration_s=9.0, speaker="Nobody"),
    ]
    said = tuple(Sentence(text="Yes.", spoken="", recording=voice) for voice in (*voices, voices[0]))
    aired = tuple(replace(p, sentences=(*p.sentences, *said)) if p.story_id else p for p in bulletin.aired)

    parts = page_parts(replace(bulletin, aired=aired), bulletin.renditions[0])

    (told,) = (part for part in parts if part.story_id)
    assert [(source.name, source.link) for source in told.sources] == [
        ("the Gazette", "https://gazette.example/1"),
        ("Ann <Fox>: us, by permission", ""),
    ]
