"""LoadedProfile -> Findings: every part of a station checks itself and names the remedy."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.audio.music.load_jingles import StationJingles, load_jingles
from bulletin.config.find_doubtful_options import doubts_of
from bulletin.config.load_profile import LoadedProfile, locate_option
from bulletin.config.profile_options import Profile
from bulletin.delivery.targets_from_profile import DeliveryRoute, hubs_without_feed, routes_of
from bulletin.diagnostics.check_hearing import check_hearing
from bulletin.diagnostics.check_installation import check_packages, encode_sample, read_sample
from bulletin.diagnostics.check_station_voices import VoiceCheck
from bulletin.diagnostics.find_shared_output_destinations import neighbours_of, shared_places
from bulletin.errors import BulletinError, DeliveryError, StoreError
from bulletin.imaging.find_shipped_jingle_sets import JINGLES
from bulletin.language.english_grammar_parser import parser_failure
from bulletin.model import FeedState, StationWords
from bulletin.model import diagnostic_findings as verdicts
from bulletin.model.diagnostic_findings import Finding, Verdict, ok, warning
from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.pipeline.check_greeting_and_signoff_texts import check_station_words, own_sentence
from bulletin.pipeline.describe_stage_results import counted
from bulletin.pipeline.pieces.gather_and_choose import ask_feeds
from bulletin.rewriter.rewriter_factory import build_rewriter
from bulletin.runtime.redact_secrets import hide, one_line
from bulletin.station import build_components_from_profile as components
from bulletin.station.build_station_object import claim_output, open_station
from bulletin.station.desk_of_station import load_desk
from bulletin.station.group_files.check_store_of_group import open_archive_and_store
from bulletin.station.limits_of_group import limited_answers
from bulletin.station.sign_bulletin_mp3s import check_credentials

log = logging.getLogger(__name__)

_COMPOSED = ("opening and closing words", "output")
"""Parts that are built from others, whose faults are reported under their own names."""


def check_station(
    loaded: LoadedProfile, *, output: Path, now: datetime, asks: bool = True
) -> tuple[Finding, ...]:
    """
    Check every part of the station whose secrets are set, and test the installation; make no bulletin.

    Without `asks` no server is contacted: feeds, deliveries, the stream, a language model.
    """
    words = components.build_words(loaded.profile, station_id=loaded.id, folder=loaded.path.parent)
    with _opened_group(loaded, output=output) as (group, of_group):
        check = _StationCheck(loaded=loaded, words=words, now=now, asks=asks, group=group)
        findings = (*of_group, *check.findings(output))
    faults = {finding.message for finding in findings if finding.part not in _COMPOSED}
    return tuple(f for f in findings if not (f.part in _COMPOSED and f.message and f.message in faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class _StationCheck:
    loaded: LoadedProfile
    words: StationWords
    now: datetime
    asks: bool
    group: Archive | None
    """Archive of the station's group; None without one, and where it cannot be opened."""

    def findings(self, output: Path) -> Iterator[Finding]:
        loaded, profile = self.loaded, self.profile
        yield ok("profile", str(loaded.path))
        yield from verdicts.missing_secrets(loaded)
        yield from verdicts.plain_secrets(loaded)
        yield self._try("packages", check_packages)
        yield self._try("feeds and pages", read_sample)
        language = self._try("language", lambda: components.build_phrases(self.words))
        yield language
        # a folder with a mistake cannot be loaded
        if language.verdict is Verdict.OK and (lacking := self._lacking_figures()):
            yield warning(
                "figures", f"stay as printed, because {profile.language} lacks {', '.join(lacking)}"
            )
        if profile.language.startswith("en") and (problem := parser_failure()):
            yield warning("parser", problem)
        yield self._try("pronunciations", self._lexicon)
        yield from verdicts.unless_lacking(
            loaded, "rewriter", "script", "rewriter", check=self._check_rewriter
        )
        yield self._try(
            "artwork",
            lambda: components.build_artwork(profile.imaging, words=self.words, folder=self.folder),
        )
        if profile.credentials.certificate:
            yield from self._try_if_set("credentials", lambda: check_credentials(loaded))
        yield from check_station_words(loaded, now=self.now)
        yield from self._try_all("jingles", self._check_jingles)
        yield self._try("output", lambda: self._check_outlets(output))
        yield from self._try_all("voices", self._check_voices)
        yield from check_hearing(profile)
        formats = [profile.outputs.rendition(kind).format for kind in profile.outputs.make]
        yield self._try("encoders", lambda: encode_sample(formats))
        yield from self._try_all("deliveries", self._check_deliveries)
        yield from self._try_all("running order", self._check_desk)
        for part, message in doubts_of(profile):
            yield warning(part, message)
        for message in hubs_without_feed(profile):
            yield warning("hub", message)
        if profile.deliveries or profile.stream.is_on:
            for stations, problem in shared_places((*neighbours_of(loaded.path), loaded)):
                if loaded.id in stations:
                    yield warning("neighbours", problem)
        if profile.stream.is_on:
            yield from self._try_if_set("stream", self._check_stream)
        yield from self._try_all("feeds", self._check_feeds)

    @property
    def profile(self) -> Profile:
        return self.loaded.profile

    @property
    def folder(self) -> Path:
        return self.loaded.path.parent

    def _try(self, part: str, check: Callable[[], object]) -> Finding:
        try:
            with locate_option(self.loaded.path):
                check()
        except BulletinError as error:
            return verdicts.failure_of(part, error)
        return ok(part)

    def _try_all(self, part: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
        """The findings of a check; an error ends it with a failure of `part`."""
        try:
            with locate_option(self.loaded.path):
                yield from check()
        except BulletinError as error:
            yield verdicts.failure_of(part, error)

    def _try_if_set(self, part: str, check: Callable[[], object]) -> Iterator[Finding]:
        """The check of a part whose secrets are in the table of its name."""
        return verdicts.unless_lacking(self.loaded, part, part, check=lambda: [self._try(part, check)])

    def _check_desk(self) -> Iterator[Finding]:
        """Whether the station can take the running order that it names, and whether its desk shares it."""
        desk = self.profile.stories.running_order
        if not desk or desk == self.loaded.id:
            return
        loaded = load_desk(desk, path=self.loaded.path, language=self.profile.language)
        if loaded.profile.stories.running_order != desk:
            remedy = f'write [stories] running_order = "{desk}" in {loaded.path.name}, too'
            yield warning("running order", f"the desk mixes its own sound and shares no draft; {remedy}")
        else:
            yield ok("running order", f"of {desk}")

    def _lacking_figures(self) -> tuple[str, ...]:
        return tuple(load_tongue(self.profile.language, folder=self.words.languages).lacking())

    def _lexicon(self) -> Lexicon:
        return components.build_lexicon(
            self.profile.pronunciations, self.profile.lexicon, words=self.words, profile=self.loaded.path
        )

    def _check_stream(self) -> None:
        stream = components.stream_of(self.loaded)
        if stream and self.asks:
            stream.check()

    def _check_jingles(self) -> Iterator[Finding]:
        """
        Check the jingles; an unplayable one is a warning, because the bulletin airs without it.

        For the others, print the time at which speech starts over them: a detected time may need a
        correction.
        """
        jingles = components.build_jingles(self.profile.imaging, folder=self.folder)
        for name in JINGLES:
            path: Path | None = getattr(jingles, name)
            part = f"jingle {name}"
            if path is None:
                yield ok(part, "not named in the profile, so none is played")
                continue
            alone = StationJingles(**{name: path}, mix_points_s=jingles.mix_points_s)
            music = load_jingles(alone, rate_hz=44_100, voice_lufs=-16.0)
            for note in music.notes:
                yield warning(part, note.removeprefix(f"{name}: "))
            for timing in music.timings.values():
                speech = f"{timing.length_s:.1f} s long; speech starts over it at {timing.talk_from_s:.1f} s"
                yield ok(part, "" if name == "bed" else speech)

    def _check_rewriter(self) -> Iterator[Finding]:
        """Check the language model; a failure is a warning, because the rule-based script airs without it."""
        rewriter = build_rewriter(self.profile.script.rewriter)
        if not rewriter:
            return
        try:
            if self.asks:
                rewriter.check()
            yield ok("rewriter", rewriter.fingerprint)
        except BulletinError as error:
            yield warning("rewriter", str(error))

    def _check_voices(self) -> Iterator[Finding]:
        phonemes = self._lexicon().phonemes
        sentence = own_sentence(self.loaded, now=self.now)
        yield from VoiceCheck(
            loaded=self.loaded, phonemes=phonemes, sentence=sentence, now=self.now, group=self.group
        ).findings()

    def _check_outlets(self, output: Path) -> None:
        claim_output(self.loaded, output=output)
        with open_station(self.loaded, output=output) as station:
            for outlet in station.outlets:
                outlet.check()

    def _check_deliveries(self) -> Iterator[Finding]:
        """Log in to each destination as a delivery does; a refusal is a failure although deliveries are retried."""
        routes = routes_of(self.loaded)
        for number, route in enumerate(routes if self.asks else ()):
            if reason := verdicts.not_asked(self.loaded, "deliveries", number):
                yield warning(f"delivery {route.name}", reason)
            else:
                yield _check_route(route)

    def _check_feeds(self) -> Iterator[Finding]:
        loaded, profile = self.loaded, self.profile
        known = tuple(feed for number, feed in enumerate(profile.feeds) if not loaded.lacks("feeds", number))
        feeds = components.build_feeds(known, profile.opml, words=self.words, folder=self.folder)
        takes_order = profile.stories.running_order not in ("", loaded.id)
        if not feeds and not loaded.lacks("feeds"):
            # not a failure: a station may have only its own stories
            if not takes_order:
                yield warning("feeds", "none yet; `bulletin feeds add URL` finds one")
        elif self.asks and profile.group.is_on and not self.group:
            yield warning(
                "feeds", "not asked: the group's turns at their hosts are in its database, which is not open"
            )
        elif self.asks:
            answers = limited_answers(profile, archive=self.group) if self.group else None
            for report in ask_feeds(feeds, now=self.now, options=profile.fetch, answers=answers).reports:
                is_bad = report.state in (FeedState.FAILED, FeedState.EMPTY)
                result = warning if is_bad else ok
                yield result(f"feed {report.feed.name}", report.reason or counted(report.articles, "article"))


@contextmanager
def _opened_group(
    loaded: LoadedProfile, *, output: Path
) -> Iterator[tuple[Archive | None, tuple[Finding, ...]]]:
    """The archive of the station's group, None without one or where it cannot be opened; and what was found."""
    group = loaded.profile.group
    if not group.is_on:
        yield None, ()
        return
    with ExitStack() as stack:
        try:
            archive, store = stack.enter_context(open_archive_and_store(group, output=output))
        except BulletinError as error:
            part = "store" if isinstance(error, StoreError) else "database"
            yield None, (verdicts.failure_of(part, error),)
            return
        yield archive, (ok("database", archive.label), ok("store", store.label))


def _check_route(route: DeliveryRoute) -> Finding:
    part = f"delivery {route.name}"
    try:
        route.delivery.check()
        return ok(part, f'ready to receive the output "{route.rendition}"')
    except BulletinError as error:
        message = str(error).removeprefix("delivery ").removeprefix(f"{route.name}: ")
    except Exception as error:
        log.exception("check of a delivery stopped by an error of its plug-in: delivery=%s", route.name)
        message = f"{type(error).__name__}: {error}; correct the plug-in that the profile names"
    return verdicts.failure(part, one_line(hide(message)), exit_code=DeliveryError.exit_code)
