"""The voices of a station: each speaks a sentence, of the station's language, and quickly enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bulletin.archive.archive import Archive
from bulletin.config.load_profile import LoadedProfile
from bulletin.config.profile_options import Profile
from bulletin.diagnostics.check_installation import speak_sample
from bulletin.errors import BulletinError, ConfigError, ConsentError, SpeechError
from bulletin.model import diagnostic_findings as verdicts
from bulletin.model.diagnostic_findings import Finding, Verdict, ok, warning
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.pipeline.describe_stage_results import counted
from bulletin.service.worker_base_classes import MOST_S
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.offers.voice_costs import VoiceCost, doubt_of_cost, kept_costs, measure_cost
from bulletin.speech.offers.voice_offers import offers_for, speaks
from bulletin.speech.voice_factory import list_voices
from bulletin.station import build_components_from_profile as components
from bulletin.station.limits_of_group import limit_voice

_LEAD_SHARE = 0.65 * 0.6
"""Of the longest lead time, for the first voice: feeds may take 35 %, and at 60 % of the rest the next voice begins."""
_measured: dict[str, VoiceCost] = {}
"""Engine -> cost that this process measured, where none is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCheck:
    """Check of a station's chain and second voice."""

    loaded: LoadedProfile
    phonemes: Mapping[str, str]
    """Respelling -> IPA, of the lexicon."""
    sentence: str
    """The station's own, that each local voice speaks."""
    now: datetime
    group: Archive | None = None
    """Archive of the station's group, which counts what its voices have cost on all machines."""

    def findings(self) -> Iterator[Finding]:
        """
        One working voice is enough, failures of the others are warnings; a voice of another language is a failure.

        A chain that the profile does not name is not the profile's fault. Raises ConfigError.
        """
        speech, language = self.loaded.profile.speech, self.loaded.profile.language
        given: dict[str, Any] = {
            "language": language,
            "phonemes": self.phonemes,
            "folder": self.loaded.path.parent,
        }
        readers = tuple(map(self._limited, components.build_readers(speech, **given)))
        second = components.build_second_reader(speech, **given)
        yield from filter(None, map(self._check_consent, (*readers, second) if second else readers))
        if second:  # without it the first voice reads everything
            foreign = self._foreign(second, f"second voice {second.engine.name}")
            yield foreign or as_warning(self._check(second, f"second voice {second.engine.name}"))
        yield from self._other_languages()
        is_named = "chain" in speech.model_fields_set
        checks = [(reader, f"voice {reader.engine.name}") for reader in readers]
        foreign_ones = {
            reader: finding for reader, part in checks if (finding := self._foreign(reader, part))
        }
        findings = [foreign_ones.get(reader) or self._check(reader, part) for reader, part in checks]
        works = any(finding.verdict is Verdict.OK for finding in findings)
        for reader, finding in zip(readers, findings, strict=True):
            is_refused = is_named and reader in foreign_ones
            yield finding if is_refused or not works else as_warning(finding)
        for reader, finding in zip(readers, findings, strict=True):
            if finding.verdict is Verdict.OK:
                yield from self._notes(reader)
                yield from self._doubts(reader)

    def _limited(self, reader: VoiceReader) -> VoiceReader:
        return limit_voice(reader, self.group) if self.group else reader

    def _other_languages(self) -> Iterator[Finding]:
        """Each further language needs a working voice, else its stories are left out; so none is a failure."""
        loaded = self.loaded
        words = components.build_words(loaded.profile, station_id=loaded.id, folder=loaded.path.parent)
        profile = loaded.profile
        lexicon = components.build_lexicon(
            profile.pronunciations, profile.lexicon, words=words, profile=loaded.path
        )
        others = components.build_other_readers(
            profile.speech, words=words, folder=loaded.path.parent, lexicon=lexicon
        )
        for language, readers in others.items():
            yield _describe_language(language, profile, lexicon)
            yield from filter(None, map(self._check_consent, readers))
            findings = [self._check(reader, f"voice {reader.engine.name} ({language})") for reader in readers]
            works = any(finding.verdict is Verdict.OK for finding in findings)
            yield from map(as_warning, findings) if works else findings

    def _check_consent(self, reader: VoiceReader) -> Finding | None:
        """A failure although other voices work: a voice without its person's consent must not be forgotten in a chain."""
        part = f"consent for {reader.engine.name}:{reader.voice.name}"
        try:
            reader.check_consent()
            if reader.consent:
                reader.consent.check_day(self.now.date())
        except ConsentError as error:
            return verdicts.failure(part, str(error), exit_code=error.exit_code)
        except SpeechError as error:
            return warning(part, str(error))
        if reader.voice.imitates:
            return ok(part, f"{reader.voice.imitates}, {reader.voice.consented}")
        return None

    def _foreign(self, reader: VoiceReader, part: str) -> Finding | None:
        """Failure of a voice of another language, with those that speak the station's."""
        language = self.loaded.profile.language
        if speaks(reader.voice, language):
            return None
        offers = offers_for(language, list_voices(language=language, asks=False), {})
        fitting = ", ".join(offer.entry for offer in offers[:3]) or "none on this machine"
        return verdicts.failure(
            part,
            f"{reader.voice.name} speaks {reader.voice.language}, and the station {language}; name another one in "
            f"[speech]: {fitting} (`bulletin voices list --language {language}`)",
            exit_code=ConfigError.exit_code,
        )

    def _check(self, reader: VoiceReader, part: str) -> Finding:
        try:
            if reason := verdicts.not_asked(self.loaded, "speech", "engines", reader.engine.name):
                raise ConfigError(reason)
            reader.engine.check()
            if reader.engine.is_local:
                speak_sample(reader, self.sentence)
        except BulletinError as error:
            message = str(error).removeprefix("voice engine ").removeprefix(f"{reader.engine.name}: ")
            return verdicts.failure(part, message, exit_code=error.exit_code)
        return ok(part, reader.voice.name)

    def _notes(self, reader: VoiceReader) -> Iterator[Finding]:
        """What its server offers and what it charges."""
        part = f"voice {reader.engine.name}"
        try:
            yield from (ok(part, note) for note in reader.engine.notes())
        except SpeechError as error:
            yield warning(part, str(error).removeprefix(f"{reader.engine.name}: "))

    def _doubts(self, reader: VoiceReader) -> Iterator[Finding]:
        """Warning of a local voice that is too slow for the station's bulletins."""
        if not reader.engine.is_local:
            return
        try:
            cost = _cost(reader, now=self.now)
        except SpeechError:  # told by the check
            return
        lead_s = MOST_S * _LEAD_SHARE
        if doubt := doubt_of_cost(cost, length_s=self.loaded.profile.length, lead_s=lead_s):
            yield warning(f"voice {reader.engine.name}", doubt)


def _describe_language(language: str, profile: Profile, lexicon: Lexicon) -> Finding:
    """Feeds and pronunciations of a further language of the bulletins."""
    feeds = sum(feed.language == language for feed in profile.feeds)
    named = counted(feeds, "feed") if feeds else f'no feed names it (language = "{language}")'
    own = counted(len(lexicon.of(language).entries), "pronunciation")
    return ok(
        f"language {language}",
        f"{named}; its stories, and an editor's words in them, have its figures and {own} ([pronunciations.{language}])",
    )


def _cost(reader: VoiceReader, *, now: datetime) -> VoiceCost:
    """Kept by an installation, or measured now. Raises SpeechError."""
    name = reader.engine.name
    cost = kept_costs().get(name) or _measured.get(name)
    if cost is None:
        cost = _measured[name] = measure_cost(reader, now=now)
    return cost


def as_warning(finding: Finding) -> Finding:
    """Failure as a warning, because other parts replace the failed one."""
    return warning(finding.part, finding.message) if finding.verdict is Verdict.FAILURE else finding
