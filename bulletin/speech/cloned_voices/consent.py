"""Consent of the person whose voice an engine imitates: a signed file, known by its hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bulletin.errors import ConsentError


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Record of a profile's [[speech.consents]]."""

    voice: str
    """ "engine:voice", as in a chain."""
    person: str
    given: date
    file: Path
    sha256: str

    def check_day(self, today: date) -> None:
        """Raise ConsentError for a consent of a day to come, which is a slip of the pen. `today` may be a day behind."""
        if self.given > today + timedelta(days=1):
            raise ConsentError(
                f"{self.voice}: the consent of {self.person} has the date {self.given}, which is to come; "
                "correct given in [[speech.consents]]"
            )

    def check(self) -> None:
        """Raise ConsentError unless the signed file is there and unchanged."""
        about = f"{self.voice}: the consent of {self.person}"
        try:
            found = hashlib.sha256(self.file.read_bytes()).hexdigest()
        except OSError as error:
            raise ConsentError(
                f"{about} cannot be read from {self.file} ({error.strerror or error}); put the signed file there, "
                "or take the voice out of the chain"
            ) from error
        if found != self.sha256:
            raise ConsentError(
                f"{about}: {self.file} is not the file that was recorded (sha256 {found}); put the signed file back, "
                "or record the new consent in [[speech.consents]]"
            )
