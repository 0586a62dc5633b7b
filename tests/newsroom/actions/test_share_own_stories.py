"""Own stories for several stations, and kills for all: what holds where."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.record_dataclasses import EVERY_STATION, Kill
from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.errors import UnknownRecordError
from bulletin.newsroom.actions.own_stories import OwnStory
from bulletin.newsroom.actions.published.kill_list import (
    block_entry,
    kills_of_all_stations,
    list_kills,
    unblock_entry,
)
from bulletin.newsroom.actions.share_own_stories import remove_shared_story, share_own_story
from bulletin.newsroom.desk import Desk
from tests.support.factories import NOW

STORY = OwnStory(title="Bridge closes", text="The harbour bridge closes on Monday.")


def profile(folder: Path, name: str, language: str) -> LoadedProfile:
    path = folder / f"{name}.toml"
    path.write_text(f'name = "{name}"\nlanguage = "{language}"\n[speech]\nchain = ["tone"]\n', "utf-8")
    return load_profile(str(path))


def test_a_story_is_shared_with_stations_of_its_language_and_a_kill_with_all(tmp_path: Path):
    hill, valley, berg = (
        profile(tmp_path, name, language)
        for name, language in (("hill", "en-GB"), ("valley", "en-US"), ("berg", "de-DE"))
    )
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        desk = Desk(loaded=hill, output=tmp_path / "out", archive=archive, editor="ann", now=lambda: NOW)
        at_valley = replace(desk, loaded=valley)

        shared = share_own_story(desk, STORY, others=[hill, valley, berg])

        assert (shared.stations, shared.other_language) == (("hill", "valley"), ("berg",))
        stories = {
            name: [one.title for one in archive.own_stories(name, NOW)] for name in ("hill", "valley", "berg")
        }
        assert stories == {"hill": ["Bridge closes"], "valley": ["Bridge closes"], "berg": []}
        # the editors of one station remove it there; the other keeps it
        assert remove_shared_story(at_valley, story=shared.article.id, others=[]) == ("valley",)
        assert archive.own_stories("hill", NOW)
        assert remove_shared_story(at_valley, story=shared.article.id, others=[hill]) == ("hill",)

        (tmp_path / "out" / ".bulletin").mkdir(parents=True)
        block_entry(desk, entry="Marrow", everywhere=True)
        block_entry(desk, entry="Garrowby")
        archive.add_kill("valley", Kill(entry="Marrow", added_at=NOW + timedelta(hours=1)))

        assert [kill.entry for kill in list_kills(desk)] == ["Garrowby", "Marrow"]
        assert [kill.entry for kill in archive.kills("a station of next year")] == ["Marrow"]
        assert (
            kills_of_all_stations(desk) == {"Marrow"} == {kill.entry for kill in archive.kills(EVERY_STATION)}
        )
        with pytest.raises(UnknownRecordError, match="blocked for all stations, not for hill alone"):
            unblock_entry(desk, entry="Marrow")
        assert unblock_entry(desk, entry="marrow", everywhere=True)
        assert [kill.entry for kill in archive.kills("valley")] == ["Marrow"]  # its own entry stays
        assert archive.kills("berg") == ()
