"""The option `mood`: "obituary" for days of mourning."""

from __future__ import annotations

import pytest

from bulletin.config.obituary_mood_options import settle_mood
from bulletin.config.profile_options import Profile

OWN = {"opening": "Hi there!", "closing": "Keep smiling!", "ident": "The laughing station!"}


def test_a_normal_day_changes_nothing() -> None:
    profile = Profile.model_validate({"name": "Hill", "script": OWN})

    assert settle_mood(profile) is profile


def test_an_obituary_takes_away_smiles_and_music_and_nothing_else() -> None:
    options = {"name": "Hill", "script": OWN, "imaging": {"bed": "bed.wav", "ident": "ident.wav"}}
    profile = Profile.model_validate(options)

    quiet = settle_mood(Profile.model_validate(options | {"mood": "obituary"}))

    assert not quiet.stories.light
    assert quiet.imaging.bed == "none"
    assert (quiet.script.opening, quiet.script.closing, quiet.script.ident) == ("", "", "")
    assert quiet.imaging.ident == "ident.wav"
    assert quiet.audio == profile.audio
    assert quiet.stories.model_copy(update={"light": True}) == profile.stories


@pytest.mark.parametrize("mood", ["normal", "obituary"])
def test_an_ident_without_words_stays_without(mood: str) -> None:
    profile = Profile.model_validate({"name": "Hill", "mood": mood, "script": {"ident": "none"}})

    assert settle_mood(profile).script.ident == "none"


def test_an_obituary_plays_our_serious_jingles() -> None:
    profile = Profile.model_validate({"name": "Hill", "mood": "obituary", "imaging": {"style": "bright"}})

    assert settle_mood(profile).imaging.style == "serious"
