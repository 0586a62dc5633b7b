"""SiteStyle: names, colours, style sheet, script and icon shared by all pages of a station. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields

from bulletin.config.tables.output_options import PageLink
from bulletin.publishing.pages.contrast import Shades, dark_shades, light_shades
from bulletin.publishing.pages.templates import read_data

_BARS = ((8, 26, 38), (18, 16, 48), (28, 8, 56), (38, 20, 44), (48, 27, 37))
"""Bars of the icon: x, top and bottom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStyle:
    """Fields for the templates; texts are the station's own, addresses are http or https."""

    name: str
    title: str
    """Title of the podcast: "Wexcombe Radio News"."""
    language: str
    frequencies: tuple[str, ...]
    band: str
    slogan: str
    address: str
    """Address of the public folder, with a slash at the end."""
    feed_url: str
    home: str
    stream: str
    speaker: str
    """What listeners say to their smart speaker."""
    links: tuple[PageLink, ...]
    disclosure: str
    """Notice that the voice is synthetic; empty: none."""
    light: Shades
    dark: Shades
    assets: Mapping[str, bytes]
    """File name -> content; the names contain a hash, so caches may keep the files for ever."""
    css: str
    js: str
    icon: str
    cover: str
    """File name of the small picture, or ""."""


def make_assets(*, colour: str, own_css: str, cover: bytes | None) -> tuple[dict[str, bytes], dict[str, str]]:
    """Two mappings: file name -> content, and purpose ("css", "js", "icon", "cover") -> file name."""
    made = {
        "css": ("page", "css", _style(light_shades(colour), dark_shades(colour), own_css).encode()),
        "js": ("page", "js", read_data("page.js").encode()),
        "icon": ("icon", "svg", _icon(light_shades(colour)).encode()),
    }
    if cover:
        made["cover"] = ("cover", "jpg", cover)
    names = {
        purpose: f"{stem}-{hashlib.sha256(data).hexdigest()[:8]}.{ending}"
        for purpose, (stem, ending, data) in made.items()
    }
    return {names[purpose]: data for purpose, (_, _, data) in made.items()}, names


def _style(light: Shades, dark: Shades, own: str) -> str:
    bright = f":root{{color-scheme:light dark;{_variables(light)}}}\n"
    night = f"@media (prefers-color-scheme:dark){{:root{{{_variables(dark)}}}}}\n"
    return bright + night + read_data("page.css") + (f"\n{own}\n" if own else "")


def _variables(shades: Shades) -> str:
    return ";".join(f"--{field.name}:{getattr(shades, field.name)}" for field in fields(Shades))


def _icon(shades: Shades) -> str:
    bars = "".join(f"M{x + 4} {top}V{bottom}" for x, top, bottom in _BARS)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="14" fill="{shades.ground}"/>'
        f'<path d="{bars}" stroke="{shades.ink}" stroke-width="6" stroke-linecap="round"/></svg>\n'
    )
