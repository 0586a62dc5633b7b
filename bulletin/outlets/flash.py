"""A bulletin for smart speakers -> the one item of an Alexa Flash Briefing. Pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import quote

from bulletin.model import Bulletin, Rendition
from bulletin.outlets.plain import plain_line, plain_title

SHORTEST_S, LONGEST_S = 10.0, 600.0
"""Of the sound (developer.amazon.com, "Flash Briefing Skill API feed reference")."""

_TITLE_CHARS = 255
_NAME_CHARS = 255


def why_no_flash(sound: Rendition, *, address: str) -> str:
    """Why Alexa would refuse it, and what to do; empty when it would not."""
    if sound.media_type != "audio/mpeg":
        return 'Alexa takes MP3: [outputs.speaker] format = "mp3"'
    if not address.startswith("https://"):
        return "Alexa takes https addresses: set [outputs.podcast] base_url"
    if not SHORTEST_S <= sound.duration_s <= LONGEST_S:
        return f"it is {sound.duration_s:.0f} seconds long; Alexa takes 10 seconds to 10 minutes"
    return ""


def write_flash(
    bulletin: Bulletin, sound: Rendition, *, guid: str, made: datetime, address: str, audio: str, site: str
) -> bytes:
    """
    One object, for one item; `address` is the public folder's, `site` where the app's link leads, if that is https.

    `updateDate` is in UTC with the tenth that Amazon's example has. `mainText` is empty, as for all sound.
    """
    title = plain_title(bulletin.script.title, most=_TITLE_CHARS) or plain_line(bulletin.script.station.name)
    item = {
        "uid": f"urn:bulletin:{quote(guid[:_NAME_CHARS])}",
        "updateDate": f"{made.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.0Z",
        "titleText": title,
        "mainText": "",
        "streamUrl": address + quote(audio),
        "redirectionUrl": site if site.startswith("https://") else address,
    }
    return (json.dumps(item, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
