"""Profile -> Findings: whether its bulletins are heard before they are published."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.config.profile_options import Profile
from bulletin.language.language_folders import base_of
from bulletin.model.diagnostic_findings import Finding, ok, warning
from bulletin.normalization.load_number_and_abbreviation_tables import ENGLISH
from bulletin.pipeline.hear_before_publication import is_switched_off
from bulletin.recognition.hear_bulletin import verify_recognisers, why_no_hearing
from bulletin.runtime.whisper_models import RecogniserError

_PART = "hearing"


def check_hearing(profile: Profile) -> Iterator[Finding]:
    """What hears the bulletins, or why nothing does; a fault is a warning, because bulletins go out unheard."""
    hear = profile.speech.hear
    if hear == "off" or is_switched_off():
        yield ok(_PART, "switched off: bulletins are published unheard")
    elif hear == "auto" and (problem := why_no_hearing()):
        yield ok(_PART, f"bulletins are published unheard: hearing {problem}")
    else:
        try:
            verify_recognisers()
            yield ok(_PART, _what_happens(profile))
        except RecogniserError as error:
            yield warning(_PART, f"bulletins are published unheard: {error}")


def _what_happens(profile: Profile) -> str:
    tags = (profile.language, *profile.speech.languages)
    alone = ", ".join(tag for tag in tags if base_of(tag) != ENGLISH)
    if not alone:
        return "two recognisers hear each bulletin before it is published"
    text = f"one recogniser hears sentences in {alone} before they are published, and only reports what it doubts"
    return text if len(tags) == alone.count(",") + 1 else f"two recognisers hear each bulletin; {text}"
