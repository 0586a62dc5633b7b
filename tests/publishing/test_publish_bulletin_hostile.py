"""Hostile words in every field, at every outlet of the public folder: they stay plain text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.model import Bulletin
from bulletin.publishing.files.write_newest_bulletin import NewestFile
from bulletin.publishing.files.write_sound_of_each_story import StoryFiles
from bulletin.publishing.outlet_interface import Outlet
from bulletin.publishing.publish_bulletin import publish_bulletin
from bulletin.service.http.serve_published_files import PublicFolder, headers_of
from tests.publishing.pages.page_station import ADDRESS, Desk
from tests.support.factories import (
    NOW,
    make_article,
    make_bulletin,
    make_script,
    make_story,
    make_story_script,
    make_words,
)
from tests.support.hostile_texts import HOSTILE, broken_promises


def hostile_bulletin(folder: Path, words: str) -> Bulletin:
    """Bulletin with the words as title, text, credit, link, id, station and slogan; a rendition for every outlet."""
    station = make_words(name=words[:80], slogan=words[:80])
    article = make_article(
        id=f"gazette:{words[:200]}",
        title=words,
        summary=words,
        credit=words,
        link=f"javascript:alert(1)//{words}",
    )
    script = make_script(make_story_script(make_story(article)), title=words, at=NOW, station=station)
    path = folder / "demo-20261124-0700-made.mp3"
    path.write_bytes(b"sound " * 900)
    bulletin = make_bulletin(path, script)
    (podcast,) = bulletin.renditions
    kinds = []
    for kind, suffix in (("fm", ".wav"), ("speaker", ".mp3"), ("stories", ".mp3")):
        other = folder / f"{kind}-made{suffix}"
        other.write_bytes(f"{kind} sound ".encode() * 900)
        kinds.append(replace(podcast, kind=kind, path=other, chapters=podcast.chapters[1:2]))
    return replace(bulletin, renditions=(podcast, *kinds))


@pytest.mark.slow
@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_stay_text_at_every_outlet(tmp_path: Path, words: str) -> None:
    mixed, public = tmp_path / "mixed", tmp_path / "demo"
    mixed.mkdir()
    with Archive.open(tmp_path / "archive.db") as archive:
        desk = Desk(public, archive)
        newest = {"folder": public, "station": make_words(name=words[:80]), "clock": lambda: NOW}
        outlets: list[Outlet] = [
            desk.podcast,
            NewestFile(kind="fm", **newest),
            NewestFile(kind="speaker", flash_at=ADDRESS, **newest),
            StoryFiles(folder=public, station=make_words(), clock=lambda: NOW),
            desk.page,
        ]
        publish_bulletin(hostile_bulletin(mixed, words), outlets=outlets)
        desk.page.renew()

    names = {path.name for path in public.rglob("*")}
    assert {"feed.xml", "index.html", "fm.json", "flash.json", "stories.json", "2026-11-24.html"} <= names
    assert list(broken_promises(public)) == []
    public_folder = PublicFolder(
        station="demo", folder=public, feed_url=f"{ADDRESS}feed.xml\r\nX: {words}", hub=words
    )
    for path in public.rglob("*.*"):
        for key, value in headers_of(public_folder, path.relative_to(public)).items():
            assert (key + value).isascii()
            assert (key + value).isprintable()
