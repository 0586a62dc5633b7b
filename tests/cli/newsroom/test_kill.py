"""`bulletin kill`, and the embargo of `bulletin stories add`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

from bulletin.archive.archive import Archive
from bulletin.archive.database.group_tables import published_files
from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestLedger
from bulletin.archive.record_dataclasses import Kill
from bulletin.cli.newsroom.kill import command as kill
from bulletin.cli.newsroom.stories import command as stories
from bulletin.cli.newsroom.stories import read_embargo
from bulletin.errors import BulletinError

NOW = datetime(2026, 7, 1, 16, 30, tzinfo=UTC)
"""17:30 in London, in summer."""


def invoke(command: click.Command, *args: str, text: str = "") -> Result:
    return CliRunner().invoke(command, args, input=text)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BULLETIN_OUTPUT", raising=False)
    Path("hill.toml").write_text('name = "Hill"\n[stories]\nkill = ["Marrow"]\n', encoding="utf-8")


@pytest.mark.slow
def test_an_entry_is_listed_beside_the_profiles_and_taken_off() -> None:
    assert invoke(kill, "Garrowby  Construction", "--station", "hill.toml").exit_code == 0

    listed = invoke(kill, "list", "hill.toml").output
    data = json.loads(invoke(kill, "list", "--station", "hill.toml", "--json").output)
    removed = invoke(kill, "remove", "Garrowby Construction", "hill.toml")

    assert "Marrow  (in hill.toml)" in listed
    assert "Garrowby Construction  (since " in listed
    assert data["profile"] == ["Marrow"]
    assert [entry["entry"] for entry in data["entries"]] == ["Garrowby Construction"]
    assert removed.exit_code == 0
    assert "Garrowby" not in invoke(kill, "list", "hill.toml").output


@pytest.mark.slow
def test_old_spellings_work_and_name_the_new_ones() -> None:
    invoke(kill, "Garrowby", "--station", "hill.toml")

    listed = invoke(kill, "--list", "--station", "hill.toml").output
    removed = invoke(kill, "Garrowby", "--remove", "--station", "hill.toml").output

    assert "Garrowby  (since" in listed
    assert 'kill --list" is now "' in listed
    assert '"Garrowby": unblocked' in removed


@pytest.mark.slow
def test_a_kill_for_all_asks_the_workers_of_stations_whose_profiles_are_on_other_machines() -> None:
    Path("hill.toml").write_text(
        'name = "Hill"\n[group]\ndatabase = "here"\nname = "north"\n', encoding="utf-8"
    )
    facts = {"path": "latest.mp3", "sha256": "0", "media_type": "audio/mpeg", "bytes": 1, "changed_at": NOW}
    Path("out/.bulletin").mkdir(parents=True)
    with Archive.open(Path("out/.bulletin/archive.sqlite")) as archive:
        archive.execute(insert(published_files).values(station="wex", **facts))

    done = invoke(kill, "Garrowby", "hill.toml", "--all-stations", "--output", "out")

    assert (done.exit_code, done.exception) == (0, None)
    assert "wex: its profile is not on this machine; a worker of the group withdraws it." in done.output
    with Archive.open(Path("out/.bulletin/archive.sqlite")) as archive:
        (asked,) = RequestLedger(archive).rows("wex", limit=9)
        assert not RequestLedger(archive).rows("hill", limit=9)
    assert (asked.kind, asked.details) == (RequestKind.WITHDRAW_BLOCKED, {"entry": "Garrowby"})


def test_a_kill_for_all_needs_no_station() -> None:
    for station in ("hill", "wex"):
        write_own(station)
    Path("feeds/broken.toml").write_text("lenth = 3", encoding="utf-8")

    assert "which station?" in str(invoke(kill, "Garrowby", "--keep-published", "--output", "out").exception)
    done = invoke(kill, "Garrowby", "--all-stations", "--keep-published", "--output", "out")
    listed = invoke(kill, "--list", "wex", "--output", "out").output

    assert 'no station airs a story with "Garrowby" any more' in done.output
    assert "Garrowby  (all stations, " in listed
    assert "unblocked" in invoke(kill, "Garrowby", "--remove", "--all-stations", "--output", "out").output


def write_own(station: str) -> None:
    Path("feeds").mkdir(exist_ok=True)
    Path(f"feeds/{station}.toml").write_text(f'name = "{station}"', encoding="utf-8")


@pytest.mark.slow
def test_a_kill_for_all_discards_the_prepared_stand_by_of_every_station_of_the_folder() -> None:
    prepared = [Path("out/.bulletin") / kind / "wex" / "fm.wav" for kind in ("standby", "pull")]
    for sound in prepared:
        sound.parent.mkdir(parents=True)
        sound.write_bytes(b"sound with the story")

    invoke(kill, "Garrowby", "hill.toml", "--keep-published", "--output", "out")
    assert all(sound.exists() for sound in prepared)
    invoke(kill, "Garrowby", "hill.toml", "--all-stations", "--keep-published", "--output", "out")

    assert not any(sound.exists() for sound in prepared)


def test_a_verb_after_the_options_is_not_taken_for_a_word() -> None:
    result = invoke(kill, "--station", "hill.toml", "list")

    assert result.exit_code == 2
    assert 'write "list" before all other arguments' in result.output


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("x",), "too short: it would block nearly every story"),
        (("remove", "nobody"), '"nobody" is not on the kill list'),
        (("remove", "Marrow"), "remove it from [stories] kill in hill.toml"),
    ],
)
def test_a_refused_command_gives_the_reason(args: tuple[str, ...], message: str) -> None:
    result = invoke(kill, *args, "--station", "hill.toml")

    assert result.exit_code == 1
    assert "Usage" not in result.output
    assert message in str(result.exception)


def test_a_story_under_embargo_says_so_in_the_list() -> None:
    later = (datetime.now(UTC) + timedelta(hours=5)).replace(microsecond=0)
    result = invoke(
        stories, "add", "-", "hill.toml", "--embargo", later.isoformat(), text="Bridge\n\nIt closes."
    )

    with Archive.open(Path("output/.bulletin/archive.sqlite")) as archive:
        [story] = archive.own_stories("hill", datetime.now(UTC))

    assert result.exit_code == 0
    assert (story.not_before, story.published, story.expires) == (later, later, later + timedelta(hours=12))
    assert (
        f"not before {later.astimezone(ZoneInfo('Europe/London')):%d %b %H:%M}"
        in invoke(stories, "list", "hill.toml").output
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("18:00", datetime(2026, 7, 1, 17, 0, tzinfo=UTC)),
        ("0.01", datetime(2026, 7, 1, 23, 1, tzinfo=UTC)),
        ("17:30", datetime(2026, 7, 2, 16, 30, tzinfo=UTC)),
        ("2026-07-03T06:00", datetime(2026, 7, 3, 5, 0, tzinfo=UTC)),
        ("2026-07-03T06:00Z", datetime(2026, 7, 3, 6, 0, tzinfo=UTC)),
        ("2026-12-01 06:00", datetime(2026, 12, 1, 6, 0, tzinfo=UTC)),
    ],
)
def test_an_embargo_is_the_stations_own_time(value: str, expected: datetime) -> None:
    assert read_embargo(value, now=NOW, zone=ZoneInfo("Europe/London")) == expected


def test_the_morning_after_the_clocks_go_back_is_at_its_own_hour() -> None:
    evening = datetime(2026, 10, 24, 21, 0, tzinfo=UTC)

    assert read_embargo("06:00", now=evening, zone=ZoneInfo("Europe/London")) == datetime(
        2026, 10, 25, 6, 0, tzinfo=UTC
    )


@pytest.mark.parametrize("value", ["24:00", "noon", "", "9999-12-31T23:00-05:00"])
def test_an_invalid_embargo_is_wrong_usage(value: str) -> None:
    with pytest.raises(click.UsageError, match="--embargo"):
        read_embargo(value, now=NOW, zone=ZoneInfo("Europe/London"))


def test_an_embargo_that_has_passed_is_no_wrong_usage() -> None:
    with pytest.raises(BulletinError, match="01 Jul 2026 07:00 has passed already"):
        read_embargo("2026-07-01T06:00Z", now=NOW, zone=ZoneInfo("Europe/London"))


def test_a_withdrawn_story_is_unblocked_by_any_of_its_ids() -> None:
    """A withdrawal blocks id, link and words: all must be removed, or the story never airs again."""
    later = NOW + timedelta(days=1)
    with Archive.open(Path("output/.bulletin/archive.sqlite")) as archive:
        for entry in ("gazette:1", "g.example/1", "hash:0b27"):
            archive.add_kill("hill", Kill(entry=entry, added_at=NOW, note="Bridge closes"))
        archive.add_kill("hill", Kill(entry="herald:7", added_at=later, note="Bridge closes"))
        archive.add_kill("hill", Kill(entry="Garrowby", added_at=NOW))

    removed = invoke(kill, "remove", "Gazette:1", "hill.toml")
    listed = invoke(kill, "list", "hill.toml").output

    assert '"Bridge closes": unblocked' in removed.output
    assert "with its title: herald:7" in removed.output
    assert [line.split()[0] for line in listed.splitlines()] == ["Marrow", "Garrowby", "herald:7"]


def test_an_empty_list_says_so() -> None:
    Path("dale.toml").write_text('name = "Dale"\n', encoding="utf-8")

    assert invoke(kill, "list", "dale.toml").output == "The kill list is empty.\n"


@pytest.mark.slow
def test_a_doubtful_kill_list_is_reported_until_a_person_confirms_it() -> None:
    assert invoke(kill, "Garrowby", "--station", "hill.toml").exit_code == 0
    Path("output/.bulletin/archive.kills").unlink()

    doubtful = invoke(kill, "list", "hill.toml").output
    confirmed = invoke(kill, "confirm", "hill.toml")

    assert (
        "The kill list may be incomplete: the file archive.kills, a copy of the kill list, is missing"
        in doubtful
    )
    assert confirmed.exit_code == 0
    assert "counts as complete" in confirmed.output
    assert "incomplete" not in invoke(kill, "list", "hill.toml").output
