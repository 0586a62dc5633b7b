"""A pattern of the profile and a bulletin -> file names at the far end. Pure."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bulletin.delivery.delivery_port import Parcel
from bulletin.errors import ConfigError

FIELDS = ("station", "slot", "until", "title", "cart", "level", "kind")
_SLUG_CHARS = 60
_MOST_CART = 999_999
"""Rivendell's cart numbers go from 1 to 999999."""
_DAYS = 7
_RESERVED = re.compile(r'[\x00-\x1f\x7f<>"/\\|?*]')
"""What no share takes in a name, but ":", which Rivendell's times have: a pattern is one name, not a path."""


@dataclass(frozen=True, slots=True)
class Slug:
    """Words in a file name: letters, figures, single hyphens and spaces, so that "_" and "." can part fields."""

    text: str

    def __format__(self, spec: str) -> str:
        return format(to_slug(self.text), spec)


def check_names(where: str, names: Sequence[str], carts: Sequence[int] | None = ()) -> None:
    """Raise ConfigError for a pattern that gives no file name. `carts`: None where there are none."""
    if carts and len(carts) not in (1, _DAYS):
        raise ConfigError(f"{where}: carts wants one number, or seven from Monday to Sunday")
    for cart in carts or ():
        if not 1 <= cart <= _MOST_CART:
            raise ConfigError(f"{where}: cart {cart}: cart numbers go from 1 to {_MOST_CART}")
    example = example_of("demo")
    for name in names:
        used = _fields(where, name)
        if "cart" in used and carts is None:
            raise ConfigError(
                f'{where}: "{name}": only kind = "folder" knows {{cart}}; write the number itself: "001001"'
            )
        if "cart" in used and not carts:
            raise ConfigError(f'{where}: "{name}" needs carts = [1001], the number of the cart')
        made = make_name(name, example, carts or ())
        if not made.strip(" .") or _RESERVED.search(made):
            raise ConfigError(
                f'{where}: "{name}" gives "{made}", which is no file name; write it as "{{station}}-{{slot:%H%M}}"'
            )


def example_of(station: str) -> Parcel:
    """A bulletin to try names with."""
    due = datetime(2026, 1, 1, 9, tzinfo=UTC)
    return Parcel(station=station, guid=f"{station}-1", title="News", kind="fm", due=due)


def make_name(pattern: str, parcel: Parcel, carts: Sequence[int] = ()) -> str:
    """The name of a bulletin, without its ending; times are the station's."""
    zone = ZoneInfo(parcel.time_zone)
    slot = parcel.due.astimezone(zone)
    cart = carts[slot.weekday() % len(carts)] if carts else 0
    values: dict[str, Any] = {
        "station": parcel.station,
        "slot": slot,
        "until": (parcel.expires or parcel.due).astimezone(zone),
        "title": Slug(parcel.title),
        "cart": f"{cart:06d}",
        "level": parcel.level,
        "kind": parcel.kind,
    }
    return pattern.format(**values)


def to_slug(text: str) -> str:
    """ "<b>Flood: 9/11</b>" -> "b Flood 9 11 b": nothing that is markup, a path or a wildcard."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = re.sub(r"[^A-Za-z0-9-]+", " ", plain).strip(" -")
    return words[:_SLUG_CHARS].strip(" -") or "news"


def _fields(where: str, name: str) -> set[str]:
    try:
        used = {field for _, field, _, _ in string.Formatter().parse(name) if field is not None}
    except ValueError as error:
        raise ConfigError(f'{where}: "{name}": {error}; write it as "{{station}}-{{slot:%H%M}}"') from error
    for field in used - set(FIELDS):
        raise ConfigError(f'{where}: "{name}" has no field {{{field}}} (known: {", ".join(FIELDS)})')
    return used
