"""Profile with a mood -> Profile whose other options follow it; pure."""

from __future__ import annotations

from bulletin.config.profile_options import Profile


def settle_mood(profile: Profile) -> Profile:
    """
    The profile with the options that its `mood` implies.

    "obituary": light stories are left out, the bed is off, and the serious set replaces our bright jingles.
    The language's plain opening, ident and closing replace the station's own, which may be cheerful. An ident
    without words and the station's own jingles stay.
    """
    if profile.mood == "normal":
        return profile
    script = profile.script
    plain = {"opening": "", "closing": "", "ident": script.ident if script.ident == "none" else ""}
    return profile.model_copy(
        update={
            "stories": profile.stories.model_copy(update={"light": False}),
            "script": script.model_copy(update=plain),
            "imaging": profile.imaging.model_copy(update={"bed": "none", "style": "serious"}),
        }
    )
