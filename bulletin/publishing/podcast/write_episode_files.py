"""Bulletin -> EpisodeRecord, and the transcripts and chapters beside its sound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bulletin.archive.records import EpisodeRecord, EpisodeStore
from bulletin.errors import OutletError
from bulletin.model import Bulletin, Episode, Rendition
from bulletin.publishing.atomic_files import measure
from bulletin.publishing.outlet_port import make_guid
from bulletin.publishing.plain_text import plain_line
from bulletin.publishing.podcast.show_notes import show_notes
from bulletin.publishing.podcast.transcript import chapters_to_json, to_json, to_srt, to_vtt
from bulletin.publishing.podcast_addresses import FEED

LATEST, LATEST_JSON = "latest.mp3", "latest.json"

_ONE_RUN = timedelta(hours=1)
"""Corrections of one withdrawal are usually made within this time."""


def podcast_rendition(bulletin: Bulletin) -> Rendition:
    """The rendition that podcast and pages play. Raises OutletError where podcast apps would refuse it."""
    for rendition in bulletin.renditions:
        if rendition.kind == "podcast":
            # Alexa, Apple and feed validators go by the suffix.
            if rendition.path.suffix != ".mp3" or rendition.media_type != "audio/mpeg":
                raise OutletError(f"{rendition.path}: the podcast takes MP3, named .mp3")
            if rendition.path.name == LATEST:
                raise OutletError(f"{rendition.path}: an episode needs a file name of its own")
            return rendition
    raise OutletError("the bulletin has no podcast rendition; add it to the station's outputs")


def find_or_describe(
    archive: EpisodeStore,
    station: str,
    bulletin: Bulletin,
    sound: Rendition,
    *,
    sha256: str,
    length: int,
    at: datetime,
) -> EpisodeRecord:
    """
    The episode as it was published before, or a new one; `length` in bytes, `at` the date of publication.

    Raises OutletError for a withdrawn episode.
    """
    guid = make_guid(station, bulletin, sha256)
    known = archive.find_episode(station, guid)
    if known and known.withdrawn_at:
        raise OutletError(f"{known.title}: was withdrawn and stays so; make a new bulletin")
    return known or EpisodeRecord(
        guid=guid,
        station=station,
        title=plain_line(bulletin.script.title),
        published=at,
        audio=sound.path.name,
        media_type=sound.media_type,
        bytes=length,
        duration_s=sound.duration_s,
        description=show_notes(bulletin),
        sha256=sha256,
        files=_side_files(sound),
        due=bulletin.script.at,
    )


def correction_date(hour: datetime, before: EpisodeRecord | None, *, now: datetime) -> datetime:
    """
    Date of a correction: now, or that of the correction `before`, if it is of a newer hour. Pure.

    Bulletins are corrected newest first, and apps that sort by date must not show the oldest on top.
    """
    if before and before.hour > hour and now - before.published < _ONE_RUN:
        return before.published
    return now


def describe_out(
    record: EpisodeRecord,
    *,
    outlet: str,
    folder: Path,
    folder_url: str,
    artwork: str,
    notes: tuple[str, ...] = (),
) -> Episode:
    """Published episode with the paths and addresses of its files; `folder_url` ends with a slash."""
    places: dict[str, Path | str] = {
        "audio": folder / record.audio,
        "latest": folder / LATEST,
        "feed": folder / FEED,
        "artwork": folder / artwork,
        "audio_url": folder_url + quote(record.audio),
        "feed_url": folder_url + FEED,
    }
    return Episode(
        guid=record.guid,
        title=record.title,
        published=record.published,
        outlet=outlet,
        places=places,
        notes=notes,
    )


def tell_behind(newest: EpisodeRecord, *, zone: str) -> str:
    """Note for an episode that is not the newest of the feed."""
    due = (newest.due or newest.published).astimezone(ZoneInfo(zone))
    return f"podcast: {LATEST} and the head of the feed stay the bulletin of {due:%H:%M}, which is newer"


def check_name(
    record: EpisodeRecord, sound: Rendition, others: Sequence[EpisodeRecord], *, folder: Path
) -> None:
    """
    Raise OutletError where the address has, or once had, another sound.

    A published address keeps its sound for ever, because apps and caches rely on it.
    """
    path = folder / record.audio
    taken = any(other.audio == record.audio and other.guid != record.guid for other in others)
    is_in_place = sound.path.resolve() == path.resolve()
    if taken or (not is_in_place and path.exists() and measure(path)[0] != record.sha256):
        raise OutletError(f"{path}: holds another bulletin; give this one a file name of its own")


def words_of(
    bulletin: Bulletin, sound: Rendition, record: EpisodeRecord, *, speaker: str
) -> Iterator[tuple[str, bytes]]:
    """Name and content of each of the record's files: transcripts and chapters."""
    title = bulletin.script.title
    writers = {
        ".vtt": lambda: to_vtt(sound.cues, speaker=speaker),
        ".srt": lambda: to_srt(sound.cues),
        ".json": lambda: to_json(sound.cues, speaker=speaker),
        ".chapters.json": lambda: chapters_to_json(sound.chapters, title=title),
    }
    for _, name, _ in record.files:
        suffix = name.removeprefix(Path(record.audio).stem)
        yield name, writers[suffix]().encode("utf-8")


def _side_files(sound: Rendition) -> tuple[tuple[str, str, str], ...]:
    """Kind, file name and media type of the files beside a sound."""
    kinds = (
        ("transcript", ".vtt", "text/vtt", sound.cues),
        ("transcript", ".srt", "application/x-subrip", sound.cues),
        ("transcript", ".json", "application/json", sound.cues),
        ("chapters", ".chapters.json", "application/json+chapters", sound.chapters),
    )
    stem = sound.path.stem
    return tuple(
        (kind, f"{stem}{suffix}", media_type) for kind, suffix, media_type, content in kinds if content
    )
