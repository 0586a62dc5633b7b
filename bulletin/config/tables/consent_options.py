"""Consent to the imitation of a person's voice."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from bulletin.config.option_types import Options, matching

_Text = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=120)]


class ConsentOptions(Options):
    """Consent of a person whose voice is imitated: a voice that may be a clone reads only with it."""

    voice: Annotated[str, matching(r"[^:\s]+:\S+", 'write it as in the chain, "elevenlabs:jo"')]
    """The voice as in the chain, "elevenlabs:jo"."""
    person: _Text
    """Name of the person; listeners read it."""
    given: date
    """Day of the consent: 2026-11-02."""
    file: _Text
    """The signed consent, relative to the profile; it is never published."""
    sha256: Annotated[
        str, matching(r"[0-9a-f]{64}", "write the 64 digits that `sha256sum FILE` prints, in small letters")
    ]
    """Hash of that file."""
