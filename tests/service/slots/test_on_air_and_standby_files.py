"""Stand-by files: prepared beside the bulletin on air, swapped in at their slot; fresh news goes first."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from click.testing import CliRunner

from bulletin.archive.ledgers.bulletin_run_history import JournalQuery, RunJournal
from bulletin.archive.ledgers.respelled_names import RespelledNames
from bulletin.audio.quality.inspect_sound_file import inspect
from bulletin.cli.newsroom.kill import command as kill
from bulletin.config.load_profile import load_profile
from bulletin.model import Level, Slot
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.publishing.move_standby_files_on_air import prepared_folder
from bulletin.runtime.files.file_lock import hold
from bulletin.service.slots.on_air_and_standby_files import OnAirSlot, discard_outdated
from bulletin.service.slots.publish_best_standby import put_standby
from bulletin.service.station_worker import StationWorker
from bulletin.service.streams.stream_at_slot import find_ready
from bulletin.station.build_station_object import Station, open_station, publish_lock
from bulletin.station.open_archive import open_archive
from bulletin.streaming.stream_interface import StreamError
from tests.service.slots.test_publish_best_standby import HOUR, ITEM, PROFILE, SEVEN, TEXT

pytestmark = pytest.mark.slow

EIGHT, MARGIN = SEVEN + HOUR, timedelta(minutes=1)
MINUTE = timedelta(minutes=1)
CLOCK = '[[clock.slots]]\nat = "00:00-23:00"\n'


@contextmanager
def station(folder: Path, *, now: datetime, make: str = '"fm"', options: str = "") -> Iterator[Station]:
    """Station with an hourly clock, built at `now`."""
    item = ITEM.format(title="Bridge over the Wex to close for repairs", n=1, text=TEXT)
    (folder / "gazette.rss").write_text(
        f'<rss version="2.0"><channel><title>Gazette</title>{item}</channel></rss>', encoding="utf-8"
    )
    profile = PROFILE.format(options="repeats_freely = true", make=make) + CLOCK + options
    (folder / "valley.toml").write_text(profile, encoding="utf-8")
    with open_station(
        load_profile(str(folder / "valley.toml")), output=folder / "output", clock=lambda: now
    ) as built:
        yield built


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Station with the seven o'clock bulletin on air and the stand-by of eight prepared."""
    folder, at = tmp_path_factory.mktemp("prepared"), SEVEN - 5 * MINUTE
    with station(folder, now=at) as built:
        make_bulletin(built, now=at, due=SEVEN)
    with station(folder, now=SEVEN + 10 * MINUTE) as built:
        put_standby(built, due=EIGHT, now=SEVEN + 10 * MINUTE, is_prepared=True)
    return folder


@pytest.fixture
def seven(made: Path, tmp_path: Path) -> Path:
    """Copy of `made` for a single test."""
    copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def on_air(folder: Path) -> OnAirSlot:
    return OnAirSlot(output=folder / "output", loaded=load_profile(str(folder / "valley.toml")))


def level_and_due(folder: Path) -> tuple[str, str]:
    data: dict[str, Any] = json.loads((folder / "output" / "valley" / "fm.json").read_text(encoding="utf-8"))
    return data["level"], data["due"]


def test_a_prepared_stand_by_is_private_and_the_bulletin_stays_on_air(seven: Path) -> None:
    public = seven / "output" / "valley"

    assert level_and_due(seven) == ("fresh", SEVEN.isoformat())
    assert {path.name for path in public.iterdir()} == {"fm.flac", "fm.json"}
    assert {path.name for path in on_air(seven).aside.iterdir()} == {"fm.flac", "fm.json"}
    assert on_air(seven).swap_in(margin=MARGIN, now=EIGHT - MARGIN - MINUTE) == {}
    assert level_and_due(seven) == ("fresh", SEVEN.isoformat())


def test_the_stand_by_is_swapped_in_at_its_slot(seven: Path) -> None:
    aside = (on_air(seven).aside / "fm.flac").read_bytes()

    swapped = on_air(seven).swap_in(margin=MARGIN, now=EIGHT - MARGIN)

    assert {kind: (side_file.due, side_file.level) for kind, side_file in swapped.items()} == {
        "fm": (EIGHT, Level.LAST_GOOD)
    }
    assert (seven / "output" / "valley" / "fm.flac").read_bytes() == aside
    assert inspect(seven / "output" / "valley" / "fm.flac").faults == ()
    assert level_and_due(seven) == ("last-good", EIGHT.isoformat())
    assert list(on_air(seven).aside.iterdir()) == []
    assert on_air(seven).swap_in(margin=MARGIN, now=EIGHT) == {}


def test_news_made_between_slots_is_on_air_at_once(seven: Path) -> None:
    """An early swap of the next stand-by, ten minutes after the last slot, used to discard such news."""
    half_past = SEVEN + 30 * MINUTE
    with station(seven, now=half_past) as built:
        run = make_bulletin(built, now=half_past, due=half_past)

    assert [episode.kept_back for episode in run.episodes] == [""]
    assert level_and_due(seven) == ("fresh", half_past.isoformat())


@pytest.mark.slow
def test_the_stand_by_is_remade_with_news_that_came_since(seven: Path) -> None:
    half_past = SEVEN + 30 * MINUTE
    with station(seven, now=half_past) as built:
        make_bulletin(built, now=half_past, due=half_past)
    with open_archive(seven / "output") as archive:
        loaded, now = load_profile(str(seven / "valley.toml")), half_past + MINUTE
        worker = StationWorker(loaded=loaded, output=seven / "output", archive=archive, clock=lambda: now)
        slot = worker.standby_due(now)
        assert slot is not None
        assert slot.due == EIGHT
        outcome = worker.prepare(slot)
        assert (outcome.level, outcome.is_on_air) == (Level.LAST_GOOD, False)
        assert worker.standby_due(now) is None
        words = " ".join(passage.text for passage in archive.bulletins("valley")[0].running_order)

    assert "at half past seven" in words
    assert level_and_due(seven) == ("fresh", half_past.isoformat())


@pytest.mark.slow
def test_news_of_the_slot_keeps_its_place(seven: Path) -> None:
    with station(seven, now=EIGHT - 3 * MINUTE) as built:
        make_bulletin(built, now=EIGHT - 3 * MINUTE, due=EIGHT)

    assert on_air(seven).swap_in(margin=MARGIN, now=EIGHT) == {}
    assert level_and_due(seven) == ("fresh", EIGHT.isoformat())


def test_the_swap_does_not_wait_for_a_run_that_publishes(seven: Path) -> None:
    with hold(publish_lock(seven / "output" / ".bulletin", "valley")):
        assert on_air(seven).swap_in(margin=MARGIN, now=EIGHT) == {}
    assert on_air(seven).swap_in(margin=MARGIN, now=EIGHT) != {}


def test_unfinished_files_of_a_killed_writer_are_swept(seven: Path) -> None:
    """The reconciler may be the first to hold the lock after a kill."""
    state = seven / "output" / ".bulletin"
    parts = [on_air(seven).public / "part-1-fm.flac", prepared_folder(state, "valley") / "part-2-fm.flac"]
    for part in parts:
        part.write_bytes(b"half")
    publish_lock(state, "valley").write_bytes(b"at work")

    assert on_air(seven).swap_in(margin=MARGIN, now=EIGHT) != {}
    assert not any(part.exists() for part in parts)


def test_an_expired_stand_by_is_not_swapped_in(seven: Path) -> None:
    assert on_air(seven).swap_in(margin=MARGIN, now=EIGHT + HOUR) == {}
    assert level_and_due(seven) == ("fresh", SEVEN.isoformat())


def test_an_interrupted_swap_is_finished(seven: Path) -> None:
    """The writer was killed between the audio file and its side file."""
    aside = on_air(seven).aside
    (aside / "fm.flac").replace(seven / "output" / "valley" / "fm.flac")

    assert on_air(seven).swap_in(margin=MARGIN, now=EIGHT) != {}

    assert level_and_due(seven) == ("last-good", EIGHT.isoformat())
    assert list(aside.iterdir()) == []


_FULL = """
import resource, sys
from datetime import datetime, timedelta
from pathlib import Path
from bulletin.config.load_profile import load_profile
from bulletin.service.slots.on_air_and_standby_files import OnAirSlot, discard_outdated

folder, now = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
air = OnAirSlot(output=folder / "output", loaded=load_profile(str(folder / "valley.toml")))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
print(len(air.swap_in(margin=timedelta(0), now=now)))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no resource limits on Windows")
def test_the_swap_needs_no_disk_space(seven: Path) -> None:
    """The file size limit is zero: not a byte can be written."""
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(seven), EIGHT.isoformat()],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "1\n", done.stderr
    assert level_and_due(seven) == ("last-good", EIGHT.isoformat())


def test_on_another_file_system_the_stand_by_is_copied(seven: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if path.parent == prepared_folder(seven / "output" / ".bulletin", "valley"):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", replace)

    assert on_air(seven).swap_in(margin=MARGIN, now=EIGHT) != {}

    assert level_and_due(seven) == ("last-good", EIGHT.isoformat())
    assert list(on_air(seven).aside.iterdir()) == []


def test_the_as_run_log_lists_a_stand_by_only_after_the_swap(seven: Path) -> None:
    query = JournalQuery(since=EIGHT, until=EIGHT + HOUR)
    loaded = load_profile(str(seven / "valley.toml"))
    with open_archive(seven / "output") as archive:
        before = list(RunJournal(archive).aired("valley", query))
        everything = list(RunJournal(archive).aired("valley", query, everything=True))
        worker = StationWorker(loaded=loaded, output=seven / "output", archive=archive, clock=lambda: EIGHT)
        swapped = worker.swap_in(EIGHT)
        after = list(RunJournal(archive).aired("valley", query))

    assert (before, [row.level for row in everything]) == ([], [Level.LAST_GOOD])
    assert swapped
    assert swapped[0] == EIGHT
    assert [row.level for row in after] == [Level.LAST_GOOD]


@pytest.mark.parametrize("options", [["--keep-published"], []])
def test_a_killed_story_removes_the_prepared_stand_by(seven: Path, options: list[str]) -> None:
    output = seven / "output"
    arguments = ["River Wex", "--station", str(seven / "valley.toml"), "--output", str(output), *options]

    done = CliRunner().invoke(kill, arguments, catch_exceptions=False)

    assert done.exit_code == 0, done.output
    assert list(on_air(seven).aside.iterdir()) == []


def test_deliveries_take_the_stand_by_only_after_the_swap(seven: Path) -> None:
    """Deliveries of the playout's file and of the whole folder."""
    with station(seven, now=SEVEN + 20 * MINUTE) as built:
        shelf = built.sender.shelf
        (before,), (tree,) = shelf.list_published("fm"), shelf.list_published("site")
        assert before.due == SEVEN

        on_air(seven).swap_in(margin=MARGIN, now=EIGHT)

        (after,), (changed,) = shelf.list_published("fm"), shelf.list_published("site")
    assert after.due == EIGHT
    assert len({before.guid, after.guid}) == len({tree.guid, changed.guid}) == 2


def test_a_stream_takes_the_stand_by_at_the_slot_and_not_before(seven: Path) -> None:
    """The stream takes it even where the swap was never made."""
    air = on_air(seven)

    ready = find_ready(air.public, "fm", at=EIGHT, aside=air.aside)
    assert (ready.due, ready.level, ready.item.path.parent) == (EIGHT, Level.LAST_GOOD, air.aside)
    before = find_ready(air.public, "fm", at=EIGHT - MINUTE, aside=air.aside)
    assert (before.due, before.level) == (SEVEN, Level.FRESH)
    with pytest.raises(StreamError, match="no bulletin for 09:00"):
        find_ready(air.public, "fm", at=EIGHT + HOUR, aside=air.aside)


def test_where_nothing_is_on_air_the_stand_by_goes_on_air_at_once(tmp_path: Path) -> None:
    with station(tmp_path, now=SEVEN + 20 * MINUTE), open_archive(tmp_path / "output") as archive:
        loaded, now = load_profile(str(tmp_path / "valley.toml")), SEVEN + 20 * MINUTE
        worker = StationWorker(loaded=loaded, output=tmp_path / "output", archive=archive, clock=lambda: now)
        outcome = worker.prepare(Slot(station="valley", due=EIGHT, length_s=40))

    assert (outcome.level, outcome.is_on_air) == (Level.EVERGREEN, True)
    assert level_and_due(tmp_path) == ("evergreen", EIGHT.isoformat())


@pytest.mark.parametrize(
    ("is_newer", "kill", "stays"),
    [(True, '["bridge"]', False), (False, '["bridge"]', True), (True, "[]", True)],
    ids=["changed since", "not changed", "no kill list"],
)
def test_a_stand_by_from_before_a_change_of_the_kill_list_is_discarded(
    seven: Path, is_newer: bool, kill: str, stays: bool
) -> None:
    """An editor adds the word to the profile: a stand-by prepared before still has the story."""
    profile, prepared = seven / "valley.toml", on_air(seven).aside / "fm.json"
    profile.write_text(f"{profile.read_text(encoding='utf-8')}\n[stories]\nkill = {kill}\n", encoding="utf-8")
    at = prepared.stat().st_mtime + (60 if is_newer else -60)
    os.utime(profile, (at, at))

    done = discard_outdated(load_profile(str(profile)), output=seven / "output")

    assert (done, prepared.is_file()) == (not stays, stays)
    assert level_and_due(seven) == ("fresh", SEVEN.isoformat())


def test_a_stand_by_from_before_a_respelling_is_made_anew_and_airs_until_then(seven: Path) -> None:
    now = SEVEN + 20 * MINUTE
    with open_archive(seven / "output") as archive:
        loaded = load_profile(str(seven / "valley.toml"))
        worker = StationWorker(loaded=loaded, output=seven / "output", archive=archive, clock=lambda: now)
        assert worker.standby_due(now) is None
        RespelledNames(archive, now=lambda: now - MINUTE).save("valley", "Wex", "Wecks", editor="ann")
        old = StationWorker(loaded=loaded, output=seven / "output", archive=archive, clock=lambda: now)
        slot = old.standby_due(now)
        assert slot
        assert old.files.prepared_level(slot) is Level.LAST_GOOD
        outcome = old.prepare(slot)

        assert (outcome.level, old.standby_due(now)) == (Level.LAST_GOOD, None)
    assert json.loads((on_air(seven).aside / "fm.json").read_text("utf-8"))["made"] == now.isoformat()
