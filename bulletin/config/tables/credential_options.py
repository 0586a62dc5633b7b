"""Content Credentials: who signs a station's MP3s."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from bulletin.config.types.option_types import Options


class CredentialsOptions(Options):
    """A manifest in each MP3 that says how it was made, signed by the station; off until it has a certificate."""

    certificate: str = ""
    """PEM, the chain from the station's own to the one before the root; relative to the profile."""
    key: str = Field(default="", repr=False)
    """PEM file, relative to the profile, readable by nobody else; or "env:NAME", which holds the PEM itself."""
    algorithm: Literal["es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519"] = "es256"
    """As the key is."""
    timestamps: str = ""
    """Address of a time-stamping authority (RFC 3161); without one a signature ends with its certificate."""

    @model_validator(mode="after")
    def _needs_both(self) -> Self:
        if bool(self.certificate) != bool(self.key):
            raise ValueError("a certificate needs its key, and a key its certificate")
        return self
