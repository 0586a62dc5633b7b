"""Engines and voices on the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bulletin.cli.output.text_or_json_answer import cut_list, pick
from bulletin.cli.output.text_output import DIM, show
from bulletin.model import Attribution
from bulletin.speech.offers.voice_costs import VoiceCost
from bulletin.speech.offers.voice_offers import VoiceOffer
from bulletin.speech.voice_factory import VoiceListing

_UNKNOWN = Attribution(name="", licence="")
_COLUMNS = (("natural", True), ("natural", False), ("robotic", None))
"""Sound, and whether it is offline, of the columns of the table of languages."""


def listing_data(listing: VoiceListing, costs: Mapping[str, VoiceCost]) -> dict[str, Any]:
    """One engine as plain data."""
    cost = costs.get(listing.engine)
    return {
        **pick(listing, "engine", "problem", "notes"),
        "works": not listing.problem,
        "needs_network": not listing.is_local,
        "cpu_s_per_s": cost.cpu_s_per_s if cost else None,
        "voices": [
            pick(voice, "name", "language", "description", "install")
            | {"sound": "natural" if voice.is_natural else "robotic"}
            | pick(voice.attribution or _UNKNOWN, "licence", "url", by="name")
            for voice in listing.voices
        ],
    }


def offer_data(offer: VoiceOffer) -> dict[str, Any]:
    """One offer as plain data."""
    return {
        **pick(offer, "language", "description", "sound", voice="entry", is_ready="is_ready", needs="remedy"),
        "needs_network": not offer.is_offline,
        "cpu_s_per_s": offer.cost.cpu_s_per_s if offer.cost else None,
    }


def print_listing(listing: VoiceListing, cost: VoiceCost | None, *, everything: bool) -> None:
    """An engine: whether it works, what it needs and costs, its voices with their licences."""
    state = ("not ready", "yellow") if listing.problem else ("ready", "green")
    facts = ["offline" if listing.is_local else "needs the network"]
    facts += ["robotic"] if listing.voices and not any(voice.is_natural for voice in listing.voices) else []
    facts += [cost_text(cost)] if cost else []
    show((listing.engine, "bold"), "  ", state, (f"  {', '.join(facts)}", DIM))
    if listing.problem:
        show(f"    {listing.problem}")
    for note in listing.notes:
        show(f"    {note}")
    lines = []
    for voice in listing.voices:
        by = voice.attribution
        licence = f"{by.name}; {by.licence}" if by else "licence unknown"
        missing = f"; not installed: {voice.install}" if voice.install else ""
        lines.append(f"{voice.name:<13} {voice.language}  {voice.description} ({licence}){missing}")
    for line in cut_list(lines, everything=everything, most=12):
        show(f"    {line}")


def print_languages(offers: Mapping[str, Sequence[VoiceOffer]]) -> None:
    """The table of languages: what is natural and offline, natural by a network, robotic."""
    rows: list[tuple[str, ...]] = [("", "natural, offline", "natural, by a network", "robotic")]
    for language, of_language in offers.items():
        rows.append((language, *(_column(of_language, sound, is_offline) for sound, is_offline in _COLUMNS)))
    widths = [max(len(row[column]) for row in rows) + 2 for column in range(len(rows[0]))]
    show()
    for number, row in enumerate(rows):
        line = "".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        show((line, "bold" if number == 0 else ""))
    show(("* needs an installation, a server or a key: bulletin voices list --language en-GB", DIM))


def offer_line(offer: VoiceOffer) -> str:
    """
    One offer in one line: what it is, what it needs, what it costs.

    "kokoro:bf_emma  natural, woman, British; offline; 0.80 CPU seconds a second"
    """
    where = "offline" if offer.is_offline else "needs the network"
    cost = f"; {cost_text(offer.cost)}" if offer.cost else ""
    cost += ", slower than real time on this machine" if offer.is_slow else ""
    first = f"; needs {offer.remedy}" if offer.remedy else ""
    described = f", {offer.description}" if offer.description else ""
    return f"{offer.entry:<17} {offer.sound}{described}; {where}{cost}{first}"


def cost_text(cost: VoiceCost) -> str:
    """What a voice costs, in words."""
    return f"{cost.cpu_s_per_s:.3g} CPU seconds for a second of speech"


def _column(offers: Iterable[VoiceOffer], sound: str, is_offline: bool | None) -> str:
    """The engines of a column, each once; an engine with voices of the country is ready when one of those is."""
    fitting = [o for o in offers if o.sound == sound and is_offline in (None, o.is_offline)]
    engines: dict[str, list[VoiceOffer]] = {}
    for offer in fitting:
        engines.setdefault(offer.entry.partition(":")[0], []).append(offer)
    names = {
        name: any(o.is_ready for o in [o for o in voices if o.is_of_country] or voices)
        for name, voices in engines.items()
    }
    return ", ".join(name if is_ready else f"{name}*" for name, is_ready in names.items()) or "none"
