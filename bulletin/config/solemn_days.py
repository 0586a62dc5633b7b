"""A profile -> the same for days on which nobody should smile; pure."""

from __future__ import annotations

from bulletin.config.profile_options import Profile


def settle_mood(profile: Profile) -> Profile:
    """
    What `mood` asks for, as options of the parts that heed it.

    "obituary": light stories are left out, the bed is off, our bright jingles give way to the serious ones,
    and the station's own opening, ident and closing, which may be cheerful, to the language's plain ones.
    An ident without words stays so, and so do the station's own jingles.
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
