"""Pull endpoint: the bulletin that is sent, for every state of the folder."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from bulletin.audio.metering.loudness import measure_lufs
from bulletin.errors import ConfigError, NoStoryError
from bulletin.model import Level
from bulletin.publishing.move_standby_files_on_air import prepared_folder
from bulletin.runtime.read_sound_file import read_sound, write_flac
from bulletin.service.http.convert_sound_for_playout import convert
from bulletin.service.slots.choose_bulletin_for_playout import PullCandidate, choose_candidate
from tests.service.http.pull_station import NOW, World, opened, world  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow


def test_the_newest_bulletin_is_sent_with_its_age_and_level(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=20))

    with opened(world) as ask:
        answer = ask("?max_age=3600")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert answer.headers["cache-control"] == "no-cache"
    assert (answer.headers["bulletin-age"], answer.headers["bulletin-level"]) == ("1200", "fresh")
    assert answer.headers["bulletin-rendition"] == "fm"
    assert answer.content.startswith(b"RIFF")
    assert world.maker.asked == 0


def test_either_format_is_sent_whatever_the_station_makes(world: World, tmp_path: Path) -> None:
    world.lay("fm", made=NOW, seconds=3.0)

    with opened(world) as ask:
        for name, kind in (("bulletin.mp3", "audio/mpeg"), ("bulletin.wav", "audio/wav")):
            answer = ask(name=name)
            (tmp_path / name).write_bytes(answer.content)
            assert answer.headers["content-type"] == kind
            # MP3 pads to whole frames
            assert soundfile.info(tmp_path / name).duration == pytest.approx(3.0, abs=0.06)


def test_the_last_good_bulletin_is_sent_where_no_new_one_can_be_made(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))
    world.maker.error = NoStoryError("nothing is new")

    with opened(world) as ask:
        answer = ask("?max_age=1800")
        again = ask("?max_age=1800")

    assert (answer.status_code, answer.headers["bulletin-level"]) == (200, "last-good")
    assert answer.headers["bulletin-age"] == "3000"
    assert again.content == answer.content
    assert world.maker.asked == 1  # no second request at once


def test_without_any_bulletin_the_ident_is_sent(world: World, tmp_path: Path) -> None:
    world.maker.error = NoStoryError("nothing is new")

    with opened(world) as ask:
        answer = ask(name="bulletin.mp3")

    (tmp_path / "ident.mp3").write_bytes(answer.content)
    assert (answer.status_code, answer.headers["bulletin-level"]) == (200, "ident")
    assert soundfile.info(tmp_path / "ident.mp3").duration > 1


def test_yesterdays_news_is_never_sent(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(hours=3))
    world.maker.error = NoStoryError("nothing is new")

    with opened(world) as ask:
        assert ask().headers["bulletin-level"] == "ident"


def test_news_of_a_fast_clock_is_not_sent_for_years(world: World) -> None:
    world.maker.error = NoStoryError("nothing is new")

    with opened(world) as ask:
        world.lay("fm", made=NOW + timedelta(hours=1))
        assert ask().headers["bulletin-level"] == "fresh", (
            "it was set back by an hour, and what lies there is true"
        )
        world.lay("fm", made=NOW + timedelta(days=3652))
        assert ask().headers["bulletin-level"] == "ident"


def test_a_prepared_stand_by_goes_before_the_ident(world: World) -> None:
    world.maker.error = NoStoryError("nothing is new")
    path = world.lay("fm", made=NOW, level="evergreen")
    aside = world.folder.parent / ".bulletin" / "pull" / "valley"
    aside.mkdir(parents=True)
    side_file = json.loads((world.folder / "fm.json").read_text())
    (aside / "standby.json").write_text(json.dumps(side_file | {"audio": "standby.flac"}), encoding="utf-8")
    shutil.move(path, aside / "standby.flac")

    with opened(world) as ask:
        answer = ask()

    assert (answer.headers["bulletin-level"], answer.headers["bulletin-rendition"]) == (
        "evergreen",
        "standby",
    )


def test_a_prepared_stand_by_is_sent_when_its_slot_has_come(world: World) -> None:
    """Where the public folder is read-only, the stand-by is sent from its own folder, not before its slot."""
    world.maker.error = NoStoryError("nothing is new")
    news = world.lay("fm", made=NOW - timedelta(minutes=70))
    aside = prepared_folder(world.folder.parent / ".bulletin", "valley")
    aside.mkdir(parents=True)
    shutil.copy(news, aside / "fm.flac")
    side_file = {"audio": "fm.flac", "level": "last-good", "made": (NOW - timedelta(minutes=50)).isoformat()}
    levels = []

    with opened(world) as ask:
        for due in (NOW + timedelta(minutes=5), NOW - timedelta(minutes=5)):
            (aside / "fm.json").write_text(json.dumps(side_file | {"due": due.isoformat()}), encoding="utf-8")
            levels.append((ask("?wait=0").headers["bulletin-due"], due.isoformat()))

    assert levels[0][0] == (NOW - timedelta(minutes=70)).isoformat()
    assert levels[1][0] == levels[1][1]


def test_broken_audio_is_passed_over(world: World) -> None:
    world.lay("fm", made=NOW).write_bytes(b"no sound at all")

    with opened(world) as ask:
        answer = ask()

    assert (answer.status_code, answer.headers["bulletin-level"]) == (200, "ident")


def test_a_read_only_disk_still_gives_audio(world: World) -> None:
    (world.folder.parent / ".bulletin").write_bytes(b"in the way")

    with opened(world) as ask:
        answer = ask("?wait=0")

    assert (answer.status_code, answer.headers["bulletin-level"]) == (200, "ident")
    assert answer.content.startswith(b"RIFF")


def test_head_and_ranges(world: World) -> None:
    world.lay("fm", made=NOW)

    with opened(world) as ask:
        head, part = ask(method="HEAD"), ask(Range="bytes=0-3")
        full = ask()

    assert head.headers["content-length"] == str(len(full.content))
    assert head.headers["bulletin-level"] == "fresh"
    assert (part.status_code, part.content) == (206, b"RIFF")


@pytest.mark.parametrize(
    "query", ["?max_age=soon", "?max_age=-5", "?max_age=", "?max_age=1e9", "?max_age=1.5", "?wait=soon"]
)
def test_a_limit_that_cannot_be_read_is_a_bad_request(world: World, query: str) -> None:
    world.lay("fm", made=NOW)

    with opened(world) as ask:
        answer = ask(query)

    name = query[1:].partition("=")[0]
    assert answer.status_code == 400
    assert name in answer.text
    assert f"write {name}=600" in answer.text


def test_an_unknown_station_or_format_is_not_found(world: World) -> None:
    with opened(world) as ask:
        assert ask(name="bulletin.ogg").status_code == 404
        assert ask(name="../nobody/bulletin.mp3").status_code == 404


def test_a_file_deleted_before_it_is_opened_is_no_error(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A withdrawal or the sweep of converted files comes between the look-up and the opening."""
    world.lay("fm", made=NOW)
    taken: list[Path] = []

    def convert_and_take(*args: Any, **options: Any) -> Path:
        path = convert(*args, **options)
        if not taken:
            taken.append(path)
            path.unlink()
        return path

    monkeypatch.setattr("bulletin.service.http.serve_newest_bulletin.convert", convert_and_take)
    with opened(world) as ask:
        answer = ask()

    assert taken
    assert (answer.status_code, answer.headers["bulletin-level"]) == (200, "fresh")
    assert answer.content[:4] == b"RIFF"


def loudness_and_rate(path: Path) -> tuple[float, int]:
    """Integrated loudness in LUFS and sampling rate in Hz."""
    samples, rate_hz = read_sound(path)
    return measure_lufs(samples, rate_hz=rate_hz), rate_hz


def lay_podcast(world: World, *, made: datetime) -> None:
    """Write latest.mp3 at podcast loudness, with its side file."""
    wave = np.random.default_rng(7).normal(0, 0.1, 44_100 * 3).astype(np.float32)
    gain = 10 ** ((-16 - measure_lufs(wave[:, None], rate_hz=44_100)) / 20)
    write_flac(world.folder / "x.flac", wave * np.float32(gain), rate_hz=44_100)
    shutil.move(
        convert(world.folder / "x.flac", "mp3", folder=world.folder / "c"), world.folder / "latest.mp3"
    )
    side_file = {"audio": "a.mp3", "level": "fresh", "due": made.isoformat(), "made": made.isoformat()}
    (world.folder / "latest.json").write_text(json.dumps(side_file), encoding="utf-8")


def test_the_podcast_is_never_sent_in_place_of_the_fm_rendition(world: World, tmp_path: Path) -> None:
    lay_podcast(world, made=NOW)
    world.lay("fm", made=NOW - timedelta(minutes=40))
    world.maker.error = NoStoryError("nothing is new")

    with opened(world) as ask:
        renditions = {
            ask(query, name=name).headers["bulletin-rendition"]
            for query in ("", "?max_age=60&wait=0")
            for name in ("bulletin.wav", "bulletin.mp3")
        }
        (world.folder / "fm.json").unlink()
        ident = ask("?max_age=60&wait=0")

    assert renditions == {"fm"}
    assert ident.headers["bulletin-level"] == "ident"


@pytest.mark.parametrize("name", ["bulletin.wav", "bulletin.mp3"])
def test_the_ident_has_the_loudness_and_the_rate_of_the_fm_rendition(
    world: World, tmp_path: Path, name: str
) -> None:
    world.maker.error = NoStoryError("nothing is new")

    with opened(world) as ask:
        (tmp_path / name).write_bytes(ask("?wait=0", name=name).content)

    lufs, rate_hz = loudness_and_rate(tmp_path / name)
    assert lufs == pytest.approx(world.loaded.profile.outputs.fm.loudness_lufs, abs=0.3)
    assert rate_hz == 48_000


def test_a_station_without_an_fm_rendition_has_its_podcast_at_the_loudness_of_the_air(tmp_path: Path) -> None:
    world = World(tmp_path, make='"podcast"')
    lay_podcast(world, made=NOW)

    with opened(world) as ask:
        for name in ("bulletin.wav", "bulletin.mp3"):
            answer = ask(name=name)
            assert answer.headers["bulletin-rendition"] == "podcast"
            (tmp_path / name).write_bytes(answer.content)

    lufs, rate_hz = loudness_and_rate(tmp_path / "bulletin.wav")
    assert (lufs, rate_hz) == (pytest.approx(-23, abs=0.2), 48_000)
    assert loudness_and_rate(tmp_path / "bulletin.mp3")[0] == pytest.approx(-16, abs=0.6)


def test_with_a_token_only_clients_that_send_it_may_fetch(tmp_path: Path) -> None:
    world = World(tmp_path, '[pull]\ntoken = "let-me-in"')
    world.lay("fm", made=NOW)

    with opened(world) as ask:
        refused, wrong = ask(), ask("?token=guess")
        header, query = ask(Authorization="Bearer let-me-in"), ask("?token=let-me-in")
        both = ask("?token=guess", Authorization="bearer let-me-in")

    answers = (refused, wrong, header, query, both)
    assert [answer.status_code for answer in answers] == [401, 401, 200, 200, 200]
    assert "token" in refused.text
    assert refused.headers["www-authenticate"] == "Bearer"
    assert world.maker.asked == 0


@pytest.mark.parametrize(
    ("networks", "status"),
    [('["127.0.0.0/8", "::1"]', 200), ('["192.168.1.0/24"]', 403), ('"127.0.0.1"', 200)],
)
def test_with_networks_only_clients_in_them_may_fetch(tmp_path: Path, networks: str, status: int) -> None:
    world = World(tmp_path, f"[pull]\nnetworks = {networks}")
    world.lay("fm", made=NOW)

    with opened(world) as ask:
        assert ask().status_code == status


def test_behind_a_proxy_the_client_address_is_the_forwarded_one(tmp_path: Path) -> None:
    world = World(tmp_path, '[pull]\nnetworks = ["192.168.1.0/24"]')
    world.lay("fm", made=NOW)

    with opened(world) as ask:
        assert ask(**{"X-Forwarded-For": "192.168.1.20"}).status_code == 200
        assert ask(**{"X-Forwarded-For": "192.168.1.20, 203.0.113.9"}).status_code == 403


def test_an_invalid_network_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"valley\.toml:\d+.*pull\.networks.*192\.168\.1\.0/24"):
        World(tmp_path, '[pull]\nnetworks = ["the studio"]')


def test_news_that_is_over_gives_way_to_a_stand_by_for_this_hour() -> None:
    now = NOW
    news = candidate("fm", Level.FRESH, due=now - timedelta(minutes=80))
    standby = candidate("standby", Level.LAST_GOOD, due=now - timedelta(minutes=20))

    assert choose_candidate([news, standby], max_age_s=None, now=now, last_good_h=2) is standby
    assert choose_candidate([news], max_age_s=None, now=now, last_good_h=2) is news
    assert choose_candidate([standby, news], max_age_s=6000, now=now, last_good_h=2) is news


def test_news_of_this_hour_goes_before_a_stand_by() -> None:
    news = candidate("fm", Level.FRESH, due=NOW - timedelta(minutes=50))
    standby = candidate("standby", Level.LAST_GOOD, due=NOW)

    for max_age_s in (None, 60):
        assert choose_candidate([standby, news], max_age_s=max_age_s, now=NOW, last_good_h=2) is news


def candidate(kind: str, level: Level, *, due: datetime) -> PullCandidate:
    return PullCandidate(
        path=Path(kind), kind=kind, level=level, due=due, made=due, valid_until=due + timedelta(hours=1)
    )
