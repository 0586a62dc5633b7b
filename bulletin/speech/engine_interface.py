"""Port of the speech engines, and the table of the built-in ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bulletin.errors import ConsentError
from bulletin.model import Voice
from bulletin.speech.cloned_voices.consent import Consent
from bulletin.speech.servers.character_budget import Counts

ENGINES = {
    "gtts": "bulletin.speech.engines.gtts:GttsEngine",
    "hibari": "bulletin.speech.engines.hibari_offline_voice:HibariEngine",
    "kokoro": "bulletin.speech.engines.kokoro:KokoroEngine",
    "openai": "bulletin.speech.engines.openai:OpenaiEngine",
    "elevenlabs": "bulletin.speech.engines.elevenlabs:ElevenlabsEngine",
    "wyoming": "bulletin.speech.engines.wyoming:WyomingEngine",
    "pico": "bulletin.speech.engines.pico:PicoEngine",
    "espeak": "bulletin.speech.engines.espeak:EspeakEngine",
    "tone": "bulletin.speech.engines.tone_for_tests:ToneEngine",
}


class Engine(Protocol):
    """
    A speech synthesizer.

    The constructor takes keyword arguments only, each with a default: `speed` (1.1 is a tenth
    faster), `language` (BCP 47), `folder` (for files between runs) and the options of
    [speech.engines.<name>]. An engine that reads phonemes also takes the lexicon's `phonemes`
    (respelling -> IPA). It opens no file: the first `synthesize` loads the model.
    """

    name: str
    """Name in the profile's chain."""
    suffix: str = ".wav"
    """Suffix of its files."""
    is_local: bool = True
    """Needs no network."""
    at_once: int = 1
    """Number of threads that may call `synthesize` at the same time."""
    pause_s: float = 0.0
    """Pause between two sentences that its provider wants, in seconds; in a group from all machines together."""
    clone_remedy: str = ""
    """What else a user may do about a voice that may be a clone, after a semicolon; {voice} is its name."""

    @property
    def fingerprint(self) -> str:
        """Everything besides text and voice that changes the sound (version, speed, model): part of the cache's key."""

    @property
    def provider(self) -> str:
        """The server that allows `at_once` requests to all workers of a group together; empty: this machine."""
        return "" if self.is_local else self.name

    def share_counts(self, counts_of: Callable[[str], Counts]) -> None:
        """Keep counts of a day and pauses, by name, where all workers of a group keep them; most have none."""
        return

    def check(self) -> None:
        """Raise EngineUnavailableError or EngineBusyError, with the remedy, when it cannot speak now."""

    def voices(self) -> tuple[Voice, ...]:
        """Voices, the default first; known without loading a model or asking a server."""

    def may_be_clone(self, voice: Voice) -> bool:
        """
        Whether the voice imitates a person, or may: then the profile must hold the person's consent.

        Asks the server where that is needed. Raises SpeechError.
        """
        return False

    def notes(self) -> tuple[str, ...]:
        """
        What a user should know of it now, a line each: the voices of its server, what was charged today.

        Asks the server where that is needed. Raises SpeechError.
        """
        return ()

    def receipt(self) -> str:
        """What its provider has charged since the last receipt, in words; empty: nothing."""
        return ""

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        """
        Speak `text`, one sentence, into the file `path`, which is complete or missing.

        Raises SpeechError: EngineUnavailableError, EngineBusyError or BadSpeechError.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceReader:
    """An engine with one of its voices."""

    engine: Engine
    voice: Voice
    consent: Consent | None = None
    """Consent of the person whom the voice imitates."""

    def check_consent(self) -> None:
        """
        Raise ConsentError if the voice may imitate a person without a valid consent; SpeechError if nobody can tell.

        In doubt a record is needed: only a voice that is known to imitate nobody does without.
        """
        if self.consent:
            self.consent.check()
        elif self.engine.may_be_clone(self.voice):
            remedy = self.engine.clone_remedy.replace("{voice}", self.voice.name)
            raise ConsentError(
                f"{self.engine.name}:{self.voice.name} may imitate a person, and the profile has no consent for it; "
                f"record it in [[speech.consents]] (docs/VOICES.md){remedy}"
            )
