"""Data of the station's pages: clock, feeds, jingles, deliveries, backups, and the form of the profile."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import soundfile
from sqlalchemy import insert

from bulletin.archive.archive import Archive
from bulletin.archive.database import newsroom_tables
from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxAction, OutboxState
from bulletin.archive.record_dataclasses import FeedMemory
from bulletin.config.change_profile_options import change_options
from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.newsroom.views.station.backups_of_station import find_backup
from bulletin.newsroom.views.station.clock_week import clock_week
from bulletin.newsroom.views.station.deliveries_of_station import read_outlets
from bulletin.newsroom.views.station.feeds_of_station import read_feeds
from bulletin.newsroom.views.station.jingles_of_station import find_jingle, read_jingles
from bulletin.newsroom.views.station.profile_form import profile_form, read_profile_form, refill_form
from tests.support.factories import NOW, make_article

PROFILE = """\
name = "Valley Radio"
time_zone = "Europe/London"
[clock]
holidays = "GB-ENG"
off = ["2026-11-26"]
[[clock.slots]]
at = "06:00-08:00"
days = "weekdays"
[[clock.slots]]
at = ["09:00"]
days = "weekends"
length = "3:00"
[[feeds]]
url = "https://gazette.example/rss?token=s3cretvalue"
name = "gazette"
[imaging]
ident = "ident.wav"
sting = "none"
closing_mix_s = 1.5
[[deliveries]]
kind = "folder"
name = "Playout PC"
path = "playout"
rendition = "podcast"
[stream]
url = "http://127.0.0.1:8000/radio.mp3"
password = "hunter2hunter2"
[pull]
token = "env:VALLEY_TOKEN"
"""
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedProfile:
    path = tmp_path / "valley.toml"
    path.write_text(PROFILE, encoding="utf-8")
    rate = 8_000
    loud = np.sin(np.arange(2 * rate) / 3).astype(np.float32) * 0.5
    soundfile.write(tmp_path / "ident.wav", np.concatenate([loud, loud * 0.05]), rate)
    return load_profile(str(path), only_looks=True)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("station") / "archive.sqlite") as opened:
        yield opened


def test_the_week_has_the_slots_of_each_day_holidays_and_days_off(loaded: LoadedProfile) -> None:
    week = clock_week(loaded, now=NOW)  # Tuesday, 07:00
    assert [len(day.slots) for day in week.days] == [3, 3, 0, 3, 1, 1, 3]
    assert [day.is_off for day in week.days].index(True) == 2
    assert (week.days[0].is_today, week.now_minute) == (True, 7 * 60)
    assert [slot.is_past for slot in week.days[0].slots] == [True, False, False]
    assert week.days[4].slots[0].length == "3:00"
    assert [(rule.at, rule.days, rule.length) for rule in week.rules] == [
        ("06:00-08:00", "weekdays", ""),
        ("09:00", "weekends", "3:00"),
    ]


def test_a_feed_shows_its_last_items_and_its_week_without_its_secret(
    loaded: LoadedProfile, archive: Archive
) -> None:
    url = loaded.profile.feeds[0].url
    articles = [make_article(id=f"g:{n}", title=f"Item {n}") for n in range(9)]
    archive.keep_feed(FeedMemory(url=url, checked_at=NOW), articles)
    rows: list[dict[str, Any]] = [
        {"station": "valley", "feed": "gazette", "at": NOW - timedelta(hours=n), "url": url, "articles": 5}
        | {"state": "failed" if n in (0, 29, 30, 31) else "ok", "reason": "timed out" if n == 0 else ""}
        for n in range(40)
    ]
    archive.execute(insert(newsroom_tables.feed_answers).values(rows))
    (feed,) = read_feeds(loaded, archive, now=NOW)
    assert [item.title for item in feed.items] == [f"Item {n}" for n in range(5)]
    assert feed.answer is not None
    assert (feed.answer.state, feed.answer.reason) == ("failed", "timed out")
    assert (feed.good, feed.failed, len(feed.strip)) == (36, 4, 57)
    states = [cell.state for cell in feed.strip]
    assert (states[0], states[-1], states.count("failed")) == ("none", "partly", 1)
    assert "s3cretvalue" not in repr(feed)


def test_jingles_name_their_origin_mix_point_and_fault(loaded: LoadedProfile, tmp_path: Path) -> None:
    jingles = {jingle.name: jingle for jingle in read_jingles(loaded, cache=tmp_path / "cache")}
    ident = jingles["ident"]
    assert (ident.origin, ident.mix_origin) == ("your file", "detected")
    assert ident.waveform is not None
    assert ident.waveform.duration_s == 4.0
    assert ident.mix_s == pytest.approx(2.0, abs=0.2)
    assert (jingles["sting"].path, jingles["sting"].origin) == (None, "none")
    assert (jingles["closing"].mix_s, jingles["closing"].mix_origin) == (1.5, "set here")
    assert jingles["closing"].origin == "built-in: bright"
    (tmp_path / "ident.wav").write_bytes(b"no sound")
    broken = read_jingles(loaded, cache=tmp_path / "cache")[0]
    assert broken.waveform is None
    assert broken.problem
    assert find_jingle(loaded, "../valley") is None


def test_deliveries_can_be_retried_until_they_are_done(loaded: LoadedProfile, archive: Archive) -> None:
    outbox = Outbox(archive)
    for guid in ("a", "b"):
        outbox.add("valley", "Playout PC", guid, OutboxAction.PUBLISH, now=NOW, title=f"{guid} news")
    first, second = outbox.waiting("valley", "Playout PC")
    outbox.finish(first, now=NOW)
    outbox.finish(second, now=NOW, state=OutboxState.GIVEN_UP, note="no such folder")
    outlets = read_outlets(loaded, archive)
    assert [(row.title, row.words, row.can_retry) for row in outlets.rows] == [
        ("b news", "given up", True),
        ("a news", "delivered", False),
    ]
    (playout,) = outlets.destinations
    assert (playout.is_well, playout.given_up, playout.last_done_at) == (False, 1, NOW)


def test_a_backup_is_found_by_its_name_only(tmp_path: Path) -> None:
    folder = tmp_path / ".bulletin" / "backups" / "valley"
    folder.mkdir(parents=True)
    (folder / "valley-1.tar.gz").touch()
    (tmp_path / "other.tar.gz").touch()
    (folder / "link.tar.gz").symlink_to(tmp_path / "other.tar.gz")
    assert find_backup(tmp_path, "valley", "valley-1.tar.gz")
    for name in ("../../../other.tar.gz", "link.tar.gz", "nothing.tar.gz", "", ".."):
        assert find_backup(tmp_path, "valley", name) is None


def test_the_form_shows_no_secret_and_an_unchanged_form_changes_nothing() -> None:
    raw = tomllib.loads(PROFILE)
    form = profile_form(raw)
    fields = {field.name: field for table in form for field in table.fields}
    assert (fields["stream.password"].kind, fields["stream.password"].value) == ("secret", "")
    assert fields["pull.token"].value == "env:VALLEY_TOKEN"
    assert "hunter2" not in repr(form)
    assert fields["alerts.command"].is_locked
    assert read_profile_form(filled(form), raw) == {}


def test_a_filled_form_changes_only_what_differs() -> None:
    raw = tomllib.loads(PROFILE)
    given = filled(profile_form(raw)) | {
        "slogan": ["Ours"],
        "frequencies": ["97.3\n\n98.1 "],
        "stories.max_age_h": ["12"],
        "stories.light": ["false"],
        "outputs.make": ["podcast", "fm"],
        "clock.holidays": [""],
        "alerts.command": ["rm -rf"],
        "clock.margin_s": ["soon"],
    }
    changes = read_profile_form(given, raw)
    assert changes == {
        ("slogan",): "Ours",
        ("frequencies",): ("97.3", "98.1"),
        ("stories", "max_age_h"): 12.0,
        ("stories", "light"): False,
        ("outputs", "make"): ("podcast", "fm"),
        ("clock", "holidays"): None,
        ("clock", "margin_s"): "soon",
    }
    changed = tomllib.loads(change_options(PROFILE, changes))
    assert changed["stream"]["password"] == "hunter2hunter2"
    assert changed["outputs"]["make"] == ["podcast", "fm"]


@pytest.mark.parametrize("text", ["--5", "5-", "³", "9" * 5000])
def test_a_wrong_number_stays_text_for_the_check_to_name(text: str) -> None:
    raw = tomllib.loads(PROFILE)
    given = filled(profile_form(raw)) | {"newsroom.approval_deadline_min": [text]}
    assert read_profile_form(given, raw) == {("newsroom", "approval_deadline_min"): text}


def filled(form: Any) -> dict[str, list[str]]:
    """The form as a browser sends it back untouched."""
    fields = [field for table in form for field in table.fields]
    return {f"{field.name}.was": [field.was] for field in fields} | {
        field.name: list(field.chosen) if field.kind == "choices" else [field.value] for field in fields
    }


def test_a_field_that_was_not_touched_never_takes_back_what_somebody_else_saved() -> None:
    stale = filled(profile_form(tomllib.loads(PROFILE))) | {"slogan": ["Ours"]}
    theirs = tomllib.loads(PROFILE.replace("Valley Radio", "Their Radio"))
    assert read_profile_form(stale, theirs) == {("slogan",): "Ours"}
    fields = {
        field.name: field for table in refill_form(profile_form(theirs), stale) for field in table.fields
    }
    assert (fields["name"].value, fields["slogan"].value, fields["slogan"].was) == ("Their Radio", "Ours", "")
