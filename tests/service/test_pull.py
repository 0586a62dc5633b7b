"""The pull endpoint: what is sent, whatever lies there."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bulletin.errors import NoStoryError
from bulletin.model import Level
from bulletin.pcm import sound_length_s
from bulletin.service.offers import Offer
from bulletin.service.pull import find_sound, patience_of
from tests.service.pull_world import NOW, World, opened, world  # noqa: F401 - fixtures


def test_the_newest_is_sent_with_its_age_and_level(world: World) -> None:
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
            assert sound_length_s(tmp_path / name) == pytest.approx(3.0, abs=0.06)  # MP3 comes in frames


def test_what_cannot_be_made_anew_is_the_last_good_one(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))
    world.maker.error = NoStoryError("nothing is new")

    with opened(world) as ask:
        answer = ask("?max_age=1800")
        again = ask("?max_age=1800")

    assert (answer.status_code, answer.headers["bulletin-level"]) == (200, "last-good")
    assert answer.headers["bulletin-age"] == "3000"
    assert again.content == answer.content
    assert world.maker.asked == 1  # not at once again


def test_without_anything_there_is_the_ident(world: World, tmp_path: Path) -> None:
    world.maker.error = NoStoryError("nothing is new")

    with opened(world) as ask:
        answer = ask(name="bulletin.mp3")

    (tmp_path / "ident.mp3").write_bytes(answer.content)
    assert (answer.status_code, answer.headers["bulletin-level"]) == (200, "ident")
    assert sound_length_s(tmp_path / "ident.mp3") > 1


def test_yesterdays_news_is_never_sent(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(hours=3))
    world.maker.error = NoStoryError("nothing is new")

    with opened(world) as ask:
        assert ask().headers["bulletin-level"] == "ident"


def test_news_of_a_clock_that_ran_ahead_is_not_sent_for_years(world: World) -> None:
    world.maker.error = NoStoryError("nothing is new")

    with opened(world) as ask:
        world.lay("fm", made=NOW + timedelta(hours=1))
        assert ask().headers["bulletin-level"] == "fresh", (
            "it was set back by an hour, and what lies there is true"
        )
        world.lay("fm", made=NOW + timedelta(days=3652))
        assert ask().headers["bulletin-level"] == "ident"


def test_a_stand_by_that_was_laid_aside_goes_before_the_ident(world: World) -> None:
    world.maker.error = NoStoryError("nothing is new")
    path = world.lay("fm", made=NOW, level="evergreen")
    aside = world.folder.parent / ".bulletin" / "pull" / "valley"
    aside.mkdir(parents=True)
    told = json.loads((world.folder / "fm.json").read_text())
    (aside / "standby.json").write_text(json.dumps(told | {"audio": "standby.flac"}), encoding="utf-8")
    shutil.move(path, aside / "standby.flac")

    with opened(world) as ask:
        answer = ask()

    assert (answer.headers["bulletin-level"], answer.headers["bulletin-rendition"]) == (
        "evergreen",
        "standby",
    )


def test_sound_that_is_broken_is_passed_over(world: World) -> None:
    world.lay("fm", made=NOW).write_bytes(b"no sound at all")

    with opened(world) as ask:
        answer = ask()

    assert (answer.status_code, answer.headers["bulletin-level"]) == (200, "ident")


def test_a_disk_that_cannot_be_written_still_gives_sound(world: World) -> None:
    (world.folder.parent / ".bulletin").write_bytes(b"in the way")

    with opened(world) as ask:
        answer = ask("?wait=0")

    assert (answer.status_code, answer.headers["bulletin-level"]) == (200, "ident")
    assert answer.content.startswith(b"RIFF")


def test_head_and_ranges(world: World) -> None:
    world.lay("fm", made=NOW)

    with opened(world) as ask:
        head, part = ask(method="HEAD"), ask(Range="bytes=0-3")
        whole = ask()

    assert head.headers["content-length"] == str(len(whole.content))
    assert head.headers["bulletin-level"] == "fresh"
    assert (part.status_code, part.content) == (206, b"RIFF")


@pytest.mark.parametrize("query", ["?max_age=soon", "?max_age=-5", "?max_age=", "?max_age=1e9&wait=x"])
def test_a_limit_that_is_none_is_none(world: World, query: str) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))

    with opened(world) as ask:
        answer = ask(query)

    assert (answer.status_code, answer.headers["bulletin-level"]) == (200, str(Level.FRESH))


@pytest.mark.parametrize(
    ("wait", "seconds"),
    [(None, 25.0), ("soon", 25.0), ("-1", 25.0), ("0", 0.0), ("40", 40.0), ("99999", 110.0)],
)
def test_nobody_waits_longer_than_askers_do(wait: str | None, seconds: float) -> None:
    assert patience_of(wait) == seconds


def test_an_unknown_station_or_format_is_not_there(world: World) -> None:
    with opened(world) as ask:
        assert ask(name="bulletin.ogg").status_code == 404
        assert ask(name="../nobody/bulletin.mp3").status_code == 404


def test_what_is_taken_away_the_moment_it_is_found_is_no_error(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A withdrawal, or the sweep of what was converted, between the look and the opening."""
    world.lay("fm", made=NOW)
    taken: list[Path] = []

    def find(*args: Any, **options: Any) -> Offer:
        offer = find_sound(*args, **options)
        if not taken:
            taken.append(offer.path)
            offer.path.unlink()
        return offer

    monkeypatch.setattr("bulletin.service.pull.find_sound", find)
    with opened(world) as ask:
        answer = ask()

    assert taken
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert answer.content[:4] == b"RIFF"
