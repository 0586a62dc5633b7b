"""A bulletin for an earlier hour, or its correction, makes nothing older; all places agree on what is newest."""

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


def titles(folder: Path) -> dict[str, str]:
    """What each place tells of as its newest, by the hour in the guid; all of the sound that lies there."""
    public = folder / "out" / "hill"
    told = {name: json.loads((public / f"{name}.json").read_bytes()) for name in ("latest", "fm", "speaker")}
    feed = etree.parse(str(public / "feed.xml"))
    items = feed.findall("channel/item")
    dates = [parsedate_to_datetime(item.findtext("pubDate") or "") for item in items]
    assert dates == sorted(dates, reverse=True)
    found = {name: one["guid"] for name, one in told.items()}
    found["feed"] = items[0].findtext("guid") or ""
    front = (public / "index.html").read_text(encoding="utf-8")
    player = (public / "player.html").read_text(encoding="utf-8")
    found["stories"] = json.loads((public / "stories.json").read_bytes())["bulletin"]
    found["flash"] = json.loads((public / "flash.json").read_bytes())["uid"]
    for name in ("latest", "fm", "speaker"):
        sound = (public / f"{name}.mp3").read_bytes()
        assert told[name]["sha256"] == sha256(sound).hexdigest()
        assert name == "latest" or found[name].endswith(told[name]["sha256"][:GUID_HEX])
    hours = {
        name: match[1] for name, guid in found.items() if (match := re.search(r"-(\d{8}T\d{4}Z)-", guid))
    }
    for name, page in (("front", front), ("player", player)):
        assert told["latest"]["audio"] in page
        hours[name] = hours["latest"] if page.index(told["latest"]["audio"]) >= 0 else ""
    return hours


def pulled(folder: Path, now: datetime) -> datetime:
    loaded = load_profile(str(folder / "hill.toml"))
    lying = find_candidate(folder / "out" / "hill", pulled_kind(loaded.profile))
    assert lying
    for max_age_s in (None, 60.0):
        offer = choose_candidate([lying], max_age_s=max_age_s, now=now, last_good_h=2.0)
        assert offer
    return offer.due


def test_an_earlier_hour_and_its_correction_make_nothing_older(tmp_path: Path) -> None:
    make(tmp_path, due=TWELVE, now=TWELVE - 2 * MINUTE)
    first = titles(tmp_path)
    twelve = f"{TWELVE:%Y%m%dT%H%MZ}"
    assert set(first.values()) == {twelve}
    assert len(first) == 8

    run = make(tmp_path, due=TWELVE - HOUR, now=TWELVE + 30 * MINUTE)

    assert titles(tmp_path) == first
    assert pulled(tmp_path, TWELVE + 30 * MINUTE) == TWELVE
    kept = {one.outlet for one in run.episodes if one.kept_back}
    assert kept == {"fm", "speaker"}
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
        assert {made["kind"] for made in earlier.renditions} == {"podcast", "stories"}
        assert len(built.archive.episodes("hill")) == 2


def test_the_same_hour_again_is_the_newest_everywhere(tmp_path: Path) -> None:
    make(tmp_path, due=TWELVE, now=TWELVE - 2 * MINUTE)
    before = (tmp_path / "out" / "hill" / "latest.json").read_bytes()

    with station(tmp_path, TWELVE + 20 * MINUTE) as built:
        built.archive.remove_own_story("hill", "solar", at=TWELVE)
        run = make_bulletin(built, now=TWELVE + 20 * MINUTE, due=TWELVE)

    assert [one.kept_back for one in run.episodes if one.kept_back] == []
    assert set(titles(tmp_path).values()) == {f"{TWELVE:%Y%m%dT%H%MZ}"}
    assert (tmp_path / "out" / "hill" / "latest.json").read_bytes() != before


def test_a_correction_of_an_earlier_hour_makes_nothing_older(tmp_path: Path) -> None:
    make(tmp_path, due=TWELVE - HOUR, now=TWELVE - HOUR - 2 * MINUTE)
    make(tmp_path, due=TWELVE, now=TWELVE - 2 * MINUTE)
    twelve = titles(tmp_path)

    with station(tmp_path, TWELVE + 10 * MINUTE) as built:
        (known,) = find_stories(built.archive, "hill", "solar")
        done = withdraw_story(built, known, now=TWELVE + 10 * MINUTE)

    assert [(one.at, one.is_made_again, one.problem) for one in done] == [
        (TWELVE, True, ""),
        (TWELVE - HOUR, True, ""),
    ]
    told = json.loads((tmp_path / "out" / "hill" / "latest.json").read_bytes())
    assert told["due"] == TWELVE.isoformat()
    for name in ("fm", "speaker"):
        told = json.loads((tmp_path / "out" / "hill" / f"{name}.json").read_bytes())
        assert told["due"] == TWELVE.isoformat()
    assert titles(tmp_path).keys() == twelve.keys()
    assert set(titles(tmp_path).values()) == set(twelve.values())


def test_what_every_outlet_kept_back_did_not_air(tmp_path: Path) -> None:
    """Neither does the log tell of it, nor do its stories count as told."""
    make(tmp_path, due=TWELVE, now=TWELVE - 2 * MINUTE)
    with station(tmp_path, TWELVE + 10 * MINUTE) as built:
        text = "A heron has nested on the roof of the town hall at Hill."
        heron = make_article(
            id="heron", feed="station", title="Heron nests", summary=text, text=text, is_local=True,
            published=NOW - HOUR, credit="", link="https://hill.example/heron", expires=NOW + 24 * HOUR,
        )  # fmt: skip
        built.archive.add_own_story("hill", heron)
        only_fm = replace(built, outlets=tuple(one for one in built.outlets if one.name == "fm"))

        run = make_bulletin(only_fm, now=TWELVE + 10 * MINUTE, due=TWELVE - HOUR)

        assert [bool(one.kept_back) for one in run.episodes] == [True]
        assert "heron" in run.bulletin.story_ids
        assert "heron" not in built.archive.aired("hill", since=NOW - HOUR)
        journal, query = RunJournal(built.archive), JournalQuery(since=TWELVE - HOUR, until=TWELVE)
        assert list(journal.aired("hill", query)) == []
        assert len(list(journal.aired("hill", query, everything=True))) == 1
