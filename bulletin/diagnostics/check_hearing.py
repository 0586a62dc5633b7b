"""Profile -> Findings: whether its bulletins are heard before they are published."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.config.profile_options import Profile
from bulletin.model.diagnostic_findings import Finding, ok, warning
from bulletin.pipeline.hear_before_publication import is_switched_off
from bulletin.recognition.hear_bulletin import verify_recognisers, why_no_hearing
from bulletin.runtime.whisper_models import RecogniserError

_PART = "hearing"


def check_hearing(profile: Profile) -> Iterator[Finding]:
    """What hears the bulletins, or why nothing does; a fault is a warning, because bulletins go out unheard."""
    hear = profile.speech.hear
    if hear == "off" or is_switched_off():
        yield ok(_PART, "switched off: bulletins are published unheard")
    elif not profile.language.startswith("en"):
        text = f"bulletins in {profile.language} are published unheard: the recognisers compare English only"
        yield warning(_PART, text) if hear == "on" else ok(_PART, text)
    elif hear == "auto" and (problem := why_no_hearing()):
        yield ok(_PART, f"bulletins are published unheard: hearing {problem}")
    else:
        try:
            verify_recognisers()
            yield ok(_PART, "two recognisers hear each bulletin before it is published")
        except RecogniserError as error:
            yield warning(_PART, f"bulletins are published unheard: {error}")
