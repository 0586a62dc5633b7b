"""Bulletin for smart speakers -> flash.json, an Alexa Flash Briefing with one item. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from bulletin.publishing.plain_text import plain_title
from bulletin.publishing.side_file import SideFile, write_json

SHORTEST_S, LONGEST_S = 10.0, 600.0
"""Seconds of sound (developer.amazon.com, "Flash Briefing Skill API feed reference")."""

_NAME_CHARS = 255


def why_no_flash(side_file: SideFile, *, address: str) -> str:
    """Why Alexa would refuse the sound, and the remedy; "" if it would not. `address` is the public folder's."""
    duration_s = side_file.duration_s or 0.0
    if side_file.media_type != "audio/mpeg":
        return 'Alexa takes MP3: [outputs.speaker] format = "mp3"'
    if not address.startswith("https://"):
        return "Alexa takes https addresses: set [outputs.podcast] base_url"
    if not SHORTEST_S <= duration_s <= LONGEST_S:
        return f"it is {duration_s:.0f} seconds long; Alexa takes 10 seconds to 10 minutes"
    return ""


def write_flash(side_file: SideFile, *, station: str, made: datetime, address: str, site: str) -> bytes:
    """
    One JSON object; `address` is the public folder's, `site` the link of the app if it is https, `station` the title
    of a bulletin without one.

    `updateDate` is in UTC with the tenth of a second of Amazon's example. `mainText` is empty, as for all sound.
    """
    return write_json(
        {
            "uid": f"urn:bulletin:{quote(side_file.guid[:_NAME_CHARS])}",
            "updateDate": f"{made.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.0Z",
            "titleText": plain_title(side_file.title) or plain_title(station),
            "mainText": "",
            "streamUrl": address + quote(Path(side_file.audio).name),
            "redirectionUrl": site if site.startswith("https://") else address,
        }
    )
