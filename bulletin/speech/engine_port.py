"""The port of the voices: what an engine promises, and where the built-in ones live."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from bulletin.model import Voice

ENGINES = {
    "gtts": "bulletin.speech.engines.gtts:GttsEngine",
    "hibari": "bulletin.speech.engines.hibari:HibariEngine",
    "kokoro": "bulletin.speech.engines.kokoro:KokoroEngine",
    "openai": "bulletin.speech.engines.openai:OpenaiEngine",
    "espeak": "bulletin.speech.engines.espeak:EspeakEngine",
    "tone": "bulletin.speech.engines.tone:ToneEngine",
}


class Engine(Protocol):
    """
    Somebody's speech synthesis.

    The constructor takes keyword arguments only, each with a default: `speed` (1.1 is a tenth
    faster), `language` (BCP 47), `folder` (where it may keep files between runs) and its own options,
    the keys of [speech.engines.<name>]. One that reads phonemes also takes `phonemes`, the lexicon's
    (respelling -> IPA). It opens nothing: the first `synthesize` loads the model.
    """

    @property
    def name(self) -> str:
        """As in the profile's chain."""

    @property
    def suffix(self) -> str:
        """Of the files it writes: ".wav"."""

    @property
    def is_local(self) -> bool:
        """Needs no network."""

    @property
    def at_once(self) -> int:
        """How many threads may call `synthesize` side by side."""

    @property
    def fingerprint(self) -> str:
        """What changes the sound besides text and voice: version, speed, model. Part of the cache's key."""

    def check(self) -> None:
        """Raise EngineUnavailableError or EngineBusyError, with the remedy, if it cannot work now."""

    def voices(self) -> tuple[Voice, ...]:
        """Who can read here, the default first; known without loading or asking anything."""

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        """
        Say `text`, one sentence, and write it to `path`, whole or not at all.

        Raises SpeechError: EngineUnavailableError, EngineBusyError or BadSpeechError.
        """
