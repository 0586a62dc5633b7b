"""A profile -> the parts of one station, built and checked."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bulletin.archive.archive import Archive
from bulletin.archive.database.open_database import stand_in_of
from bulletin.archive.ledgers.speech_ledger import SpeechLedger
from bulletin.articles.fetching.response_cache import ResponseCache
from bulletin.audio.mixing.mix import StationJingles
from bulletin.config.load_profile import LoadedProfile
from bulletin.config.profile_options import FOR_ONE_SLOT, Profile
from bulletin.config.solemn_days import settle_mood
from bulletin.delivery.sender import Sender, sender_of
from bulletin.errors import ArchiveError, BulletinError, OutletError
from bulletin.model import Feed, StationWords
from bulletin.normalization.lexicon import Lexicon
from bulletin.publishing.atomic_files import sweep_parts
from bulletin.publishing.outlet_port import Outlet
from bulletin.runtime.files.file_lock import hold
from bulletin.runtime.files.file_permissions import make_private, make_public
from bulletin.runtime.files.scratch_folder import is_at_work, run_of
from bulletin.speech.cache.speech_cache import SpeechCache
from bulletin.speech.speak_script import VoiceReader, expected_letters, expected_pace
from bulletin.speech.voice_factory import find_voice
from bulletin.station.factories import (
    artwork_of,
    chain_of,
    cover_of,
    feeds_of,
    jingles_of,
    lexicon_of,
    page_css_of,
    phrases_of,
    second_of,
    words_of,
)
from bulletin.station.folder_owner import claim_folder
from bulletin.station.outputs import outlets_of

log = logging.getLogger(__name__)

ARCHIVE = "archive.sqlite"
PUBLISH_WAIT_S = 60.0
"""Seconds that another run of the same station may take to publish."""
STATE = ".bulletin"
"""Folder beside the stations' public folders: archive, speech cache, scratch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """Everything that the six doors need, built from one profile."""

    words: StationWords
    profile: Profile
    path: Path
    """The profile's file."""
    feeds: tuple[Feed, ...]
    lexicon: Lexicon
    readers: tuple[VoiceReader, ...]
    second: VoiceReader | None
    """Reads beside the first reader."""
    jingles: StationJingles
    folder: Path
    """Public: audio, feed, artwork. Any web server may hold it."""
    state: Path
    """Private, shared by the stations of one output folder."""
    archive: Archive
    cache: SpeechCache
    answers: ResponseCache | None = None
    """What addresses answered to the other stations of this process, a moment ago."""
    outlets: tuple[Outlet, ...]
    sender: Sender
    """Brings what is out in `folder` to places elsewhere."""
    cover: bytes | None = None
    """Small JPEG for the MP3's tags."""

    @property
    def podcast_title(self) -> str:
        return self.profile.outputs.podcast.title or f"{self.words.name} News"

    def pace_wps(self) -> float:
        """Words a second of the voice that will most likely speak, as measured in earlier runs."""
        paces = [expected_pace(reader, cache=self.cache) for reader in self._first_readers()]
        return sum(paces) / len(paces)

    def letters_per_s(self) -> float:
        """Letters a second of the same voice, by which lengths are foretold."""
        paces = [expected_letters(reader, cache=self.cache) for reader in self._first_readers()]
        return sum(paces) / len(paces)

    def _first_readers(self) -> tuple[VoiceReader, ...]:
        shares = self.second and self.profile.speech.second_reads == "stories"
        return (self.readers[0], self.second) if self.second and shares else self.readers[:1]

    def audio_name(self, at: datetime, *, made_at: datetime) -> str:
        """A name that no other bulletin ever has: podcast apps and caches keep what an address once held."""
        local = at.astimezone(ZoneInfo(self.words.time_zone))
        stem = f"{self.words.id}-{local:%Y%m%d-%H%M}-{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        names = chain((f"{stem}.mp3",), (f"{stem}-{number}.mp3" for number in count(2)))
        return next(name for name in names if not (self.folder / name).exists())

    def claims_of(self, folder: Path) -> SpeechLedger:
        """Which sentences are being said just now by any run of this output folder; ours works in `folder`."""
        return SpeechLedger(
            self.archive, owner=run_of(folder), lives=lambda run: is_at_work(run, place=self.state)
        )

    @property
    def publish_lock(self) -> Path:
        """Held while a bulletin goes out: two at once would leave the feed of one and the sound of the other."""
        return publish_lock(self.state, self.words.id)

    @contextmanager
    def publishing(self, *, wait_s: float | None = None) -> Iterator[None]:
        """
        Hold the publish lock; first delete the unfinished files of a run that was killed while it held the lock.

        Raises LockedError when another run takes longer than `wait_s` seconds (default: PUBLISH_WAIT_S).
        """
        with hold(self.publish_lock, wait_s=PUBLISH_WAIT_S if wait_s is None else wait_s) as was_left:
            if was_left:
                sweep_parts(self.folder, older_than_s=0)
            yield

    def check_outlets(self) -> None:
        """Raise, before anything is made, when no outlet could take a bulletin: no room, no leave to write."""
        make_folder(self.folder)
        make_state(self.state.parent)
        problems: list[BulletinError] = []
        for outlet in self.outlets:
            try:
                outlet.check()
            except BulletinError as error:
                problems.append(error)
        if problems and len(problems) == len(self.outlets):
            raise problems[0]


def publish_lock(state: Path, station: str) -> Path:
    """The file that is locked while a bulletin of that station goes out."""
    return state / f"{station}.lock"


@contextmanager
def open_station(
    loaded: LoadedProfile,
    *,
    output: Path,
    overrides: Mapping[str, Any] | None = None,
    answers: ResponseCache | None = None,
    memory: Archive | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Station]:
    """
    Build the station's parts; the archive is closed at the end.

    `overrides` replace options of the profile ({"length": 90.0}); stations that are given the same
    `answers` share what they fetch. `memory` takes the place of the output folder's own archive, and stays
    open. Raises ConfigError, ArchiveError, OutletError when the output folder cannot be written.
    """
    profile = settle_mood(override_profile(loaded.profile, overrides or {}))
    folder, state = output / loaded.id, output / STATE
    words = words_of(loaded, profile)
    phrases_of(loaded, profile)  # before anything is fetched for a language that nobody here can speak
    readers = chain_of(loaded, profile)
    lexicon = lexicon_of(loaded, profile)
    feeds = feeds_of(loaded, profile)
    pictures = state / "artwork"
    with suppress(OSError):  # told below; whoever makes a file first would have it closed to web servers
        make_public(output)
    artwork = artwork_of(loaded, profile, kept=pictures)
    own_css = page_css_of(loaded, profile)
    with nullcontext(memory) if memory else open_archive(output) as archive:
        make_folder(folder)
        cover = cover_of(artwork, kept=pictures)
        outlets = outlets_of(
            profile,
            folder=folder,
            station=words,
            artwork=artwork,
            archive=archive,
            cover=cover,
            own_css=own_css,
            clock=clock,
        )
        yield Station(
            words=words,
            profile=profile,
            path=loaded.path,
            feeds=feeds,
            lexicon=lexicon,
            readers=readers,
            second=second_of(loaded, profile),
            jingles=jingles_of(loaded, profile, kept=state / "jingles"),
            folder=folder,
            state=state,
            archive=archive,
            cache=SpeechCache(state / "speech", limit_mb=profile.speech.cache_mb),
            answers=answers,
            outlets=outlets,
            sender=sender_of(loaded, folder=folder, state=state, archive=archive),
            cover=cover,
        )


@contextmanager
def open_archive(output: Path, *, only_to_read: bool = False) -> Iterator[Archive]:
    """
    The archive of an output folder, with what was done while it could not be used.

    Who only reads does without that where it cannot be written down now. Raises ArchiveError, OutletError.
    """
    make_state(output)
    with Archive.open(output / STATE / ARCHIVE) as archive:
        if stand_in_of(archive.path).exists():
            from bulletin.archive.fallback_archive import merge_fallback

            try:
                merge_fallback(archive)
            except ArchiveError as error:
                if not only_to_read:
                    raise
                log.warning("not written down yet what was done without the archive: %s", error)
        yield archive


def claim_output(loaded: LoadedProfile, *, output: Path) -> None:
    """
    Have the station's public folder belong to this profile, before anything is put there.

    Raises OutletError where it is another station's, or where this one's lies under another name.
    """
    make_state(output)
    claim_folder(loaded, folder=output / loaded.id, state=output / STATE)


def override_profile(profile: Profile, overrides: Mapping[str, Any]) -> Profile:
    """The profile with other values, as if they stood in its file."""
    if not overrides:
        return profile
    return Profile.model_validate(profile.model_dump() | dict(overrides), context=FOR_ONE_SLOT)


def overrides_from(
    profile: Profile, *, length_s: float | None = None, voice: str | None = None, mood: str | None = None
) -> dict[str, Any]:
    """What options of the command line change in a profile. Raises ConfigError for an unknown voice."""
    given = {"length": length_s, "mood": mood}
    overrides: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if voice is not None:
        speech = profile.speech
        entry = find_voice(voice, engines=speech.engines, language=profile.language)
        overrides["speech"] = speech.model_dump() | {"chain": (entry,), "second": ""}
    return overrides


def make_state(output: Path) -> None:
    """The private folder of an output folder. Raises OutletError as `make_folder`."""
    make_folder(output / STATE, is_private=True)


def make_folder(folder: Path, *, is_private: bool = False) -> None:
    """Raise OutletError, before anything is made, when a folder is not there and cannot be."""
    try:
        if is_private:
            make_public(folder.parent)
            make_private(folder)
        else:
            make_public(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OutletError(
            f"{folder}: cannot be written ({error.strerror}); choose another folder with --output"
        ) from error
    if folder.name == STATE:
        _lend_temporary_folder(folder)


def _lend_temporary_folder(state: Path) -> None:
    """Where the system has no folder for temporary files that can be written, as in a read-only container."""
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        tempfile.tempdir = str(state.resolve())
