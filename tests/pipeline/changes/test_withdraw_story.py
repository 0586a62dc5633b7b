"""`bulletin kill`: bulletins with a killed story leave the feed, latest.mp3 and the folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from bulletin.archive.archive import Archive
from bulletin.archive.record_dataclasses import Kill
from bulletin.cli.newsroom.kill import command
from bulletin.cli.running.log import command as log
from bulletin.config.load_profile import load_profile
from bulletin.errors import NoStoryError, OutletError
from bulletin.model import Article, Bulletin, Episode, Level
from bulletin.pipeline.changes.withdraw_story import recall_story
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.pipeline.stage_timer import Listener
from bulletin.publishing.outlet_interface import Outlet
from bulletin.runtime.files.file_lock import LockedError, hold
from bulletin.station.build_station_object import Station, open_station, publish_lock
from tests.support import factories
from tests.support.factories import NOW, make_article, make_script, make_story, make_story_script

HOUR = timedelta(hours=1)
STORIES = {
    "bridge": (
        "Bridge to close",
        """The bridge over the River Wex closes next month for six weeks of repairs.
        Councillor Joan Pethick said the work would cost 3.5 million pounds.""",
    ),
    "school": (
        "School opens its doors",
        """A school with room for six hundred children opened at Oakfold this morning.
        Its head teacher said that every classroom was full on the first day.""",
    ),
}


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    path = tmp_path / "hill.toml"
    path.write_text(
        'name = "Hill"\nlength = "0:45"\nrepeats_freely = true\n[speech]\nchain = ["tone"]\n',
        encoding="utf-8",
    )
    with open_station(load_profile(str(path)), output=tmp_path / "out") as station:
        yield station


def own(name: str) -> Article:
    title, text = STORIES[name]
    return make_article(
        id=name, feed="station", title=title, summary=text, text=text, is_local=True, link=f"https://hill.example/{name}",
        published=NOW, expires=NOW + 24 * HOUR, credit="",
    )  # fmt: skip


def make(station: Station, *names: str, after: timedelta) -> Bulletin:
    """Publish and record a fake bulletin with these stories."""
    at = NOW + after
    path = station.folder / f"hill-{at:%H}.mp3"
    path.write_bytes(f"sound of {at}".encode() * 1000)
    script = make_script(
        *(make_story_script(make_story(own(name))) for name in names), title=f"{at:%H} news", at=at
    )
    bulletin = factories.make_bulletin(path, script)
    episode = station.outlets[0].publish(bulletin)
    station.archive.record_bulletin("hill", bulletin, (episode,), made_at=at, timings={})
    return bulletin


def make_by_pipeline(station: Station, *names: str, after: timedelta) -> Bulletin:
    """Make and publish a bulletin with these stories by the real pipeline."""
    for name in STORIES:
        station.archive.remove_own_story("hill", name, at=NOW)
    for name in names:
        station.archive.add_own_story("hill", own(name))
    return make_bulletin(station, now=NOW + after).bulletin


def sound(station: Station, bulletin: Bulletin) -> Path:
    return station.folder / bulletin.renditions[0].path.name


def feed_titles(station: Station) -> list[str]:
    return etree.parse(station.folder / "feed.xml").xpath("//item/title/text()")


@pytest.mark.slow
def test_the_last_good_bulletin_replaces_the_one_with_the_killed_story(station: Station) -> None:
    good = make_by_pipeline(station, "school", after=0 * HOUR)
    bad = make_by_pipeline(station, "school", "bridge", after=HOUR)

    recalled = recall_story(station, "Pethick", now=NOW + 2 * HOUR)

    assert [delivery.title for delivery in recalled.withdrawn] == [bad.script.title]
    assert recalled.kept == ()
    assert recalled.latest is not None
    assert recalled.latest.title == good.script.title
    assert feed_titles(station) == [good.script.title]
    assert (station.folder / "latest.mp3").read_bytes() == sound(station, good).read_bytes()
    assert json.loads((station.folder / "latest.json").read_text("utf-8"))["title"] == good.script.title
    assert list(station.folder.glob(f"{sound(station, bad).stem}*")) == []


@pytest.mark.slow
def test_latest_never_shows_another_bulletin_with_the_killed_story(station: Station) -> None:
    """While two bulletins are withdrawn, latest.mp3 never becomes the other of them."""
    good = make(station, "school", after=0 * HOUR)
    make(station, "bridge", after=HOUR)
    make(station, "bridge", "school", after=2 * HOUR)
    latest_sounds: list[bytes] = []
    podcast = station.outlets[0]

    class WatchedOutlet(Outlet):
        name = podcast.name

        def check(self) -> None:
            podcast.check()

        def place(self, bulletin: Bulletin) -> Episode:
            return podcast.publish(bulletin)

        def withdraw(self, guid: str) -> None:
            podcast.withdraw(guid)
            latest_sounds.append((station.folder / "latest.mp3").read_bytes())

    recalled = recall_story(replace(station, outlets=(WatchedOutlet(),)), "bridge", now=NOW + 3 * HOUR)

    assert len(recalled.withdrawn) == 2
    assert latest_sounds == [sound(station, good).read_bytes()] * 2


def test_the_only_bulletin_is_withdrawn_without_replacement(station: Station) -> None:
    make(station, "bridge", after=0 * HOUR)

    recalled = recall_story(station, "https://www.hill.example/bridge?utm_source=x", now=NOW + HOUR)

    assert len(recalled.withdrawn) == 1
    assert recalled.latest is None
    assert feed_titles(station) == []
    assert list(station.folder.glob("*.mp3")) == []
    assert not (station.folder / "latest.json").exists()


@pytest.mark.parametrize("entry", ["bridge", "https://hill.example/bridge", "River Wex", "pethick"])
def test_a_story_is_found_by_id_link_and_word(station: Station, entry: str) -> None:
    make(station, "bridge", after=0 * HOUR)

    assert len(recall_story(station, entry, now=NOW + HOUR).withdrawn) == 1


def test_a_bulletin_without_the_story_stays(station: Station) -> None:
    make(station, "school", after=0 * HOUR)
    before = {path.name: path.read_bytes() for path in station.folder.iterdir()}

    recalled = recall_story(station, "Pethick", now=NOW + HOUR)

    assert (recalled.withdrawn, recalled.kept) == ((), ())
    assert {path.name: path.read_bytes() for path in station.folder.iterdir()} == before


def test_a_second_withdrawal_changes_nothing(station: Station) -> None:
    make(station, "bridge", after=0 * HOUR)
    recall_story(station, "Pethick", now=NOW + HOUR)

    assert recall_story(station, "Pethick", now=NOW + 2 * HOUR).withdrawn == ()


@pytest.mark.slow
def test_a_second_kill_does_not_list_again_what_was_withdrawn_from_a_playout(tmp_path: Path) -> None:
    """A playout's file has no episode that the archive could mark."""
    path = tmp_path / "hill.toml"
    playout = '[outputs]\nmake = ["fm"]\n[speech]\nchain = ["tone"]\n'
    path.write_text(f'name = "Hill"\nlength = "0:45"\n{playout}', encoding="utf-8")
    with open_station(load_profile(str(path)), output=tmp_path / "out") as station:
        make_by_pipeline(station, "school", "bridge", after=0 * HOUR)
        first, second = (
            recall_story(station, word, now=NOW + HOUR).withdrawn for word in ("Pethick", "River Wex")
        )

    assert ([one.outlet for one in first], second) == (["fm"], ())


def test_a_withdrawal_waits_for_a_publishing_run(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    make(station, "bridge", after=0 * HOUR)
    monkeypatch.setattr("bulletin.station.build_station_object.PUBLISH_WAIT_S", 0.1)

    with hold(publish_lock(station.state, station.words.id)), pytest.raises(LockedError):
        recall_story(station, "Pethick", now=NOW + HOUR)

    assert (station.folder / "latest.mp3").exists()
    assert len(recall_story(station, "Pethick", now=NOW + HOUR).withdrawn) == 1


def test_an_outlet_that_fails_is_named(station: Station) -> None:
    make(station, "bridge", after=0 * HOUR)
    podcast = station.outlets[0]

    class FailingOutlet(Outlet):
        name = podcast.name

        def check(self) -> None:
            podcast.check()

        def place(self, bulletin: Bulletin) -> Episode:
            return podcast.publish(bulletin)

        def withdraw(self, guid: str) -> None:
            raise OutletError("feed.xml: cannot be written (Read-only file system); choose another folder")

    recalled = recall_story(replace(station, outlets=(FailingOutlet(),)), "Pethick", now=NOW + HOUR)

    assert recalled.withdrawn == ()
    [(delivery, reason)] = recalled.kept
    assert (delivery.outlet, reason) == (
        "podcast",
        "feed.xml: cannot be written (Read-only file system); choose another folder",
    )


@pytest.mark.slow
def test_a_story_killed_during_the_run_is_not_published(station: Station) -> None:
    make(station, "school", after=0 * HOUR)
    before = (station.folder / "latest.mp3").read_bytes()
    station.archive.add_own_story("hill", own("bridge"))

    class Editor(Listener):
        def begin(self, stage: str) -> None:
            if stage == "mix":
                station.archive.add_kill("hill", Kill(entry="Pethick", added_at=NOW))

    with pytest.raises(NoStoryError, match=r'was killed meanwhile \("Pethick"\)'):
        make_bulletin(station, now=NOW + HOUR, listener=Editor())

    assert (station.folder / "latest.mp3").read_bytes() == before


# ---- the command


def run(tmp_path: Path, *args: str) -> Result:
    return CliRunner().invoke(
        command, [*args, "--station", str(tmp_path / "hill.toml"), "--output", str(tmp_path / "out")]
    )


@pytest.mark.slow
def test_the_command_lists_its_withdrawals(station: Station, tmp_path: Path) -> None:
    good = make(station, "school", after=0 * HOUR)
    bad = make(station, "bridge", after=HOUR)

    result = run(tmp_path, "Pethick")

    assert result.exit_code == 0, result.output
    assert result.output.splitlines() == [
        'station hill airs no story with "Pethick" any more',
        f"Withdrawn from podcast: {bad.script.title}",
        f"latest.mp3 is now {good.script.title}",
        "Listeners keep what they have downloaded.",
    ]


@pytest.mark.parametrize("whose", [(), ("--all-stations",)])
@pytest.mark.slow
def test_the_log_says_since_when_a_killed_story_withdrew_a_bulletin(
    station: Station, tmp_path: Path, whose: tuple[str, ...]
) -> None:
    """Also of a stand-by and of a bulletin without a podcast; the moment of the first withdrawal stays."""
    make(station, "school", after=0 * HOUR)
    make(station, "bridge", "school", after=HOUR)
    repeat = make_script(
        make_story_script(make_story(own("bridge"))), title="the bridge again", at=NOW + 2 * HOUR
    )
    standby = replace(factories.make_bulletin(station.folder / "fm.mp3", repeat), level=Level.LAST_GOOD)
    on_air = Episode(outlet="fm", guid="hill-fm", title="the bridge again", published=NOW + 2 * HOUR)
    station.archive.record_bulletin("hill", standby, (on_air,), made_at=NOW + 2 * HOUR, timings={})
    before = station.archive.last_bulletin("hill")
    assert [moment for _, moment in logged(tmp_path)] == [None, None, None]

    assert "Withdrawn from" in run(tmp_path, "Pethick", *whose).output
    first = [record.withdrawn_at for record in station.archive.bulletins("hill")]
    assert "Withdrawn from" not in run(tmp_path, "River Wex", *whose).output

    assert [bool(moment) for _, moment in logged(tmp_path)] == [False, True, True]
    assert [record.withdrawn_at for record in station.archive.bulletins("hill")] == first
    last = station.archive.last_bulletin("hill")
    assert before is not None
    assert last is not None
    assert last.id == before.id, "a stand-by repeats the other stories"


def logged(tmp_path: Path) -> list[tuple[str, str | None]]:
    """Title and withdrawal of each bulletin in `bulletin log`."""
    where = ["--station", str(tmp_path / "hill.toml"), "--output", str(tmp_path / "out")]
    result = CliRunner().invoke(log, ["--since", f"{NOW:%Y-%m-%d}", "--json", *where])
    assert result.exit_code == 0, result.output
    return [(item["title"], item["withdrawn"]) for item in json.loads(result.output)]


def test_the_command_can_keep_published_bulletins(station: Station, tmp_path: Path) -> None:
    make(station, "bridge", after=0 * HOUR)

    result = run(tmp_path, "Pethick", "--keep-published")

    assert result.exit_code == 0
    assert "Withdrawn" not in result.output
    assert len(feed_titles(station)) == 1


@pytest.mark.slow
def test_the_kill_is_recorded_even_when_the_withdrawal_fails(station: Station, tmp_path: Path) -> None:
    make(station, "bridge", after=0 * HOUR)
    (tmp_path / "hill.toml").write_text('name = "Hill"\n[speech]\nchain = ["nobody"]\n', encoding="utf-8")

    result = run(tmp_path, "Pethick")

    assert result.exit_code != 0
    with Archive.open(tmp_path / "out" / ".bulletin" / "archive.sqlite") as archive:
        assert [kill.entry for kill in archive.kills("hill")] == ["Pethick"]
    assert datetime.now(UTC) - station.archive.kills("hill")[0].added_at < HOUR
