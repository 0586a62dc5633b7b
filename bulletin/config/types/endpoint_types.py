"""Where a server, a folder or a program is: what may be written, and the message when it may not."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

from bulletin.config.types.option_types import listed


def _some(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value or not all(one.strip() for one in value):
        raise ValueError("name at least one, none of them empty")
    return value


def _host(value: str) -> str:
    """A name or an address alone."""
    if not re.fullmatch(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+", value):
        raise ValueError(
            'write the server\'s name alone, "ftp.example.org"; port and folder have options of their own'
        )
    return value


def to_address(value: str) -> str:
    """Of a server that is asked by HTTP; a login has options of its own, and would stand in messages."""
    try:
        parts = urlsplit(value)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        is_good = is_good and not (parts.query or parts.fragment or re.search(r"\s", value))
    except ValueError:
        is_good = False
    if value and not is_good:
        raise ValueError('write it as "https://server.example.org/"')
    if value and parts.username is not None:
        raise ValueError("write no user and no password into it: they have options of their own")
    return value


def _number_or_name(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty; write it, or leave the whole table out")
    return value


Filled = Annotated[str, AfterValidator(_filled)]
Host = Annotated[str, AfterValidator(_host)]
Address = Annotated[Filled, AfterValidator(to_address)]
NumberOrName = Annotated[Filled, BeforeValidator(_number_or_name)]
OneOrMore = Annotated[tuple[str, ...], BeforeValidator(listed), AfterValidator(_some)]
Addresses = Annotated[OneOrMore, AfterValidator(lambda hubs: tuple(map(to_address, hubs)))]
AddressOrNone = Annotated[str, AfterValidator(to_address)]
