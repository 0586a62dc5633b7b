"""Outlets of a profile: the slots that its listener page announces."""

from __future__ import annotations

from datetime import timedelta

from bulletin.config.profile_options import Profile
from bulletin.station.build_published_outputs_from_profile import _coming_slots
from tests.support.factories import NOW


def test_only_slots_that_make_the_podcast_come() -> None:
    slots = [{"at": ["06:00", "07:30"]}, {"at": ["07:00"], "outputs": ["fm"]}]
    profile = Profile.model_validate(
        {"name": "Wexcombe Radio", "clock": {"slots": slots}, "outputs": {"make": ["podcast", "fm"]}}
    )

    coming = _coming_slots(profile, NOW - timedelta(hours=1))

    assert [f"{slot:%d %H:%M}" for slot in coming[:3]] == ["24 07:30", "25 06:00", "25 07:30"]
    assert len(coming) == 8
