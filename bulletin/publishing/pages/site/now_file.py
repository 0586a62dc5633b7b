"""The newest bulletin and the coming slots -> now.json, which open pages poll. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bulletin.publishing.pages.bulletin_page_data import PageFacts
from bulletin.publishing.pages.page_wording import ComingSlot
from bulletin.publishing.pages.render_page_html import to_iso


def now_to_json(facts: PageFacts | None, coming: Sequence[ComingSlot]) -> bytes:
    """Page, title and times of the newest bulletin, and the coming slots; deterministic."""
    newest = (
        {"page": facts.page, "title": facts.title, "due": to_iso(facts.due), "made": to_iso(facts.made)}
        if facts
        else {"page": ""}
    )
    data = newest | {"next": [_slot(slot) for slot in coming]}
    return json.dumps(data, ensure_ascii=True, indent=1).encode() + b"\n"


def _slot(slot: ComingSlot) -> dict[str, Any]:
    fields = {"at": to_iso(slot.at), "text": slot.text}
    texts = [{"until": to_iso(until), "text": text} for until, text in slot.texts]
    return fields | ({"texts": texts} if texts else {})
