"""LoadedProfile -> Station: the parts of one station, built and checked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_sentences_before_speaking import SpeechLedger
from bulletin.archive.ledgers.respelled_names import RespelledNames
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.audio.music.load_jingles import StationJingles
from bulletin.config.load_profile import LoadedProfile, locate_option
from bulletin.config.obituary_mood_options import settle_mood
from bulletin.config.profile_options import FOR_ONE_SLOT, Profile
from bulletin.delivery.send_deliveries import Sender
from bulletin.errors import BulletinError
from bulletin.language.language_folders import news_title
from bulletin.model import Feed, Script, StationWords
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.publishing.atomic_file_batch import sweep_parts
from bulletin.publishing.move_standby_files_on_air import prepared_folder
from bulletin.publishing.outlet_interface import Outlet
from bulletin.runtime.files.file_lock import hold
from bulletin.runtime.files.file_permissions import make_public
from bulletin.runtime.files.scratch_folder import is_at_work, run_of
from bulletin.speech.cache.shared_speech import SharedSpeech
from bulletin.speech.cache.speech_cache import SpeechCache, expected_letters, expected_pace
from bulletin.speech.clips.clip_folder import CLIPS
from bulletin.speech.clips.shared_clips import fetch_clips
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.voice_factory import find_voice
from bulletin.station import build_components_from_profile as components
from bulletin.station.build_page_pictures import build_page_pictures
from bulletin.station.claim_folder_for_one_station import claim_folder
from bulletin.station.desk_of_station import open_shared
from bulletin.station.group_files.check_store_of_group import check_store_of_group
from bulletin.station.group_files.group_publication import GroupPublication
from bulletin.station.limits_of_group import limit_voices, limited_answers
from bulletin.station.open_archive import open_archive_of, open_group_store
from bulletin.station.open_sender import open_sender
from bulletin.station.output_folder import ARCHIVE, STATE, make_folder, make_state
from bulletin.station.publication_port import ONE_MACHINE, Publication
from bulletin.storage.store_interface import Store

if TYPE_CHECKING:  # commands that only open a station need no HTTP client
    from bulletin.articles.feeds_for_all import FeedsForAll

__all__ = ["ARCHIVE", "STATE", "make_folder", "make_state"]  # known from here, too

log = logging.getLogger(__name__)

PUBLISH_WAIT_S = 60.0
"""Seconds that another run of the same station may take to publish."""
_PIECE = "piece-"
"""Beginning of the owner of a claim that is a piece of work: its worker has no run's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """Parts of one station, built from its profile."""

    words: StationWords
    profile: Profile
    path: Path
    """The profile's file."""
    feeds: tuple[Feed, ...]
    lexicon: Lexicon
    readers: tuple[VoiceReader, ...]
    second: VoiceReader | None
    """Takes turns with the first reader."""
    others: Mapping[str, tuple[VoiceReader, ...]]
    """Further language of the bulletins -> its voices in order."""
    jingles: StationJingles
    folder: Path
    """Public folder, for any web server: audio, feed, artwork."""
    state: Path
    """Private folder, shared by the stations of one output folder."""
    archive: Archive
    cache: SpeechCache
    answers: ResponseCache | None = None
    """HTTP responses shared by the stations of this process."""
    outlets: tuple[Outlet, ...]
    sender: Sender
    """Delivers the published files to other servers."""
    store: Store | None = None
    """Store of the group, if the station has one."""
    cover: bytes | None = None
    """Small JPEG for the MP3's tags."""
    shared: Store | None = None
    """Store of running orders and of the sound that stations share; None for a station without a running order."""
    feeds_for_all: FeedsForAll | None = None
    """Reader of the feeds of a group, which has read them for all stations; None: each run reads them itself."""
    publication: Publication = ONE_MACHINE
    """How published files and their record become one, in a group."""

    @property
    def podcast_title(self) -> str:
        words = self.words
        own = self.profile.outputs.podcast.title
        return own or news_title(words.name, words.language, folder=words.languages)

    @property
    def clips(self) -> Path:
        """Folder of recorded clips, shared by the stations of one output folder."""
        return self.state / CLIPS

    @property
    def desk(self) -> str:
        """Id of the station whose running order this one takes; "" for the desk itself, and without one."""
        desk = self.profile.stories.running_order
        return desk if desk != self.words.id else ""

    @property
    def kill_lists(self) -> tuple[str, ...]:
        """Stations whose kill lists hold for this one: itself, and the desk."""
        return (self.words.id, self.desk) if self.desk else (self.words.id,)

    def fetch_recordings(self, script: Script) -> None:
        """In a group, fetch the recorded clips of a script that another machine has stored. Raises StoreError."""
        if self.store:
            clips = {clip for passage in script.passages() for clip in passage.recordings}
            fetch_clips(clips, folder=self.clips, store=self.store)

    def pace_wps(self) -> float:
        """Words per second of the first voice, measured in earlier runs."""
        return fmean(expected_pace(reader, cache=self.cache) for reader in self._first_readers())

    def letters_per_s(self) -> float:
        """Letters per second of the first voice, from which lengths are predicted."""
        return fmean(expected_letters(reader, cache=self.cache) for reader in self._first_readers())

    def _first_readers(self) -> tuple[VoiceReader, ...]:
        shares = self.second and self.profile.speech.second_reads == "stories"
        return (self.readers[0], self.second) if self.second and shares else self.readers[:1]

    def audio_name(self, at: datetime, *, made_at: datetime) -> str:
        """File name that no other bulletin ever has, because podcast apps and caches keep the content of an address."""
        local = at.astimezone(ZoneInfo(self.words.time_zone))
        stem = f"{self.words.id}-{local:%Y%m%d-%H%M}-{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        names = chain((f"{stem}.mp3",), (f"{stem}-{number}.mp3" for number in count(2)))
        return next(name for name in names if not (self.folder / name).exists())

    def claims_of(self, folder: Path) -> SpeechLedger:
        """
        Sentences that any run of this output folder is speaking now; this run works in `folder`.

        Whether a run of another machine of the group is at work, no file here tells: its lease does.
        """
        return SpeechLedger(self.archive, owner=run_of(folder), lives=self._may_speak)

    def claims_of_piece(self, key: str) -> SpeechLedger:
        """The same for the piece of work that speaks one sentence, with that key."""
        return SpeechLedger(self.archive, owner=f"{_PIECE}{key}", lives=self._may_speak)

    def _may_speak(self, owner: str) -> bool:
        return self.archive.is_shared or owner.startswith(_PIECE) or is_at_work(owner, folder=self.state)

    @contextmanager
    def publishing(self, *, wait_s: float | None = None) -> Iterator[None]:
        """
        Hold the publish lock as `hold_publish_lock` does, which waits PUBLISH_WAIT_S if nothing is given.

        In a group the public folder is that of all machines inside; raises OutletError where it cannot be.
        """
        wait_s = PUBLISH_WAIT_S if wait_s is None else wait_s
        with hold_publish_lock(self.state, self.words.id, wait_s=wait_s), self.publication.working():
            yield

    def fetch_published_files(self) -> None:
        """In a group, make the public folder that of all machines: another one may have published since. Raises as `publishing`."""
        with self.publishing():
            pass

    def check_outlets(self) -> None:
        """Raise OutletError when every outlet would fail: a full disk, a folder without write permission."""
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
    """The lock file of that station's publications: two at the same time would mix the feed of one with the sound of the other."""
    return state / f"{station}.lock"


@contextmanager
def hold_publish_lock(state: Path, station: str, *, wait_s: float = 0.0) -> Iterator[None]:
    """
    Hold that lock; first delete the unfinished files, public and prepared, of a run that was killed while it held it.

    Raises LockedError when another run takes longer than `wait_s` seconds.
    """
    with hold(publish_lock(state, station), wait_s=wait_s) as was_left:
        for folder in (state.parent / station, prepared_folder(state, station)) if was_left else ():
            sweep_parts(folder, older_than_s=0)
        yield


@contextmanager
def open_station(
    loaded: LoadedProfile,
    *,
    output: Path,
    overrides: Mapping[str, Any] | None = None,
    answers: ResponseCache | None = None,
    memory: Archive | None = None,
    store: Store | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Station]:
    """
    Build the station's parts; the archive is closed at the end.

    `overrides` replace options of the profile ({"length": 90.0}); stations with the same `answers` share their
    HTTP responses. `memory` replaces the archive, and stays open; `store` that of the station's group. In a group
    published files and speech are in its store, and its limits hold. Raises ConfigError with file and line, ArchiveError, StoreError,
    OutletError when the output folder cannot be written.
    """
    profile = settle_mood(override_profile(loaded.profile, overrides or {}))
    folder, state, profiles = output / loaded.id, output / STATE, loaded.path.parent
    pictures = state / "artwork"
    # make_folder reports a failure; a file made first would leave the folder closed to web servers
    with suppress(OSError):
        make_public(output)
    with locate_option(loaded.path):
        words = components.build_words(profile, station_id=loaded.id, folder=profiles)
        components.build_phrases(words)  # first: nothing is fetched for a language without phrases
        lexicon = components.build_lexicon(
            profile.pronunciations, profile.lexicon, words=words, profile=loaded.path
        )
        language, phonemes = words.language, lexicon.phonemes
        readers = components.build_readers(
            profile.speech, language=language, phonemes=phonemes, folder=profiles
        )
        second = components.build_second_reader(
            profile.speech, language=language, phonemes=phonemes, folder=profiles
        )
        others = components.build_other_readers(profile.speech, words=words, folder=profiles, lexicon=lexicon)
        feeds = components.build_feeds(profile.feeds, profile.opml, words=words, folder=profiles)
        jingles = components.build_jingles(profile.imaging, folder=profiles, cache_folder=state / "jingles")
        artwork = components.build_artwork(
            profile.imaging, words=words, folder=profiles, cache_folder=pictures
        )
        page_css = components.build_page_css(profile.outputs.page, folder=profiles)
    with nullcontext(memory) if memory else open_archive_of(loaded, output=output) as archive:
        # Imported late: commands that only open the archive need neither mixer nor pages.
        from bulletin.station.build_published_outputs_from_profile import build_outlets

        make_folder(folder)
        if store is None and profile.group.is_on:
            store = open_group_store(profile.group, output=output)
            check_store_of_group(profile.group, archive=archive, store=store)
        publication = (
            GroupPublication(
                archive=archive,
                store=store,
                station=loaded.id,
                output=output,
                desk=profile.stories.running_order,
            )
            if store
            else ONE_MACHINE
        )
        cover = components.build_cover(artwork, cache_folder=pictures)
        with locate_option(loaded.path):
            page_pictures = build_page_pictures(
                profile, words=words, artwork=artwork, folder=profiles, cache_folder=pictures
            )
        outlets = build_outlets(
            profile,
            folder=folder,
            station=words,
            artwork=artwork,
            archive=archive,
            cover=cover,
            page_css=page_css,
            page_pictures=page_pictures,
            clock=clock,
        )
        station = Station(
            words=words,
            profile=profile,
            path=loaded.path,
            feeds=feeds,
            lexicon=lexicon.with_respelled(RespelledNames(archive).respellings(loaded.id)),
            readers=readers,
            second=second,
            others=others,
            jingles=jingles,
            folder=folder,
            state=state,
            archive=archive,
            cache=SpeechCache(
                state / "speech",
                limit_mb=profile.speech.cache_mb,
                shared=SharedSpeech(store) if store else None,
            ),
            answers=answers or limited_answers(profile, archive=archive),
            outlets=outlets,
            sender=open_sender(loaded, output=output, archive=archive, store=store),
            cover=cover,
            publication=publication,
            shared=open_shared(profile, store, state=state),
            store=store,
        )
        yield limit_voices(station, archive=archive) if profile.group.is_on else station


def claim_output(loaded: LoadedProfile, *, output: Path) -> None:
    """
    Record that the station's public folder belongs to this profile.

    Raises OutletError where it is another station's, or where this station's folder has another name.
    """
    make_state(output)
    claim_folder(loaded, folder=output / loaded.id, state=output / STATE)


def override_profile(profile: Profile, overrides: Mapping[str, Any]) -> Profile:
    """The profile with other values, validated as if its file held them."""
    if not overrides:
        return profile
    return Profile.model_validate(profile.model_dump() | dict(overrides), context=FOR_ONE_SLOT)


def overrides_from(
    profile: Profile, *, length_s: float | None = None, voice: str | None = None, mood: str | None = None
) -> dict[str, Any]:
    """Command-line options -> profile overrides. Raises ConfigError for an unknown voice."""
    values = {"length": length_s, "mood": mood}
    overrides: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
    if voice is not None:
        speech = profile.speech
        entry = find_voice(voice, engines=speech.engines, language=profile.language)
        overrides["speech"] = speech.model_dump() | {"chain": (entry,), "second": ""}
    return overrides
