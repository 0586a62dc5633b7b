"""Types of single options, with the message for an invalid value."""

from __future__ import annotations

import difflib
import re
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict


def parse_length(value: object) -> object:
    """ "2:30" -> 150.0 seconds, "0:37.3" -> 37.3; numbers are seconds already."""
    if isinstance(value, str):
        match = re.fullmatch(r"(\d{1,2}):([0-5]\d(?:\.\d)?)", value.strip())
        if not match:
            raise ValueError('write it as minutes and seconds, "2:30"')
        return int(match[1]) * 60.0 + float(match[2])
    return value


def listed(value: object) -> object:
    """A single text -> a list of one."""
    return (value,) if isinstance(value, str) else value


def matching(pattern: str, remedy: str) -> AfterValidator:
    """Validator of a whole text; `remedy` is the message, since a pattern does not help a user."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(remedy)
        return value

    return AfterValidator(check)


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = difflib.get_close_matches(value, available_timezones(), n=1)
        hint = f'did you mean "{near[0]}"?' if near else 'write it as "Europe/London"'
        raise ValueError(f'"{value}" is not a valid time zone; {hint}') from None
    return value


def _language(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", value):
        raise ValueError(f'"{value}" is not a valid language; write it as "en-GB"')
    return value


def _web_base(value: str) -> str:
    """Base address of the podcast: https, since apps refuse http; http only on this machine, for tests."""
    try:
        parts = urlsplit(value.strip())
        schemes = {"http", "https"} if parts.hostname in ("localhost", "127.0.0.1", "::1") else {"https"}
        is_good = parts.scheme in schemes and parts.hostname and not parts.query and not parts.fragment
    except ValueError:
        is_good = False
    if not is_good:
        raise ValueError('podcast apps want https; write it as "https://news.example/"')
    return value


def _hub(value: str) -> str:
    """Address of a WebSub hub, without a password, since it stands in the public feed."""
    if not value:
        return value
    try:
        parts = urlsplit(value)
        is_local = parts.hostname in ("localhost", "127.0.0.1", "::1")
        is_good = parts.scheme == "https" or (is_local and parts.scheme == "http")
        is_good = is_good and bool(parts.hostname) and not parts.username and value.isascii()
    except ValueError:
        is_good = False
    if not is_good or re.search(r"[\s<>\",]", value):
        raise ValueError('write it as "https://pubsubhubbub.appspot.com/"')
    return value


def _web_link(value: str) -> str:
    """An address that a page may link to."""
    try:
        parts = urlsplit(value.strip())
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_good = False
    if value and not is_good:
        raise ValueError(f'"{value}" is not a valid web address; write it as "https://radio.example/"')
    return value.strip()


def _frequency(value: str) -> str:
    if not re.fullmatch(r"(DAB\+? )?\d{1,4}(\.\d{1,2})?[A-N]?", value):
        raise ValueError(f'"{value}" is not a valid frequency; write it as "103.5"')
    return value


Frequency = Annotated[str, AfterValidator(_frequency)]
Seconds = Annotated[float, BeforeValidator(parse_length)]
Language = Annotated[str, AfterValidator(_language)]
WebBase = Annotated[str, AfterValidator(_web_base)]
Hub = Annotated[str, AfterValidator(_hub)]
WebLink = Annotated[str, AfterValidator(_web_link)]
TimeZone = Annotated[str, AfterValidator(_known_zone)]
ShortName = Annotated[
    str,
    matching(r"[A-Za-z0-9 _.-]{0,40}", 'may hold A to Z, figures, " ", "_", "." and "-", 40 of them at most'),
]


class Options(BaseModel):
    """Base of all groups of options: unknown names are errors, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)
