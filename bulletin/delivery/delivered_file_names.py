"""Pattern of the profile, bulletin -> file name at the far end. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bulletin.delivery.delivery_interface import Parcel
from bulletin.errors import ConfigError

FIELDS = ("station", "slot", "until", "title", "cart", "level", "kind")
_SLUG_CHARS = 60
_MOST_CART = 999_999
"""Rivendell's cart numbers go from 1 to 999999."""
_DAYS = 7
_RESERVED = re.compile(r'[\x00-\x1f\x7f<>"/\\|?*]')
"""Characters that no share takes in a name, but ":", which Rivendell's times have: a pattern is one name, not a path."""


def check_names(where: str, names: Sequence[str], carts: Sequence[int] | None = ()) -> None:
    """Raise ConfigError for a pattern that gives no file name; `carts` is None for a kind without cart numbers."""
    if carts and len(carts) not in (1, _DAYS):
        raise ConfigError(f"{where}: carts needs one number, or seven from Monday to Sunday")
    for cart in carts or ():
        if not 1 <= cart <= _MOST_CART:
            raise ConfigError(f"{where}: cart {cart}: cart numbers go from 1 to {_MOST_CART}")
    example = example_parcel("demo")
    for name in names:
        if "{cart" in name and carts is None:
            raise ConfigError(
                f'{where}: "{name}": {{cart}} works only with kind = "folder"; write your cart number in its place, as in "001001.wav"'
            )
        if "{cart" in name and not carts:
            raise ConfigError(f'{where}: "{name}" needs carts = [1001], the number of the cart')
        try:
            file_name = make_name(name, example, carts or ())
        except KeyError as error:
            raise ConfigError(
                f'{where}: "{name}": unknown field {{{error.args[0]}}}; write one of {", ".join(FIELDS)}'
            ) from error
        except (ValueError, IndexError, AttributeError):
            file_name = ""
        if not file_name.strip(" .") or _RESERVED.search(file_name):
            raise ConfigError(
                f'{where}: name "{name}" gives the file name "{file_name}", which is empty or has one of < > " / \\ | ? *; '
                'write for instance "{station}-{slot:%H%M}"'
            )


def example_parcel(station: str) -> Parcel:
    """Parcel without files, to try patterns with."""
    due = datetime(2026, 1, 1, 9, tzinfo=UTC)
    return Parcel(station=station, guid=f"{station}-1", title="News", kind="fm", due=due)


def make_name(pattern: str, parcel: Parcel, carts: Sequence[int] = ()) -> str:
    """File name of a bulletin, without its ending; times are the station's local ones."""
    zone = ZoneInfo(parcel.time_zone)
    slot = parcel.due.astimezone(zone)
    cart = carts[slot.weekday() % len(carts)] if carts else 0
    values: dict[str, Any] = {
        "station": parcel.station,
        "slot": slot,
        "until": (parcel.expires or parcel.due).astimezone(zone),
        "title": to_slug(parcel.title),
        "cart": f"{cart:06d}",
        "level": parcel.level,
        "kind": parcel.kind,
    }
    return pattern.format(**values)


def to_slug(text: str) -> str:
    """
    Letters, digits, single hyphens and spaces, so that "_" and "." can separate the fields of a file name.

    >>> to_slug("<b>Flood: 9/11</b>")
    'b Flood 9 11 b'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = re.sub(r"[^A-Za-z0-9-]+", " ", plain).strip(" -")
    return words[:_SLUG_CHARS].strip(" -") or "news"
