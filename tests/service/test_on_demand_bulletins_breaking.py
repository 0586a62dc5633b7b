"""Breaking stories between slots: when a bulletin is made for them, and when not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.errors import NoStoryError
from bulletin.model import Episode, Level
from bulletin.service.on_demand_bulletins import BREAKING_S
from bulletin.service.station_worker import StationWorker
from tests.service.http.pull_station import NOW, World, world  # noqa: F401 - a fixture
from tests.support.factories import make_article, make_bulletin, make_script

MINUTE = timedelta(minutes=1)


@pytest.fixture
def made(world: World) -> World:
    """Station whose bulletins are made at once, in the test's thread."""
    world.fresh.submit = lambda work: work()
    return world


def test_a_waiting_story_airs_at_once(made: World) -> None:
    made.maker.breaking_since = NOW

    made.fresh.make_breaking()

    assert (made.maker.asked, made.maker.within_s) == (1, BREAKING_S)


def test_a_second_story_within_minutes_airs_too(made: World) -> None:
    """Unlike pull requests, a story added by the station itself is not throttled."""
    assert made.fresh.request("valley")
    made.now += MINUTE
    made.maker.breaking_since = made.now

    made.fresh.make_breaking()

    assert made.maker.asked == 2


def test_without_a_breaking_story_no_bulletin_is_made(made: World) -> None:
    made.fresh.make_breaking()

    assert made.maker.asked == 0


def test_a_profile_may_forbid_bulletins_between_slots(made: World) -> None:
    made.maker.breaking_since, made.maker.makes_between_slots = NOW, False

    made.fresh.make_breaking()

    assert not made.fresh.request("valley")
    assert made.maker.asked == 0


def test_a_near_slot_airs_the_story(made: World) -> None:
    made.maker.breaking_since, made.maker.due = NOW, [NOW + 2 * MINUTE]

    made.fresh.make_breaking()
    assert made.maker.asked == 0
    made.working = True
    made.fresh.is_open = lambda station, due: False
    made.fresh.make_breaking()
    assert made.maker.asked == 0


def test_if_the_near_slot_is_made_already_another_bulletin_is_made(made: World) -> None:
    made.maker.breaking_since, made.maker.due = NOW, [NOW + 2 * MINUTE]
    made.fresh.is_open = lambda station, due: False

    made.fresh.make_breaking()

    assert made.maker.asked == 1


def test_a_failing_bulletin_is_tried_three_times(made: World) -> None:
    made.maker.breaking_since, made.maker.error = NOW, NoStoryError("nothing is fit")

    for _ in range(20):
        made.fresh.make_breaking()
        made.now += MINUTE

    assert made.maker.asked == 3


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.sqlite") as opened:
        yield opened


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedProfile:
    path = tmp_path / "hill.toml"
    path.write_text('name = "Hill"\n[outputs]\nmake = ["podcast", "fm"]\n', encoding="utf-8")
    return load_profile(str(path))


def add(archive: Archive, *, begins: datetime, is_breaking: bool = True, held: bool = False) -> None:
    story = make_article(id="own-1", published=begins, expires=NOW + timedelta(hours=12))
    story = replace(story, is_breaking=is_breaking, not_before=begins if held else None)
    archive.add_own_story("hill", story)


@pytest.mark.parametrize(
    ("minute", "is_breaking", "held", "is_unaired"),
    [(0, True, False, True), (0, False, False, False), (5, True, True, False), (-5, True, True, True)],
)
def test_a_story_waits_from_the_time_it_may_air(
    archive: Archive, loaded: LoadedProfile, minute: int, is_breaking: bool, held: bool, is_unaired: bool
) -> None:
    begins = NOW + minute * MINUTE
    add(archive, begins=begins, is_breaking=is_breaking, held=held)

    assert StationWorker(loaded=loaded, output=Path(), archive=archive).unaired_since(now=NOW) == (
        begins if is_unaired else None
    )


@pytest.mark.parametrize(
    ("outlet", "minute", "level", "is_unaired"),
    [
        ("fm", 1, Level.FRESH, False),
        ("fm", -1, Level.FRESH, True),  # begun before it came
        ("podcast", 1, Level.FRESH, True),  # not on air
        ("fm", 1, Level.LAST_GOOD, True),
    ],
)
def test_a_bulletin_on_air_begun_since_has_aired_the_story(
    archive: Archive,
    loaded: LoadedProfile,
    tmp_path: Path,
    outlet: str,
    minute: int,
    level: Level,
    is_unaired: bool,
) -> None:
    add(archive, begins=NOW)
    bulletin = replace(make_bulletin(tmp_path / "a.mp3", make_script(at=NOW)), level=level)
    episode = Episode(guid="g", title="t", published=NOW, outlet=outlet)
    archive.record_bulletin("hill", bulletin, [episode], made_at=NOW + minute * MINUTE, timings={})

    assert (
        StationWorker(loaded=loaded, output=Path(), archive=archive).unaired_since(now=NOW + 2 * MINUTE)
        is not None
    ) is is_unaired
