"""The pull endpoint: when a bulletin is made for whoever asks, and when not."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from bulletin.service.fresh import AGAIN
from tests.service.pull_world import NOW, World, opened, world  # noqa: F401 - fixtures


def test_one_that_is_too_old_is_made_anew(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))

    with opened(world) as ask:
        answer = ask("?max_age=1800")

    assert (answer.headers["bulletin-level"], answer.headers["bulletin-age"]) == ("fresh", "0")
    assert (world.maker.asked, world.maker.within_s) == (1, 90.0)


def test_a_slot_that_is_near_goes_first(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))
    world.maker.due = [NOW + timedelta(minutes=2)]

    with opened(world) as ask:
        assert ask("?max_age=60").headers["bulletin-level"] == "last-good"
    assert world.maker.asked == 0


@pytest.mark.slow
def test_what_is_being_made_for_a_slot_is_waited_for(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))
    world.working = True
    later = threading.Timer(0.6, lambda: world.lay("fm", made=NOW))
    later.start()

    with opened(world) as ask:
        assert ask("?max_age=60").headers["bulletin-age"] == "0"
    later.join()
    assert world.maker.asked == 0


def test_many_who_ask_at_once_get_one_bulletin(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))
    ages: list[str] = []

    with opened(world) as ask:
        askers = [
            threading.Thread(target=lambda: ages.append(ask("?max_age=60").headers["bulletin-age"]))
            for _ in range(4)
        ]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()

    assert ages == ["0"] * 4
    assert world.maker.asked == 1


def test_made_again_only_after_a_while(world: World) -> None:
    assert world.fresh.ask("valley")
    assert not world.fresh.ask("somebody")
    while world.fresh.is_coming("valley"):
        threading.Event().wait(0.01)
    assert not world.fresh.ask("valley")

    world.now += AGAIN
    assert world.fresh.ask("valley")
    while world.fresh.is_coming("valley"):
        threading.Event().wait(0.01)  # it writes into this test's folder


def test_a_download_that_goes_on_makes_nothing(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))

    with opened(world) as ask:
        assert ask("?max_age=60", Range="bytes=4-").status_code == 206
    assert world.maker.asked == 0
