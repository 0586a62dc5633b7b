"""Bulletin for smart speakers -> flash.json, an Alexa Flash Briefing with one item. Pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import quote

from bulletin.publishing.plain_text import plain_title

SHORTEST_S, LONGEST_S = 10.0, 600.0
"""Seconds of sound (developer.amazon.com, "Flash Briefing Skill API feed reference")."""

_TITLE_CHARS = 255
_NAME_CHARS = 255


def why_no_flash(*, media_type: str, duration_s: float, address: str) -> str:
    """Why Alexa would refuse it, and the remedy; "" if it would not."""
    if media_type != "audio/mpeg":
        return 'Alexa takes MP3: [outputs.speaker] format = "mp3"'
    if not address.startswith("https://"):
        return "Alexa takes https addresses: set [outputs.podcast] base_url"
    if not SHORTEST_S <= duration_s <= LONGEST_S:
        return f"it is {duration_s:.0f} seconds long; Alexa takes 10 seconds to 10 minutes"
    return ""


def write_flash(
    *, title: str, station: str, guid: str, made: datetime, address: str, audio: str, site: str
) -> bytes:
    """
    One JSON object; `address` is the public folder's, `site` the link of the app if it is https, `station` the title
    of a bulletin without one.

    `updateDate` is in UTC with the tenth of a second of Amazon's example. `mainText` is empty, as for all sound.
    """
    item = {
        "uid": f"urn:bulletin:{quote(guid[:_NAME_CHARS])}",
        "updateDate": f"{made.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.0Z",
        "titleText": plain_title(title, most=_TITLE_CHARS) or plain_title(station),
        "mainText": "",
        "streamUrl": address + quote(audio),
        "redirectionUrl": site if site.startswith("https://") else address,
    }
    return (json.dumps(item, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
