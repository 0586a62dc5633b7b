"""Voices that fit a station's language and country, the best first, each with what it needs and costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bulletin.model import Voice
from bulletin.speech.offers.voice_costs import VoiceCost
from bulletin.speech.voice_factory import VoiceListing

Sound = Literal["natural", "robotic"]
_FOR_TESTS = "tone"
_SET_UP = {
    "wyoming": "a Wyoming server on your network",
    "openai": "a speech server, or a key of OpenAI",
    "elevenlabs": "an account at ElevenLabs, paid by the character",
}
"""Engine -> what a newcomer must have for it; docs/VOICES.md tells how."""
_EMBEDDED = "hibari"
"""Speaks English on every machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOffer:
    """One voice for a station, or one of the same engine and accent for several."""

    entry: str
    """As a profile names it: "kokoro:bf_emma"."""
    language: str
    description: str
    sound: Sound
    is_offline: bool
    is_of_country: bool
    """It has the station's accent, not only its language."""
    is_ready: bool
    """It can speak on this machine now, or as soon as its server answers."""
    remedy: str
    """What it needs first: a command, a server, a key; empty when it is ready."""
    cost: VoiceCost | None
    """Measured on this machine; None for voices of servers and unmeasured ones."""

    @property
    def is_slow(self) -> bool:
        """Whether it takes longer to speak here than to be heard."""
        return self.cost is not None and self.cost.is_slow


def offers_for(
    language: str, listings: Sequence[VoiceListing], costs: Mapping[str, VoiceCost]
) -> tuple[VoiceOffer, ...]:
    """
    The voices for a language, the best first: natural, ready, quick enough, of the station's country, without a network.

    `listings` were made for that language. One voice for each engine and accent; "tone", which hums, is left out.
    """
    offers = [offer for listing in listings for offer in _offers_of(listing, language, costs)]
    return tuple(sorted(offers, key=_rank))


def speaks(voice: Voice, language: str) -> bool:
    """Whether a voice speaks a language, in any accent; a voice without a language may speak all."""
    return not voice.language or _base(voice.language) == _base(language)


def _rank(offer: VoiceOffer) -> tuple[bool, ...]:
    return (
        offer.sound == "robotic",
        offer.entry.partition(":")[0] in _SET_UP,
        not offer.is_ready,
        offer.is_slow,
        not offer.is_of_country,
        not offer.is_offline,
    )


def first_voice(offers: Sequence[VoiceOffer]) -> str:
    """The entry that a new profile names first: the best offer that is ready, else gTTS, which has all languages."""
    entry = next((offer.entry for offer in offers if offer.is_ready), "gtts")
    return "gtts" if entry.startswith("gtts:") else entry  # it finds the accent itself


def chain_for(entry: str, language: str, offers: Sequence[VoiceOffer] = ()) -> tuple[str, ...]:
    """
    The chain of a new profile: the chosen voice, then those of the same language that are there when it fails.

    Voices of the `offers` that need no network and can speak now go before espeak, which is hard to understand.

    >>> chain_for("kokoro:bf_emma", "en-GB"), chain_for("kokoro:ef_dora", "es"), chain_for("gtts", "de")
    (('kokoro:bf_emma', 'hibari'), ('kokoro:ef_dora', 'gtts', 'espeak'), ('gtts', 'espeak'))
    """
    if _base(language) == "en":
        is_embedded = entry in (_EMBEDDED, f"{_EMBEDDED}:heart")
        return (entry,) if is_embedded else (entry, _EMBEDDED)
    engine = entry.partition(":")[0]
    ready = [offer.entry for offer in offers if offer.is_ready and offer.is_offline]
    spares = ["gtts", *(spare for spare in ready if not spare.startswith("espeak")), "espeak"]
    return (entry, *(spare for spare in spares if spare.partition(":")[0] != engine))


def _offers_of(listing: VoiceListing, language: str, costs: Mapping[str, VoiceCost]) -> Iterator[VoiceOffer]:
    """The first voice of the station's accent, or of its language; and the first that is there, if that one is not."""
    fitting = [voice for voice in listing.voices if _base(voice.language) == _base(language)]
    if listing.engine == _FOR_TESTS or not fitting:
        return
    fitting.sort(key=lambda voice: voice.language.lower() != language.lower())
    there = [voice for voice in fitting if not voice.install]
    for voice in dict.fromkeys((fitting[0], *there[:1])):
        yield _offer(voice, listing, language, costs)


def _offer(voice: Voice, listing: VoiceListing, language: str, costs: Mapping[str, VoiceCost]) -> VoiceOffer:
    command = f"`{voice.install}`" if voice.install else ""
    return VoiceOffer(
        entry=f"{voice.engine}:{voice.name}",
        language=voice.language,
        description=voice.description,
        sound="natural" if voice.is_natural else "robotic",
        is_offline=listing.is_local,
        is_of_country=voice.language.lower() == language.lower() or "-" not in language,
        is_ready=not (listing.problem or command or voice.engine in _SET_UP),
        remedy=command or listing.problem or _SET_UP.get(voice.engine, ""),
        cost=costs.get(voice.engine) if listing.is_local else None,
    )


def _base(language: str) -> str:
    return language.partition("-")[0].lower()
