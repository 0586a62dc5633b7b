"""Types of single options, with the message for an invalid value."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from bulletin.config.language_tags import known_tag

_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class Options(BaseModel):
    """Base of all groups of options: unknown names are errors, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


def parse_length(value: object) -> object:
    """ "2:30" -> 150.0 seconds, "0:37.3" -> 37.3; numbers are seconds already."""
    if isinstance(value, str):
        match = re.fullmatch(r"(\d{1,2}):([0-5]\d(?:\.\d)?)", value.strip())
        if not match:
            raise ValueError('write minutes and seconds, "2:30"')
        return int(match[1]) * 60.0 + float(match[2])
    return value


def listed(value: object) -> object:
    """A single text -> a list of one."""
    return (value,) if isinstance(value, str) else value


def matching(pattern: str, remedy: str) -> AfterValidator:
    """Validator of a whole text; `remedy` is the message, since a pattern does not help a user."""
    return refusing(lambda value: not re.fullmatch(pattern, value), remedy)


def refusing(is_wrong: Callable[[str], object], remedy: str) -> AfterValidator:
    """Validator of a text; the message is `remedy`, with the wrong text for {}."""

    def check(value: str) -> str:
        try:
            wrong = is_wrong(value)
        except ValueError:
            wrong = True
        if wrong:
            raise ValueError(remedy.replace("{}", f'"{value}"'))
        return value

    return AfterValidator(check)


def address(
    remedy: str,
    *,
    schemes: tuple[str, ...] = ("http", "https"),
    login: str = "",
    is_encrypted: bool = False,
    may_query: bool = False,
    needs_path: bool = False,
    needs_text: bool = False,
) -> AfterValidator:
    """
    Validator of an address; an empty one is valid unless it `needs_text`.

    `login` is the message for one with a user or a password, which would be shown; `is_encrypted` allows http on this
    machine only, for tests.
    """

    def check(value: str) -> str:
        value = value.strip()
        if not value and not needs_text:
            return value
        try:
            parts = urlsplit(value)
            may_be_plain = not is_encrypted or parts.hostname in _THIS_MACHINE
            is_good = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
            is_good = is_good and (may_be_plain or parts.scheme == "https")
            is_good = is_good and (may_query or not (parts.query or parts.fragment))
            is_good = is_good and (not needs_path or len(parts.path) > 1)
        except ValueError:
            is_good = False
        if not is_good or re.search(r"[\s<>\"]", value):
            raise ValueError(remedy.replace("{}", f'"{value}"'))
        if login and parts.username is not None:
            raise ValueError(login)
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


def _some(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value or not all(text.strip() for text in value):
        raise ValueError("write at least one item, and no empty ones")
    return value


def _number_or_name(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Frequency = Annotated[
    str, matching(r"(DAB\+? )?\d{1,4}(\.\d{1,2})?[A-N]?", '{} is not a valid frequency; write it as "103.5"')
]
Seconds = Annotated[float, BeforeValidator(parse_length)]
Language = Annotated[str, AfterValidator(known_tag)]
TimeZone = Annotated[str, AfterValidator(_known_zone)]
ShortName = Annotated[
    str,
    matching(r"[A-Za-z0-9 _.-]{0,40}", 'may hold A to Z, figures, " ", "_", "." and "-", 40 of them at most'),
]
Filled = Annotated[
    str, refusing(lambda value: not value.strip(), "is empty; write it, or leave the whole table out")
]
NumberOrName = Annotated[Filled, BeforeValidator(_number_or_name)]
not_empty = AfterValidator(_some)
OneOrMore = Annotated[tuple[str, ...], BeforeValidator(listed), not_empty]

Host = Annotated[
    str,
    matching(
        r"[A-Za-z0-9._-]+|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+",
        'write the server\'s name alone, "ftp.example.org"; port and folder are separate options',
    ),
]
AddressOrNone = Annotated[
    str,
    address(
        'write it as "https://server.example.org/"',
        login="write no user and no password into it: they are separate options",
    ),
]
"""Address of a server that is asked by HTTP."""
Address = Annotated[AddressOrNone, Filled]
WebBase = Annotated[
    str,
    address(
        'podcast apps want https; write it as "https://news.example/"', is_encrypted=True, needs_text=True
    ),
]
WebLink = Annotated[
    str, address('{} is not a valid web address; write it as "https://radio.example/"', may_query=True)
]
"""An address that a page may link to."""
_HUB = 'write it as "https://pubsubhubbub.appspot.com/"'
Hub = Annotated[
    str,
    address(_HUB, is_encrypted=True, may_query=True, login=_HUB),
    refusing(lambda value: not value.isascii() or "," in value, _HUB),
]
"""Address of a WebSub hub, without a password, since it stands in the public feed."""
