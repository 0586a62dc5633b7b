"""Health of a station as lights for editors."""

from __future__ import annotations

from typing import Any

import pytest

from bulletin.model import Level
from bulletin.newsroom.views.health_lights import Light, light_up
from bulletin.service.monitoring.station_health import OutletTrouble, StationHealth

WELL: dict[str, Any] = {"station": "demo", "feeds": 6, "engine": "hibari", "voice": "alba", "outlets": 2}


def lights_of(**changes: Any) -> dict[str, tuple[Light, str, str]]:
    standby = changes.pop("standby", Level.LAST_GOOD)
    lights = light_up(StationHealth(**(WELL | changes)), standby=standby, has_on_air=True)
    return {light.part: (light.light, light.text, light.detail) for light in lights}


def test_a_healthy_station_has_four_good_lights() -> None:
    assert lights_of() == {
        "Feeds": (Light.GOOD, "6 of 6 answer", ""),
        "Voice": (Light.GOOD, "hibari: alba", ""),
        "Outlets": (Light.GOOD, "2 of 2 work", ""),
        "Stand-by": (Light.GOOD, "ready: last bulletin", ""),
    }


@pytest.mark.parametrize(
    ("changes", "part", "light", "word"),
    [
        ({"failing_feeds": {"gazette": 3}}, "Feeds", Light.LOOK, "gazette"),
        ({"failing_feeds": {"a": 1}, "feeds": 1}, "Feeds", Light.BAD, "a"),
        ({"feeds": 0}, "Feeds", Light.BAD, "add a feed"),
        ({"is_first_voice": False}, "Voice", Light.LOOK, "first voice"),
        (
            {"failing_outlets": {"ftp": OutletTrouble(waiting=1, note="no login")}},
            "Outlets",
            Light.LOOK,
            "no login",
        ),
        ({"failing_outlets": {"ftp": OutletTrouble(given_up=1)}}, "Outlets", Light.BAD, "ftp"),
        ({"missing": ("fm",)}, "Outlets", Light.BAD, "fm: the file on air is gone"),
        ({"standby": None}, "Stand-by", Light.LOOK, "prepares it"),
    ],
)
def test_a_weak_part_is_named_with_what_is_wrong(
    changes: dict[str, Any], part: str, light: Light, word: str
) -> None:
    lights = lights_of(**changes)

    assert lights[part][0] is light
    assert word in lights[part][2]
    assert [name for name, value in lights.items() if value[0] is not Light.GOOD] == [part]


def test_an_unknown_state_is_one_bad_light_with_its_reason() -> None:
    assert lights_of(trouble="archive is locked") == {
        "Station": (Light.BAD, "state not known", "archive is locked")
    }
