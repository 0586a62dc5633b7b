"""Stand-by chain without a fresh bulletin: the playout finds a real file at every step."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pytest
import soundfile

from bulletin.archive.record_dataclasses import Kill
from bulletin.audio.quality.inspect_sound_file import QualityLimits, inspect
from bulletin.config.load_profile import load_profile
from bulletin.errors import OutletError
from bulletin.model import Level
from bulletin.pipeline.changes.withdraw_story import recall_story
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.publishing.move_standby_files_on_air import pulled_folder
from bulletin.service.http.convert_sound_for_playout import convert
from bulletin.service.slots.choose_bulletin_for_playout import find_candidate
from bulletin.service.slots.publish_best_standby import mix_aside, put_standby
from bulletin.station.build_station_object import STATE, Station, open_station
from tests.support import factories

pytestmark = pytest.mark.slow

SEVEN = datetime(2026, 11, 25, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
ITEM = (
    "<item><title>{title}</title><link>https://g.example/{n}</link><guid>{n}</guid>"
    "<pubDate>Wed, 25 Nov 2026 06:00:00 GMT</pubDate><description>{text}</description></item>"
)
TEXT = (
    "The bridge over the River Wex closes next month for six weeks of repairs. "
    "The county council said drivers should use the A361. "
    "Councillor Joan Pethick said the work would cost 3.5 million pounds. "
    "Traders in Bridge Street fear that shoppers will stay away until the spring."
)
PROFILE = """\
name = "Valley Radio"
frequencies = ["103.5"]
length = "0:40"
{options}
[[feeds]]
url = "gazette.rss"
[speech]
chain = ["tone"]
[outputs]
make = [{make}]
[outputs.fm]
format = "flac"
"""


@contextmanager
def station(folder: Path, options: str = "", *, make: str = '"fm"') -> Iterator[Station]:
    item = ITEM.format(title="Bridge over the Wex to close for repairs", n=1, text=TEXT)
    (folder / "gazette.rss").write_text(
        f'<rss version="2.0"><channel><title>Gazette</title>{item}</channel></rss>', encoding="utf-8"
    )
    path = folder / "valley.toml"
    path.write_text(PROFILE.format(options="", make=make) + options, encoding="utf-8")
    with open_station(load_profile(str(path)), output=folder / "output") as built:
        yield built


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Station with the seven o'clock bulletin."""
    folder = tmp_path_factory.mktemp("made")
    with station(folder) as built:
        make_bulletin(built, now=SEVEN - timedelta(minutes=5), due=SEVEN)
    return folder


@pytest.fixture
def seven(made: Path, tmp_path: Path) -> Path:
    """Copy of `made` for a single test."""
    copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def read_side_file(built: Station) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((built.folder / "fm.json").read_text(encoding="utf-8"))
    return data


def test_the_last_bulletin_airs_again_at_the_same_length(seven: Path) -> None:
    with station(seven) as built:
        before = (built.folder / "fm.flac").read_bytes()

        level, note = put_standby(built, due=SEVEN + HOUR, now=SEVEN + HOUR)

        assert (level, note) == (Level.LAST_GOOD, "")
        assert (built.folder / "fm.flac").read_bytes() != before
        report = inspect(
            built.folder / "fm.flac",
            limits=QualityLimits(loudness_lufs=-23.0, duration_s=40.0, true_peak_dbtp=-1.0),
        )
        assert report.faults == ()
        assert (read_side_file(built)["level"], read_side_file(built)["due"]) == (
            "last-good",
            (SEVEN + HOUR).isoformat(),
        )


def test_a_bulletin_of_a_fast_clock_is_not_the_last_good_one(seven: Path) -> None:
    """For years it would belong to a later hour, and stand-bys would have no news."""
    ahead = SEVEN + timedelta(days=3652)
    with station(seven) as built:
        built.archive.record_bulletin(
            "valley",
            factories.make_bulletin(seven / "a.mp3", factories.make_script(at=ahead)),
            made_at=ahead,
            timings={},
        )

        level, _ = put_standby(built, due=SEVEN + HOUR, now=SEVEN + timedelta(minutes=10))

        assert level is Level.LAST_GOOD


@pytest.mark.slow
def test_a_fresh_bulletin_replaces_the_stand_by(seven: Path) -> None:
    with station(seven, "[stories]\nrepeats = 9\n") as built:
        put_standby(built, due=SEVEN + HOUR, now=SEVEN + timedelta(minutes=10))

        make_bulletin(built, now=SEVEN + timedelta(minutes=55), due=SEVEN + HOUR, again=True)

        assert read_side_file(built)["level"] == "fresh"


@pytest.mark.parametrize("hours", [3, 30])
def test_a_bulletin_that_is_too_old_gives_way_to_the_evergreen(seven: Path, hours: int) -> None:
    with station(seven) as built:
        level, note = put_standby(built, due=SEVEN + hours * HOUR, now=SEVEN + hours * HOUR)

        assert (level, note) == (Level.EVERGREEN, "the last bulletin is older than 2 h")
        assert inspect(built.folder / "fm.flac").faults == ()
        assert 4 < inspect(built.folder / "fm.flac").duration_s < 40


def test_a_station_may_have_recorded_its_evergreen(tmp_path: Path) -> None:
    times = np.arange(8 * 32_000) / 32_000
    soundfile.write(tmp_path / "sorry.wav", 0.3 * np.sin(2 * np.pi * 300 * times), 32_000)
    with station(tmp_path, '[standby]\nevergreen = "sorry.wav"\n') as built:
        level, note = put_standby(built, due=SEVEN, now=SEVEN)

        assert (level, note) == (Level.EVERGREEN, "no bulletin was made yet")
        assert inspect(built.folder / "fm.flac", limits=QualityLimits(loudness_lufs=-23.0)).faults == ()
        assert inspect(built.folder / "fm.flac").duration_s > 8


def test_a_missing_recording_is_reported_and_words_replace_it(tmp_path: Path) -> None:
    with station(tmp_path, '[standby]\nevergreen = "gone.wav"\nwords = "Stay with us."\n') as built:
        level, note = put_standby(built, due=SEVEN, now=SEVEN)

        assert level is Level.EVERGREEN
        assert "no evergreen:" in note
        assert "gone.wav" in note


def test_without_any_voice_the_ident_airs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with station(tmp_path) as built:
        pass
    path = tmp_path / "valley.toml"
    path.write_text(path.read_text().replace('"tone"', '"espeak"'), encoding="utf-8")
    with open_station(load_profile(str(path)), output=tmp_path / "output") as built:
        level, note = put_standby(built, due=SEVEN, now=SEVEN)

        assert level is Level.IDENT
        assert "espeak" in note
        assert inspect(built.folder / "fm.flac", limits=QualityLimits(loudness_lufs=-23.0)).faults == ()


def test_a_repeated_bulletin_says_that_it_is_from_earlier(seven: Path) -> None:
    with station(seven) as built:
        put_standby(built, due=SEVEN + HOUR, now=SEVEN + HOUR)
        aired = built.archive.bulletins("valley")[0]

    words = " ".join(passage.text for passage in aired.running_order)
    assert "that we brought you earlier, at seven" in words
    assert "The bridge over the River Wex closes" in words


@pytest.mark.parametrize("hours", [0, -1])
def test_a_bulletin_for_this_or_a_later_hour_is_not_repeated(seven: Path, hours: int) -> None:
    """The clock was set back, or a file was deleted within its own hour."""
    with station(seven) as built:
        level, note = put_standby(built, due=SEVEN + hours * HOUR, now=SEVEN)

    assert level is Level.EVERGREEN
    assert note == "the last bulletin is for this hour or a later one"


@pytest.mark.slow
def test_a_repeated_stand_by_keeps_the_age_of_its_news(seven: Path) -> None:
    """The news itself must be fresh enough, however often it aired again."""
    with station(seven) as built:
        levels = [put_standby(built, due=SEVEN + n * HOUR, now=SEVEN + n * HOUR)[0] for n in range(1, 5)]

    assert levels == [Level.LAST_GOOD, Level.LAST_GOOD, Level.EVERGREEN, Level.EVERGREEN]


def test_a_story_that_was_killed_since_does_not_air_again(seven: Path) -> None:
    with station(seven) as built:
        built.archive.add_kill("valley", Kill(entry="River Wex", added_at=SEVEN))

        level, note = put_standby(built, due=SEVEN + HOUR, now=SEVEN + HOUR)

    assert (level, note) == (Level.EVERGREEN, "every story of the last bulletin was killed since")


def test_a_stand_by_is_complete_though_the_jingles_are_broken(tmp_path: Path) -> None:
    (tmp_path / "ident.wav").write_bytes(b"RIFF but no more")
    with station(tmp_path, '[imaging]\nident = "ident.wav"\nclosing = "gone.wav"\n') as built:
        level, _ = put_standby(built, due=SEVEN, now=SEVEN)

        assert level is Level.EVERGREEN
        assert inspect(built.folder / "fm.flac").faults == ()


@pytest.mark.slow
def test_when_no_stand_by_can_be_written_the_old_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, and then an unexpected error."""
    with station(tmp_path) as built:
        put_standby(built, due=SEVEN, now=SEVEN)
        before = (built.folder / "fm.flac").read_bytes(), read_side_file(built)

        for error in (OSError(errno.ENOSPC, "No space left on device"), RuntimeError("a bug")):
            with monkeypatch.context() as patch:
                patch.setattr("bulletin.publishing.atomic_file_batch._flush", _raise(error))
                with pytest.raises(OutletError, match="no stand-by could be made"):
                    put_standby(built, due=SEVEN + HOUR, now=SEVEN + HOUR)

            assert ((built.folder / "fm.flac").read_bytes(), read_side_file(built)) == before
            assert list(built.folder.glob("part-*")) == []


def _raise(error: Exception) -> Callable[[Any], None]:
    def fail(_: Any) -> None:
        raise error

    return fail


def test_a_station_without_an_on_air_rendition_gets_no_stand_by(tmp_path: Path) -> None:
    with station(tmp_path, make='"podcast"') as built:
        level, note = put_standby(built, due=SEVEN, now=SEVEN)

        assert level is Level.LAST_GOOD
        assert "nothing is on air by the clock" in note
        assert list(built.folder.iterdir()) == []


def test_a_stand_by_for_the_pull_endpoint_changes_no_public_file(tmp_path: Path) -> None:
    with station(tmp_path, make='"podcast"') as built:
        before = sorted(built.folder.iterdir())

        level = mix_aside(built, due=SEVEN, now=SEVEN, folder=tmp_path / "aside")

        candidate = find_candidate(tmp_path / "aside", "standby")
        assert candidate
        assert (level, candidate.level, candidate.due) == (Level.EVERGREEN, Level.EVERGREEN, SEVEN)
        limits = QualityLimits(loudness_lufs=-16.0, true_peak_dbtp=-1.5)
        assert inspect(candidate.path, limits=limits).faults == ()
        assert sorted(built.folder.iterdir()) == before


@pytest.mark.slow
@pytest.mark.parametrize("is_in_profile", [False, True])
def test_a_word_that_only_the_article_holds_keeps_its_story_off_the_stand_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_in_profile: bool
) -> None:
    """`bulletin kill` withdraws the bulletin by that word, so the stand-by must not bring the story back."""
    more = "A man called {n} said the road stays open to buses, and he drives one every day to the sea. "
    monkeypatch.setattr(f"{__name__}.TEXT", TEXT + "".join(more.format(n=n) for n in ("Albert", "Zachary")))
    with station(tmp_path) as built:
        make_bulletin(built, now=SEVEN - timedelta(minutes=5), due=SEVEN)
        words = " ".join(passage.text for passage in built.archive.bulletins("valley")[0].running_order)
        assert "Wex" in words
        assert "Zachary" not in words
        if not is_in_profile:
            built.archive.add_kill("valley", Kill(entry="Zachary", added_at=SEVEN))
    with station(tmp_path, '[stories]\nkill = ["Zachary"]\n' if is_in_profile else "") as built:
        level, note = put_standby(built, due=SEVEN + HOUR, now=SEVEN + HOUR)

    assert level is Level.EVERGREEN
    assert note == "every story of the last bulletin was killed since"


def test_a_killed_story_leaves_the_stand_by_of_the_pull_endpoint(seven: Path) -> None:
    aside = pulled_folder(seven / "output" / STATE, "valley")
    with station(seven) as built:
        assert mix_aside(built, due=SEVEN + HOUR, now=SEVEN + HOUR, folder=aside) is Level.LAST_GOOD
        convert(aside / "standby.flac", "wav", folder=aside / "converted")

        recall_story(built, "Pethick", now=SEVEN + HOUR)

    assert [path for path in aside.rglob("*") if path.is_file()] == []


def test_the_stand_by_of_the_pull_endpoint_has_on_air_loudness(tmp_path: Path) -> None:
    """Even without a time check, where stand-bys never go on air."""
    aside = pulled_folder(tmp_path / "output" / STATE, "valley")
    with station(tmp_path, "time_check = false\n", make='"podcast", "fm"') as built:
        mix_aside(built, due=SEVEN, now=SEVEN, folder=aside)

    assert inspect(aside / "standby.flac", limits=QualityLimits(loudness_lufs=-23.0)).faults == ()
