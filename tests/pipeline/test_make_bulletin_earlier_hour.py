"""A bulletin for an earlier hour, or its correction, replaces no newer one; all outlets agree on the newest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

import pytest
from lxml import etree

from bulletin.archive.ledgers.bulletin_run_history import JournalQuery, RunJournal
from bulletin.archive.ledgers.search_aired_stories import find_stories
from bulletin.config.load_profile import load_profile
from bulletin.pipeline.bulletin_run_results import Run
from bulletin.pipeline.changes.withdraw_story import withdraw_story
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.publishing.outlet_interface import GUID_HEX
from bulletin.service.slots.choose_bulletin_for_playout import choose_candidate, find_candidate, pulled_kind
from bulletin.station.build_station_object import Station, open_station
from tests.cli.newsroom.test_withdraw import STORIES
from tests.support.factories import NOW, make_article

pytestmark = pytest.mark.slow

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TWELVE = NOW.replace(minute=0, second=0, microsecond=0) + HOUR
PROFILE = """\
name = "Hill"
length = "0:45"
repeats_freely = true
[speech]
chain = ["tone"]
[outputs]
make = ["podcast", "fm", "speaker", "stories"]
[outputs.podcast]
base_url = "https://hill.example/"
[outputs.fm]
format = "mp3"
[outputs.page]
on = true
"""


@contextmanager
def station(folder: Path, now: datetime) -> Iterator[Station]:
    path = folder / "hill.toml"
    path.write_text(PROFILE, encoding="utf-8")
    with open_station(load_profile(str(path)), output=folder / "out", clock=lambda: now) as built:
        yield built


def make(folder: Path, *, due: datetime, now: datetime) -> Run:
    with station(folder, now) as built:
        for name, (title, text) in STORIES.items():
            story = make_article(
                id=name, feed="station", title=title, summary=text, text=text, is_local=True, published=NOW - 3 * HOUR,
                credit="", link=f"https://hill.example/{name}", expires=NOW + 24 * HOUR,
            )  # fmt: skip
            built.archive.add_own_story("hill", story)
        return make_bulletin(built, now=now, due=due)


def newest_hours(folder: Path) -> dict[str, str]:
    """Newest hour of each output, by its guid; asserts that side files and sound agree."""
    public = folder / "out" / "hill"
    side_files = {
        name: json.loads((public / f"{name}.json").read_bytes()) for name in ("latest", "fm", "speaker")
    }
    feed = etree.parse(str(public / "feed.xml"))
    items = feed.findall("channel/item")
    dates = [parsedate_to_datetime(item.findtext("pubDate") or "") for item in items]
    assert dates == sorted(dates, reverse=True)
    guids = {name: side_file["guid"] for name, side_file in side_files.items()}
    guids["feed"] = items[0].findtext("guid") or ""
    front = (public / "index.html").read_text(encoding="utf-8")
    player = (public / "player.html").read_text(encoding="utf-8")
    guids["stories"] = json.loads((public / "stories.json").read_bytes())["bulletin"]
    guids["flash"] = json.loads((public / "flash.json").read_bytes())["uid"]
    for name in ("latest", "fm", "speaker"):
        sound = (public / f"{name}.mp3").read_bytes()
        assert side_files[name]["sha256"] == sha256(sound).hexdigest()
        assert name == "latest" or guids[name].endswith(side_files[name]["sha256"][:GUID_HEX])
    hours = {
        name: match[1] for name, guid in guids.items() if (match := re.search(r"-(\d{8}T\d{4}Z)-", guid))
    }
    for name, page in (("front", front), ("player", player)):
        assert side_files["latest"]["audio"] in page
        hours[name] = hours["latest"] if page.index(side_files["latest"]["audio"]) >= 0 else ""
    return hours


def due_of_pulled_file(folder: Path, now: datetime) -> datetime:
    loaded = load_profile(str(folder / "hill.toml"))
    candidate = find_candidate(folder / "out" / "hill", pulled_kind(loaded.profile))
    assert candidate
    for max_age_s in (None, 60.0):
        offer = choose_candidate([candidate], max_age_s=max_age_s, now=now, last_good_h=2.0)
        assert offer
    return offer.due


def test_a_bulletin_for_an_earlier_hour_does_not_replace_the_newest(tmp_path: Path) -> None:
    make(tmp_path, due=TWELVE, now=TWELVE - 2 * MINUTE)
    first = newest_hours(tmp_path)
    twelve = f"{TWELVE:%Y%m%dT%H%MZ}"
    assert set(first.values()) == {twelve}
    assert len(first) == 8

    run = make(tmp_path, due=TWELVE - HOUR, now=TWELVE + 30 * MINUTE)

    assert newest_hours(tmp_path) == first
    assert due_of_pulled_file(tmp_path, TWELVE + 30 * MINUTE) == TWELVE
    kept_back = {episode.outlet for episode in run.episodes if episode.kept_back}
    assert kept_back == {"fm", "speaker"}
    notes = " ".join(run.bulletin.notes)
    assert re.search(r"fm: not published, the fresh bulletin of \d\d:00 is there, which is newer", notes)
    assert re.search(r"podcast: latest.mp3 and the head of the feed stay the bulletin of \d\d:00", notes)
    with station(tmp_path, TWELVE + 31 * MINUTE) as built:
        last = built.archive.last_bulletin("hill")
        assert last
        assert last.at == TWELVE
        earlier = built.archive.bulletins("hill")[0]
        assert earlier.at == TWELVE - HOUR
        assert {to["outlet"] for to in earlier.went_to if to["published"]} == {"podcast", "stories", "page"}
        assert {rendition["kind"] for rendition in earlier.renditions} == {"podcast", "stories"}
        assert len(built.archive.episodes("hill")) == 2


def test_a_new_bulletin_for_the_same_hour_is_the_newest_everywhere(tmp_path: Path) -> None:
    make(tmp_path, due=TWELVE, now=TWELVE - 2 * MINUTE)
    before = (tmp_path / "out" / "hill" / "latest.json").read_bytes()

    with station(tmp_path, TWELVE + 20 * MINUTE) as built:
        built.archive.remove_own_story("hill", "solar", at=TWELVE)
        run = make_bulletin(built, now=TWELVE + 20 * MINUTE, due=TWELVE)

    assert [episode.kept_back for episode in run.episodes if episode.kept_back] == []
    assert set(newest_hours(tmp_path).values()) == {f"{TWELVE:%Y%m%dT%H%MZ}"}
    assert (tmp_path / "out" / "hill" / "latest.json").read_bytes() != before


def test_a_correction_of_an_earlier_hour_does_not_replace_the_newest(tmp_path: Path) -> None:
    make(tmp_path, due=TWELVE - HOUR, now=TWELVE - HOUR - 2 * MINUTE)
    make(tmp_path, due=TWELVE, now=TWELVE - 2 * MINUTE)
    twelve = newest_hours(tmp_path)

    with station(tmp_path, TWELVE + 10 * MINUTE) as built:
        (known,) = find_stories(built.archive, "hill", "solar")
        done = withdraw_story(built, known, now=TWELVE + 10 * MINUTE)

    assert [(correction.at, correction.is_made_again, correction.problem) for correction in done] == [
        (TWELVE, True, ""),
        (TWELVE - HOUR, True, ""),
    ]
    side_file = json.loads((tmp_path / "out" / "hill" / "latest.json").read_bytes())
    assert side_file["due"] == TWELVE.isoformat()
    for name in ("fm", "speaker"):
        side_file = json.loads((tmp_path / "out" / "hill" / f"{name}.json").read_bytes())
        assert side_file["due"] == TWELVE.isoformat()
    assert newest_hours(tmp_path).keys() == twelve.keys()
    assert set(newest_hours(tmp_path).values()) == set(twelve.values())


def test_a_bulletin_kept_back_by_every_outlet_did_not_air(tmp_path: Path) -> None:
    """The log does not list this bulletin, and its stories do not count as aired."""
    make(tmp_path, due=TWELVE, now=TWELVE - 2 * MINUTE)
    with station(tmp_path, TWELVE + 10 * MINUTE) as built:
        text = "A heron has nested on the roof of the town hall at Hill."
        heron = make_article(
            id="heron", feed="station", title="Heron nests", summary=text, text=text, is_local=True,
            published=NOW - HOUR, credit="", link="https://hill.example/heron", expires=NOW + 24 * HOUR,
        )  # fmt: skip
        built.archive.add_own_story("hill", heron)
        only_fm = replace(built, outlets=tuple(outlet for outlet in built.outlets if outlet.name == "fm"))

        run = make_bulletin(only_fm, now=TWELVE + 10 * MINUTE, due=TWELVE - HOUR)

        assert [bool(episode.kept_back) for episode in run.episodes] == [True]
        assert "heron" in run.bulletin.story_ids
        assert "heron" not in built.archive.aired("hill", since=NOW - HOUR)
        journal, query = RunJournal(built.archive), JournalQuery(since=TWELVE - HOUR, until=TWELVE)
        assert list(journal.aired("hill", query)) == []
        assert len(list(journal.aired("hill", query, everything=True))) == 1
