"""SiteStyle: station, addresses, words, colours, style sheet, script and icon shared by all pages. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from bulletin.config.tables.output_options import PageLink, PageOptions, PodcastOptions
from bulletin.model import StationWords
from bulletin.publishing.clean_text_for_feeds import plain_line
from bulletin.publishing.pages.colour_contrast import Shades, dark_shades, light_shades
from bulletin.publishing.pages.page_pictures import ICONS_PX, NO_PICTURES, PagePictures
from bulletin.publishing.pages.page_wording import PageWords, load_words, read_data, squeeze, squeeze_style
from bulletin.publishing.pages.subscribe_links import subscribe_links
from bulletin.publishing.podcast_urls import feed_url, folder_url, web_link

_BARS = ((8, 26, 38), (18, 16, 48), (28, 8, 56), (38, 20, 44), (48, 27, 37))
"""Bars of the icon: x, top and bottom."""

_SCRIPTS = ("scripts/page.js", "scripts/tools.js", "scripts/live.js")
"""Joined into one file, in this order."""

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?|https?://\[[0-9A-Fa-f:]+\](?::\d+)?")
_PICTURES = ("cover", "thumb", "preview", "logo", *(f"icon_{size}" for size in ICONS_PX))


@dataclass(frozen=True, kw_only=True)
class SiteStyle:
    """Fields for the templates; texts are the station's own, addresses are http or https."""

    station: StationWords
    podcast: PodcastOptions
    page: PageOptions
    colour: str
    """ "#c8102e"."""
    own_css: str = ""
    """The station's own style rules."""
    cover: bytes | None = None
    """Small artwork."""
    pictures: PagePictures = NO_PICTURES
    disclosure: str | None = None
    """Notice that the voice is synthetic, instead of our notice; empty: none."""

    @property
    def name(self) -> str:
        return plain_line(self.station.name)

    @property
    def title(self) -> str:
        """Title of the podcast: "Wexcombe Radio News"."""
        return plain_line(self.podcast.title or f"{self.station.name} {self.words.words['news']}")

    @cached_property
    def address(self) -> str:
        """Address of the public folder, with a slash at the end."""
        return folder_url(self.podcast, self.station.id)

    @property
    def feed_url(self) -> str:
        return feed_url(self.podcast, self.station.id)

    @cached_property
    def apps(self) -> tuple[PageLink, ...]:
        """Buttons of podcast apps."""
        return subscribe_links(self.feed_url, apps=self.page.apps, own=self.page.links)

    @cached_property
    def status_origin(self) -> str:
        """Scheme, host and port of `now_playing`, which the pages' security policy must allow; or ""."""
        parts = urlsplit(web_link(self.page.now_playing))
        origin = f"{parts.scheme}://{parts.netloc}"
        return origin if _ORIGIN.fullmatch(origin) else ""

    @cached_property
    def words(self) -> PageWords:
        station = self.station
        return load_words(
            own=self.page.words,
            time_zone=station.time_zone,
            language=station.language,
            folder=station.languages,
        )

    @cached_property
    def light(self) -> Shades:
        return light_shades(self.colour)

    @cached_property
    def dark(self) -> Shades:
        return dark_shades(self.colour)

    @property
    def assets(self) -> dict[str, bytes]:
        """File name -> content; the names contain a hash, so caches may keep the files for ever."""
        return dict(self._files.values())

    @property
    def names(self) -> Mapping[str, str]:
        """Purpose ("css", "js", "icon", "cover" and other pictures) -> file name; "" for a picture that is missing."""
        return dict.fromkeys(_PICTURES, "") | {purpose: name for purpose, (name, _) in self._files.items()}

    @cached_property
    def _files(self) -> dict[str, tuple[str, bytes]]:
        contents = {
            "css": ("page", "css", self._style().encode()),
            "js": ("page", "js", "".join(squeeze(read_data(name)) for name in _SCRIPTS).encode()),
            "icon": ("icon", "svg", self._icon().encode()),
            "cover": ("cover", "jpg", self.cover or b""),
            "thumb": ("thumb", "webp", self.pictures.cover),
            "preview": ("preview", "jpg", self.pictures.preview),
            "logo": ("logo", "png", self.pictures.logo),
            **{
                f"icon_{size}": ("icon", "png", data)
                for size, data in zip(ICONS_PX, self.pictures.icons, strict=False)
            },
        }
        return {
            purpose: (f"{stem}-{hashlib.sha256(data).hexdigest()[:8]}.{ending}", data)
            for purpose, (stem, ending, data) in contents.items()
            if data
        }

    def _style(self) -> str:
        light, dark = (
            ";".join(f"--{name}:{colour}" for name, colour in shades.items())
            for shades in (self.light, self.dark)
        )
        bright = f":root{{color-scheme:light dark;{light}}}\n"
        night = f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
        return (
            bright
            + night
            + squeeze_style(read_data("page.css"))
            + (f"\n{self.own_css}\n" if self.own_css else "")
        )

    def _icon(self) -> str:
        bars = "".join(f"M{x + 4} {top}V{bottom}" for x, top, bottom in _BARS)
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
            f'<rect width="64" height="64" rx="14" fill="{self.light["ground"]}"/>'
            f'<path d="{bars}" stroke="{self.light["ink"]}" stroke-width="6" stroke-linecap="round"/></svg>\n'
        )
