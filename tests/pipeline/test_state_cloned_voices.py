"""A cloned voice is stated wherever a bulletin goes."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import mutagen.id3
import pytest
from lxml import etree

from bulletin.model import Spoken
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.pipeline.state_cloned_voices import state_cloned_voices
from bulletin.speech.engines.tone_for_tests import ToneEngine
from tests.pipeline.test_make_bulletin import NOW, profile, station
from tests.support.factories import make_words

STATEMENT = "Read by a synthetic voice that imitates Jo Bell, with their consent."
CONSENT = """
[[speech.consents]]
voice = "tone:low"
person = "Jo Bell"
given = 2026-11-02
file = "jo.pdf"
sha256 = "{digest}"
"""


@pytest.mark.slow
def test_tags_feed_page_and_report_name_the_person(tmp_path: Path) -> None:
    (tmp_path / "jo.pdf").write_bytes(b"signed")
    extra = CONSENT.format(digest=hashlib.sha256(b"signed").hexdigest())
    path = profile(tmp_path, extra + "[outputs.page]\non = true\n")

    with station(path, tmp_path / "out") as built:
        run = make_bulletin(built, now=NOW)

    folder = tmp_path / "out" / "valley"
    tags = mutagen.id3.ID3(folder / "latest.mp3")
    assert tags["COMM::eng"].text == [STATEMENT]
    assert tags["TXXX:CLONED_VOICE"].text == ["Jo Bell (consent 2026-11-02)"]
    item = etree.parse(folder / "feed.xml").find("channel/item")
    assert item is not None
    assert STATEMENT in item.findtext("description", "")
    assert f"<p>{STATEMENT}</p>" in (folder / "index.html").read_text("utf-8")
    assert run.bulletin.likeness == STATEMENT
    assert not any(b"signed" in file.read_bytes() for file in (tmp_path / "out").rglob("*") if file.is_file())


def test_the_statement_is_in_the_language_of_the_station() -> None:
    low = ToneEngine().voices()[0]
    station = make_words()
    two = Spoken(
        clips=(), attempts=(), voice=replace(low, imitates="Jo Bell"), second=replace(low, imitates="Al Fox")
    )

    def state(spoken: Spoken, language: str = "en-GB", **own: str) -> str:
        return state_cloned_voices(spoken, station=replace(station, language=language), own=own)

    assert state(Spoken(clips=(), attempts=(), voice=low)) == ""
    assert "Jo Bell, Al Fox" in state(two)
    assert state(two, "fr").startswith("Lu par une voix de synthèse qui imite celle de Jo Bell, Al Fox")
    assert state(two, cloned="Voice of {person} {again}") == "Voice of Jo Bell, Al Fox {again}"
