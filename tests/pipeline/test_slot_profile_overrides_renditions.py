"""Slots with different renditions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bulletin.config.load_profile import load_profile
from bulletin.pipeline.slot_profile_overrides import overrides_of
from bulletin.schedule.plan_slots import slots_of
from bulletin.station.build_station_object import override_profile

PROFILE = """\
name = "Valley Radio"
time_zone = "UTC"
[[clock.slots]]
at = "07:00"
outputs = ["fm"]
[[clock.slots]]
at = "08:00"
outputs = ["podcast"]
[[feeds]]
url = "gazette.rss"
[outputs]
make = ["fm", "podcast"]
"""


def test_each_slot_makes_only_its_own_renditions(tmp_path: Path) -> None:
    """A slot may leave out renditions of another slot without a profile error."""
    path = tmp_path / "valley.toml"
    path.write_text(PROFILE, encoding="utf-8")
    loaded = load_profile(str(path))
    slots = slots_of(
        loaded, since=datetime(2026, 11, 25, tzinfo=UTC), until=datetime(2026, 11, 26, tzinfo=UTC)
    )

    renditions = [override_profile(loaded.profile, overrides_of(loaded, slot)).outputs.make for slot in slots]

    assert renditions == [("fm",), ("podcast",)]
