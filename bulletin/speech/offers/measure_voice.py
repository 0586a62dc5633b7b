"""Measurement of local voices that stand in a profile's chain by name, kept for this machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime

from bulletin.errors import SpeechError
from bulletin.speech.offers.voice_costs import VoiceCost, keep_cost, kept_costs, measure_cost
from bulletin.speech.offers.voice_offers import speaks
from bulletin.speech.voice_factory import VoiceListing, build_chain


def measure_voice(entry: str, *, now: datetime) -> VoiceCost:
    """Cost of the voice of a chain's entry ("kokoro"), which is kept. Raises SpeechError."""
    [reader] = build_chain([entry], engines={}, speed=1.0, language="en-GB")
    reader.engine.check()
    cost = measure_cost(reader, now=now)
    keep_cost(reader.engine.name, cost)
    return cost


def costs_with_unmeasured(
    listings: Iterable[VoiceListing], language: str, *, now: datetime
) -> Mapping[str, VoiceCost]:
    """Kept costs; the ready local engines of a language that have none are measured first, a second or two each."""
    costs = kept_costs()
    for listing in listings:
        is_ready = listing.is_local and not listing.problem and listing.engine != "tone"
        if is_ready and listing.engine not in costs and any(speaks(v, language) for v in listing.voices):
            with suppress(SpeechError):  # it is offered without its cost
                measure_voice(listing.engine, now=now)
    return kept_costs()
