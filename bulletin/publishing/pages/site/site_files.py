"""SiteStyle -> files beside the pages: web app manifest, service worker, oEmbed, robots.txt. Pure."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any

from bulletin.publishing.clean_text_for_feeds import plain_line
from bulletin.publishing.pages.page_pictures import ICONS_PX, PREVIEW_PX
from bulletin.publishing.pages.page_wording import read_data, squeeze
from bulletin.publishing.pages.site.site_file_names import MANIFEST, OEMBED, ROBOTS, WORKER, robots_txt
from bulletin.publishing.pages.site_style import SiteStyle

PLAYER_PX = (600, 300)
"""Width and height of the embedded player."""
_SHORT_NAME = 12
"""Characters below an icon (developer.chrome.com/docs/extensions/reference/manifest/name)."""


def site_files(site: SiteStyle) -> Mapping[str, bytes]:
    """File name -> content; the same bytes for the same site."""
    return {
        MANIFEST: _to_json(_manifest(site)),
        WORKER: _worker(site),
        OEMBED: _to_json(_oembed(site)),
        ROBOTS: robots_txt(site.feed_url),
    }


def _manifest(site: SiteStyle) -> Mapping[str, Any]:
    """
    W3C web app manifest: a name, a start page and icons make the page installable.

    Without "id", which would be relative to the host: the start page tells the stations of one host apart.
    """
    icons = [
        {
            "src": site.names[f"icon_{size}"],
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in ICONS_PX
        if site.names[f"icon_{size}"]
        for purpose in ("any", "maskable")
    ]
    return {
        "name": site.title,
        "short_name": site.name if len(site.name) <= _SHORT_NAME else site.name.split()[0][:_SHORT_NAME],
        "description": plain_line(site.station.slogan) or site.title,
        "lang": site.station.language,
        "start_url": "index.html",
        "scope": "./",
        "display": "standalone",
        "theme_color": site.light["ground"],
        "background_color": site.light["paper"],
        "categories": ["news"],
        "icons": icons,
    }


def _worker(site: SiteStyle) -> bytes:
    """The script, with the names of the files that every page loads."""
    kept = [
        site.names[name] for name in ("css", "js", "icon", "thumb", "logo", "icon_192") if site.names[name]
    ]
    return f"const ASSETS = {json.dumps(kept)};\n{squeeze(read_data('scripts/worker.js'))}".encode()


def _oembed(site: SiteStyle) -> Mapping[str, Any]:
    """oEmbed 1.0 (oembed.com) of the player, which always has the newest bulletin."""
    width, height = PLAYER_PX
    source, title = html.escape(f"{site.address}player.html"), html.escape(site.title)
    frame = (
        f'<iframe src="{source}" title="{title}" width="{width}" height="{height}" style="border: 0" '
        'loading="lazy" allow="autoplay"></iframe>'
    )
    data: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": site.title,
        "author_name": site.name,
        "author_url": site.address,
        "provider_name": site.name,
        "provider_url": site.address,
        "cache_age": 86_400,
        "width": width,
        "height": height,
        "html": frame,
    }
    if site.names["preview"]:
        data["thumbnail_url"] = f"{site.address}{site.names['preview']}"
        data["thumbnail_width"], data["thumbnail_height"] = PREVIEW_PX
    return data


def _to_json(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=True, indent=1).encode() + b"\n"
