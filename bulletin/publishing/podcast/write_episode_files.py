"""Bulletin -> EpisodeRecord, and the transcripts and chapters beside its sound."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bulletin.archive.records import EpisodeRecord
from bulletin.model import Bulletin, Rendition
from bulletin.publishing.atomic_files import Batch
from bulletin.publishing.plain_text import plain_line
from bulletin.publishing.podcast.show_notes import show_notes
from bulletin.publishing.podcast.transcript import chapters_to_json, to_json, to_srt, to_vtt

LATEST, LATEST_JSON = "latest.mp3", "latest.json"

_FILES = {
    ".vtt": ("transcript", "text/vtt"),
    ".srt": ("transcript", "application/x-subrip"),
    ".json": ("transcript", "application/json"),
    ".chapters.json": ("chapters", "application/json+chapters"),
}
"""Ending of a file beside the sound -> its kind and media type."""


def describe_new(
    bulletin: Bulletin, sound: Rendition, *, guid: str, station: str, sha256: str, length: int, at: datetime
) -> EpisodeRecord:
    """Record of a new episode; `length` in bytes, `at` the date of publication."""
    return EpisodeRecord(
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
        files=tuple(
            (kind, f"{sound.path.stem}{ending}", media_type)
            for ending, (kind, media_type) in _FILES.items()
            if (sound.chapters if kind == "chapters" else sound.cues)
        ),
        due=bulletin.script.at,
    )


def add_words(
    files: Batch, bulletin: Bulletin, sound: Rendition, record: EpisodeRecord, *, speaker: str
) -> None:
    """Add each of the record's files to a batch: transcripts and chapters."""
    texts = {
        ".vtt": to_vtt(sound.cues, speaker=speaker),
        ".srt": to_srt(sound.cues),
        ".json": to_json(sound.cues, speaker=speaker),
        ".chapters.json": chapters_to_json(sound.chapters, title=bulletin.script.title),
    }
    for _, name, _ in record.files:
        files.put(name, texts[name.removeprefix(Path(record.audio).stem)].encode("utf-8"))
