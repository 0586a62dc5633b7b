"""Whom a station tells when something is wrong, how soon and how often."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bulletin.config.types.option_types import Options, listed


def _mail(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not re.fullmatch(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+", value):
            raise ValueError(f'"{value}" is not a valid e-mail address; write "engineer@example.org"')
    return values


def _smtp(value: str) -> str:
    if not value:
        return value
    address = urlsplit(value)
    if address.scheme not in ("smtp", "smtps") or not address.hostname or address.password:
        raise ValueError(
            'write it as "smtp://mail.example.org:587" (STARTTLS where offered) or "smtps://..."'
        )
    return value


def _web(value: str) -> str:
    address = urlsplit(value)
    if value and (address.scheme not in ("http", "https") or not address.hostname):
        raise ValueError('write an address, "https://example.org/hook", or "env:NAME" where it is secret')
    return value


class AlertsOptions(Options):
    """Who is told; all of them, if several are named. Nobody by default."""

    email: Annotated[tuple[str, ...], BeforeValidator(listed), AfterValidator(_mail)] = ()
    """Addresses of people."""
    sender: Annotated[str, AfterValidator(lambda v: _mail((v,))[0] if v else v)] = ""
    """From whom; by default the first of `email`."""
    smtp: Annotated[str, AfterValidator(_smtp)] = ""
    """The mail server: "smtp://user@mail.example.org:587"; a user needs `smtp_password`."""
    smtp_password: str = ""
    """ "env:NAME"."""
    webhook: Annotated[str, AfterValidator(_web)] = ""
    """Gets a POST with JSON: station, kind, state, text, since."""
    command: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
    """Program and arguments; the same JSON on its standard input, no shell."""
    after: int = Field(default=1, ge=1, le=100)
    """Stand-bys, and failures of a feed or a voice, in a row before somebody is told; a missed slot always is."""
    cool_down_min: float = Field(default=60.0, ge=0, le=60 * 24 * 7)
    """Minutes before the same trouble is told again."""

    @model_validator(mode="after")
    def _mail_needs_server(self) -> AlertsOptions:
        if self.email and not self.smtp:
            raise ValueError('email needs smtp = "smtp://mail.example.org:587", the server that takes it')
        return self
