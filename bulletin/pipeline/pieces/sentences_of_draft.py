"""
Draft -> the sentences that are pieces of work of their own, unless they are spoken already.

Those of stories, which are spoken once for all stations, and all that a server speaks, since no processor should wait for
it. The station's own words, read by a voice of the machine, are spoken by its mix: a piece costs two thirds of what the
sentence does (docs/decisions/0079), and no other station needs it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from bulletin.errors import OtherVoiceError
from bulletin.model import Role
from bulletin.pipeline.bulletin_run_results import Draft
from bulletin.runtime.deadline import Deadline
from bulletin.speech.assign_readers import first_texts
from bulletin.speech.cache.speak_into_cache import speak_into_cache
from bulletin.speech.cache.speech_cache import sentence_key
from bulletin.speech.engine_interface import VoiceReader
from bulletin.station.build_station_object import Station

_OF_STORIES = (Role.HEADLINE, Role.STORY)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceToSpeak:
    """One sentence that a voice has to speak for a station, and for all others that need it."""

    key: str
    """Its key in the speech cache: the same for all stations with that voice and its options."""
    text: str
    """As read."""
    voice: str
    """Label of the voice, as in a profile's chain: "hibari:demo". A worker without it cannot speak the sentence."""
    station: str
    """A station whose profile has the voice with these options."""


def voice_label(reader: VoiceReader) -> str:
    """ "hibari:demo"."""
    return f"{reader.engine.name}:{reader.voice.name}"


def sentences_of(
    station: Station, draft: Draft, *, voices: Collection[str] | None = None
) -> tuple[SentenceToSpeak, ...]:
    """
    Such sentences of a draft that the first voices of the station's chains would read, and that no cache entry has.

    The indispensable ones come first. `voices` are the labels of those that some worker has; by default all can
    read. Where a voice fails, `finish_bulletin` speaks with the next one.
    """
    pairs = first_texts(
        draft.script,
        chain=station.readers,
        second=station.second,
        others=station.others,
        can_read=lambda reader: voices is None or voice_label(reader) in voices,
    )
    told = {s.spoken for p in draft.script.passages() if p.role in _OF_STORIES for s in p.sentences}
    found = {
        key: SentenceToSpeak(key=key, text=text, voice=voice_label(reader), station=station.words.id)
        for reader, text in pairs
        if text in told or bool(getattr(reader.engine, "provider", ""))  # other packages' engines may lack it
        if not station.cache.has(key := sentence_key(text, reader))
    }
    return tuple(found.values())


def speak_sentence(station: Station, sentence: SentenceToSpeak, *, deadline: Deadline | None = None) -> None:
    """
    Speak a sentence into the speech cache, unless it is there.

    It is claimed as in a mix: one that fits another text into its time may need the same sentence now.

    Raises SpeechError, OtherVoiceError where the station has no such voice on this machine, or one that sounds
    otherwise (another version, another option): then another worker must speak it.
    """
    reader = _reader_of(station, sentence)
    claims = station.claims_of_piece(sentence.key)
    speak_into_cache(sentence.text, reader=reader, cache=station.cache, claims=claims, deadline=deadline)


def _reader_of(station: Station, sentence: SentenceToSpeak) -> VoiceReader:
    """The station's reader whose sound of the text has the key of the sentence."""
    readers = [reader for reader in readers_of(station) if voice_label(reader) == sentence.voice]
    for reader in readers:
        if sentence_key(sentence.text, reader) == sentence.key:
            return reader
    if readers:
        raise OtherVoiceError(
            f"{station.words.id}: the voice {sentence.voice} has another version or other options on this machine "
            "than where the draft was written; install the same version on every worker"
        )
    raise OtherVoiceError(
        f"{station.words.id}: the profile on this machine has no voice {sentence.voice}, "
        "which the draft asks for; give every worker the same profiles"
    )


def readers_of(station: Station) -> Iterator[VoiceReader]:
    """Every reader of the station: chain, second reader and further languages."""
    yield from station.readers
    if station.second:
        yield station.second
    yield from _chained(station.others.values())


def _chained(chains: Iterable[tuple[VoiceReader, ...]]) -> Iterator[VoiceReader]:
    for chain in chains:
        yield from chain
