"""Alerts: recipients, channels, delay and frequency."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, model_validator

from bulletin.config.option_types import Options, address, listed, matching, refusing

_MAIL = r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+"
_MAIL_REMEDY = '{} is not a valid e-mail address; write "engineer@example.org"'
_SMTP_REMEDY = 'write it as "smtp://mail.example.org:587" (STARTTLS where offered) or "smtps://..."'
Mail = Annotated[str, matching(_MAIL, _MAIL_REMEDY)]


class AlertsOptions(Options):
    """Recipients of alerts; each alert goes to every channel that is set. Off by default."""

    email: Annotated[tuple[Mail, ...], BeforeValidator(listed)] = ()
    """E-mail addresses of the recipients."""
    sender: Annotated[str, matching(f"({_MAIL})?", _MAIL_REMEDY)] = ""
    """Sender's address; by default the first of `email`."""
    smtp: Annotated[
        str,
        address(_SMTP_REMEDY, schemes=("smtp", "smtps"), may_query=True),
        refusing(lambda value: urlsplit(value).password, _SMTP_REMEDY),
    ] = ""
    """Mail server: "smtp://user@mail.example.org:587"; a user needs `smtp_password`."""
    smtp_password: str = ""
    """ "env:NAME"."""
    webhook: Annotated[
        str,
        address(
            'write an address, "https://example.org/hook", or "env:NAME" where it is secret', may_query=True
        ),
    ] = ""
    """Address that gets a POST with JSON: station, kind, state, text, since."""
    command: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
    """Program and arguments; the same JSON on its standard input, no shell."""
    after: int = Field(default=1, ge=1, le=100)
    """Stand-bys, and failures of a feed or a voice, in a row before an alert; a missed slot always raises an alert."""
    cool_down_min: float = Field(default=60.0, ge=0, le=60 * 24 * 7)
    """Minutes before the same alert is repeated."""

    @model_validator(mode="after")
    def _mail_needs_server(self) -> AlertsOptions:
        if self.email and not self.smtp:
            raise ValueError('email needs a mail server: smtp = "smtp://mail.example.org:587"')
        return self
