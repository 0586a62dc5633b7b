"""Every part of a station checks itself and names the remedy."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from bulletin.audio.formats.encoders import AudioFormat
from bulletin.audio.music.load_jingles import StationJingles, load_jingles
from bulletin.config.load_profile import LoadedProfile
from bulletin.config.plausibility import doubts_of
from bulletin.config.profile_options import Profile
from bulletin.delivery.delivery_routes import DeliveryRoute, hubs_without_feed, routes_of
from bulletin.diagnostics.installation_test import check_packages, encode_sample, read_sample, speak_sample
from bulletin.diagnostics.shared_destinations import neighbours_of, shared_places
from bulletin.errors import BulletinError, ConfigError, DeliveryError
from bulletin.imaging.jingle_sets import JINGLES
from bulletin.language.sentence_parser import parser_failure
from bulletin.model import FeedState
from bulletin.model.findings import (
    CheckVerdict,
    Finding,
    missing_secrets,
    not_asked,
    plain_secrets,
    unless_lacking,
)
from bulletin.pipeline.make_bulletin import ask_feeds
from bulletin.pipeline.stage_summaries import counted
from bulletin.pipeline.station_words_check import check_station_words, own_sentence
from bulletin.rewriter.rewriter_factory import build_rewriter
from bulletin.runtime.redaction import hide, one_line
from bulletin.speech.speak_script import VoiceReader
from bulletin.station.factories import (
    artwork_of,
    chain_of,
    feeds_of,
    jingles_of,
    lexicon_of,
    phrases_of,
    second_of,
    stream_of,
)
from bulletin.station.signing import check_credentials
from bulletin.station.station import claim_output, open_station

log = logging.getLogger(__name__)


def check_station(
    loaded: LoadedProfile, *, output: Path, now: datetime, asks: bool = True
) -> tuple[Finding, ...]:
    """
    Ask every part of the station that has its secrets, and try the installation; makes no bulletin.

    Without `asks` what others serve is left alone: feeds, deliveries, the stream, a language model.
    """
    profile = loaded.profile
    findings = [Finding(part="profile", verdict=CheckVerdict.OK, message=str(loaded.path))]
    findings += missing_secrets(loaded)
    findings += plain_secrets(loaded)
    findings += _try("packages", check_packages)
    findings += _try("feeds and pages", read_sample)
    findings += _try("language", lambda: phrases_of(loaded, profile))
    findings += _check_parser(profile)
    findings += _try("pronunciations", lambda: lexicon_of(loaded, profile))
    findings += unless_lacking(
        loaded, "rewriter", "script", "rewriter", check=lambda: _check_rewriter(profile, asks=asks)
    )
    findings += _try("artwork", lambda: artwork_of(loaded, profile))
    if loaded.profile.credentials.certificate:
        findings += unless_lacking(
            loaded,
            "credentials",
            "credentials",
            check=lambda: _try("credentials", lambda: check_credentials(loaded)),
        )
    findings += check_station_words(loaded, now=now)
    findings += _check_jingles(loaded)
    findings += _try("output", lambda: _check_outlets(loaded, output))
    findings += _check_voices(loaded, now=now)
    findings += _try("encoders", lambda: encode_sample(_formats(profile)))
    findings += _check_deliveries(loaded, asks=asks)
    doubts = [*doubts_of(profile), *(("hub", message) for message in hubs_without_feed(profile))]
    findings += [
        Finding(part=part, verdict=CheckVerdict.WARNING, message=message) for part, message in doubts
    ]
    if profile.deliveries or profile.stream.is_on:
        findings += _check_neighbours(loaded)
    if profile.stream.is_on:
        findings += unless_lacking(
            loaded, "stream", "stream", check=lambda: _try("stream", lambda: _check_stream(loaded, asks=asks))
        )
    findings += _check_feeds(loaded, now=now, asks=asks)
    return tuple(findings)


def _formats(profile: Profile) -> tuple[AudioFormat, ...]:
    """Of what the profile has made; stand-bys and jingles need none."""
    return tuple(profile.outputs.rendition(kind).format for kind in profile.outputs.make)


def _check_parser(profile: Profile) -> Iterator[Finding]:
    """An English station tells sentences as printed where no parser can be loaded."""
    if profile.language.startswith("en") and (problem := parser_failure()):
        yield Finding(part="parser", verdict=CheckVerdict.WARNING, message=problem)


def _check_stream(loaded: LoadedProfile, *, asks: bool) -> None:
    stream = stream_of(loaded, loaded.profile)
    if stream and asks:
        stream.check()


def _try(part: str, work: Callable[[], object]) -> Iterator[Finding]:
    try:
        work()
    except BulletinError as error:
        yield Finding(part=part, verdict=CheckVerdict.FAILURE, message=str(error), exit_code=error.exit_code)
    else:
        yield Finding(part=part, verdict=CheckVerdict.OK)


def _check_jingles(loaded: LoadedProfile) -> Iterator[Finding]:
    """
    A jingle that cannot be played is left out on air, so it is a warning.

    Of the others it tells where speech will start over them: one that was found may want correcting.
    """
    try:
        jingles = jingles_of(loaded, loaded.profile)
    except ConfigError as error:
        verdict, code = CheckVerdict.FAILURE, error.exit_code
        yield Finding(part="jingles", verdict=verdict, message=str(error), exit_code=code)
        return
    for name in JINGLES:
        path: Path | None = getattr(jingles, name)
        part = f"jingle {name}"
        if path is None:
            yield Finding(part=part, verdict=CheckVerdict.OK, message="none, as the profile wants it")
            continue
        alone = StationJingles(**{name: path}, mix_points_s=jingles.mix_points_s)
        shelf = load_jingles(alone, rate_hz=44_100, voice_lufs=-16.0)
        for note in shelf.notes:
            yield Finding(part=part, verdict=CheckVerdict.WARNING, message=note)
        for tune in shelf.timings.values():
            message = (
                "" if name == "bed" else f"speech from {tune.talk_from_s:.1f} s of {tune.length_s:.1f} s"
            )
            yield Finding(part=part, verdict=CheckVerdict.OK, message=message)


def _check_rewriter(profile: Profile, *, asks: bool) -> Iterator[Finding]:
    """Without it the words made by rule stand, so it is a warning."""
    rewriter = build_rewriter(profile.script.rewriter)
    if not rewriter:
        return
    try:
        if asks:
            rewriter.check()
    except BulletinError as error:
        yield Finding(part="rewriter", verdict=CheckVerdict.WARNING, message=str(error))
    else:
        yield Finding(part="rewriter", verdict=CheckVerdict.OK, message=rewriter.fingerprint)


def _check_voices(loaded: LoadedProfile, *, now: datetime) -> Iterator[Finding]:
    """One voice that works is enough; the others are warnings. Those that need no network say a sentence."""
    sentence = own_sentence(loaded, now=now)
    try:
        readers = chain_of(loaded, loaded.profile)
        second = second_of(loaded, loaded.profile)
    except ConfigError as error:
        yield Finding(
            part="voices", verdict=CheckVerdict.FAILURE, message=str(error), exit_code=error.exit_code
        )
        return
    problems: list[tuple[str, BulletinError]] = []
    if second:
        yield from _check_second(loaded, second, sentence=sentence)
    for reader in readers:
        part = f"voice {reader.engine.name}"
        try:
            _check_reader(loaded, reader, sentence=sentence)
        except BulletinError as error:
            problems.append((part, error))
        else:
            yield Finding(part=part, verdict=CheckVerdict.OK, message=reader.voice.name)
    is_mute = len(problems) == len(readers)
    for part, problem in problems:
        yield Finding(
            part=part,
            verdict=CheckVerdict.FAILURE if is_mute else CheckVerdict.WARNING,
            message=str(problem),
            exit_code=problem.exit_code if is_mute else 0,
        )


def _check_reader(loaded: LoadedProfile, reader: VoiceReader, *, sentence: str) -> None:
    if why := not_asked(loaded, "speech", "engines", reader.engine.name):
        raise ConfigError(why)
    reader.engine.check()
    if reader.engine.is_local:
        speak_sample(reader, sentence)


def _check_second(loaded: LoadedProfile, second: VoiceReader, *, sentence: str) -> Iterator[Finding]:
    """Without the second reader the first one reads all, so it is a warning."""
    part = f"second voice {second.engine.name}"
    try:
        _check_reader(loaded, second, sentence=sentence)
    except BulletinError as error:
        yield Finding(part=part, verdict=CheckVerdict.WARNING, message=str(error))
    else:
        yield Finding(part=part, verdict=CheckVerdict.OK, message=second.voice.name)


def _check_outlets(loaded: LoadedProfile, output: Path) -> None:
    claim_output(loaded, output=output)
    with open_station(loaded, output=output) as station:
        for outlet in station.outlets:
            outlet.check()


def _check_deliveries(loaded: LoadedProfile, *, asks: bool) -> Iterator[Finding]:
    """Each place is asked as a delivery asks it; what it would not take now is a failure, although it is tried again."""
    try:
        routes = routes_of(loaded)
    except ConfigError as error:
        code = error.exit_code
        yield Finding(part="deliveries", verdict=CheckVerdict.FAILURE, message=str(error), exit_code=code)
        return
    for number, route in enumerate(routes if asks else ()):
        if why := not_asked(loaded, "deliveries", number):
            yield Finding(part=f"delivery {route.name}", verdict=CheckVerdict.WARNING, message=why)
        else:
            yield _check_route(route)


def _check_route(route: DeliveryRoute) -> Finding:
    part, code = f"delivery {route.name}", DeliveryError.exit_code
    try:
        route.delivery.check()
    except BulletinError as error:
        message = str(error)
    except Exception as error:
        log.exception("a kind of delivery of the station's own: %s", route.name)
        message = f"{type(error).__name__}: {error}; correct the part that the profile names"
    else:
        return Finding(part=part, verdict=CheckVerdict.OK, message=f"takes {route.rendition}")
    return Finding(part=part, verdict=CheckVerdict.FAILURE, message=one_line(hide(message)), exit_code=code)


def _check_neighbours(loaded: LoadedProfile) -> Iterator[Finding]:
    for shared in shared_places((*neighbours_of(loaded), loaded)):
        if loaded.id in shared.stations:
            yield Finding(part="neighbours", verdict=CheckVerdict.WARNING, message=str(shared))


def _check_feeds(loaded: LoadedProfile, *, now: datetime, asks: bool) -> Iterator[Finding]:
    known = [one for n, one in enumerate(loaded.profile.feeds) if not loaded.lacks("feeds", n)]
    try:
        feeds = feeds_of(loaded, loaded.profile.model_copy(update={"feeds": tuple(known)}))
    except BulletinError as error:
        yield Finding(
            part="feeds", verdict=CheckVerdict.FAILURE, message=str(error), exit_code=error.exit_code
        )
        return
    if not feeds and not loaded.lacks("feeds"):
        # not a failure: a station may live on stories of its own
        yield Finding(
            part="feeds", verdict=CheckVerdict.WARNING, message="none yet; `bulletin feeds add URL` finds one"
        )
    elif asks:
        for report in ask_feeds(feeds, now=now, options=loaded.profile.fetch).reports:
            is_bad = report.state in (FeedState.FAILED, FeedState.EMPTY)
            yield Finding(
                part=f"feed {report.feed.name}",
                verdict=CheckVerdict.WARNING if is_bad else CheckVerdict.OK,
                message=report.reason or counted(report.articles, "article"),
            )
