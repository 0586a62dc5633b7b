"""Bulletin -> EpisodeRecord, and the files beside its sound: transcripts and chapters (Podcasting 2.0)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import NamedTuple

from bulletin.archive.record_dataclasses import EpisodeRecord
from bulletin.model import Bulletin, Chapter, Cue, Rendition
from bulletin.publishing.atomic_file_batch import Batch
from bulletin.publishing.clean_text_for_feeds import plain_line, plain_title
from bulletin.publishing.json_sidecar_file import write_json
from bulletin.publishing.podcast.captions import Caption, to_captions
from bulletin.publishing.podcast.show_notes import show_notes
from bulletin.publishing.podcast_urls import web_link

LATEST, LATEST_JSON = "latest.mp3", "latest.json"

_FILES = {
    ".vtt": ("transcript", "text/vtt"),
    ".srt": ("transcript", "application/x-subrip"),
    ".json": ("transcript", "application/json"),
    ".chapters.json": ("chapters", "application/json+chapters"),
}
"""Ending of a file beside the sound -> its kind and media type."""
_LEAST_MS = 1
"""Players drop a cue or chapter without duration."""


_VTT_COLUMNS, _SRT_COLUMNS, _SRT_ROWS = 65, 32, 2
"""Line lengths of the podcast namespace (docs/examples/transcripts/transcripts.md)."""


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


def to_vtt(cues: Sequence[Cue], *, speaker: str) -> str:
    """
    WebVTT (w3.org/TR/webvtt1), captions of one line of at most 65 characters.

    The first caption, and each one where the speaker changes, names the speaker in its voice tag, as the podcast
    namespace asks. Words in another language than the station's have a language tag.
    """
    spans = _spans(cues)
    tags = _voice_tags(spans, speaker=speaker)
    reserved = {number: min(len(tag), _VTT_COLUMNS - _SRT_COLUMNS) for number, tag in tags.items()}
    blocks = ["WEBVTT"]
    starts = {spans[number].start_ms: tag for number, tag in tags.items()}
    waiting = sorted(starts)
    for caption in to_captions([span[:3] for span in spans], columns=_VTT_COLUMNS, rows=1, reserved=reserved):
        tag = ""
        while waiting and waiting[0] <= caption.start_ms:
            tag = starts[waiting.pop(0)]
        words = escape(caption.lines[0], quote=False)
        if language := next((s.language for s in reversed(spans) if s.start_ms <= caption.start_ms), ""):
            words = f"<lang {language}>{words}</lang>"
        blocks.append(f"{_times(caption, '.')}\n{tag}{words}")
    return "\n\n".join(blocks) + "\n"


def _voice_tags(spans: Sequence[_Span], *, speaker: str) -> dict[int, str]:
    """Number of each sentence at which another speaker begins -> its voice tag."""
    names = [span.speaker or plain_line(speaker) for span in spans]
    changes = (n for n, name in enumerate(names) if n == 0 or name != names[n - 1])
    return {n: f"<v {escape(names[n], quote=False)}>" for n in changes}


def to_srt(cues: Sequence[Cue]) -> str:
    """
    SubRip, numbered from 1, captions of at most two lines of 32 characters.

    The format has no escapes, so "<", ">" and "-->" are replaced by similar characters.
    """
    spans = [
        (start, end, text.replace("-->", "→").replace("<", "‹").replace(">", "›"))
        for start, end, text, *_ in _spans(cues)
    ]
    captions = to_captions(spans, columns=_SRT_COLUMNS, rows=_SRT_ROWS)
    blocks = [
        "\n".join((str(number), _times(caption, ","), *caption.lines))
        for number, caption in enumerate(captions, start=1)
    ]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def to_json(cues: Sequence[Cue], *, speaker: str) -> str:
    """Podcasting 2.0 (podcast-namespace, transcripts.md): one segment a sentence, times in seconds."""
    name = plain_line(speaker)
    segments = [
        {"speaker": voice or name, "startTime": start / 1000, "endTime": end / 1000, "body": text}
        for start, end, text, voice, _ in _spans(cues)
    ]
    return write_json({"version": "1.0.0", "segments": segments}).decode()


def chapters_to_json(chapters: Sequence[Chapter], *, title: str) -> str:
    """Podcasting 2.0 (podcast-namespace, chapters/jsonChapters.md, 1.2), in order of time."""
    listed = []
    for chapter in sorted(chapters, key=lambda chapter: chapter.start_s):
        start, end = _to_ms(chapter.start_s), _to_ms(chapter.end_s)
        link = web_link(chapter.link)
        listed.append(
            {
                "startTime": start / 1000,
                "endTime": max(end, start + _LEAST_MS) / 1000,
                "title": plain_title(chapter.title),
                **({"url": link} if link else {}),
            }
        )
    return write_json({"version": "1.2.0", "title": plain_title(title), "chapters": listed}).decode()


class _Span(NamedTuple):
    """A sentence of a transcript."""

    start_ms: int
    end_ms: int
    text: str
    speaker: str
    """Speaker of a recorded voice."""
    language: str = ""
    """Language if it is not the station's."""


def _spans(cues: Sequence[Cue]) -> list[_Span]:
    """Sentences in order of time; empty cues are left out."""
    spans = []
    for cue in sorted(cues, key=lambda cue: cue.start_s):
        if text := plain_line(cue.text):
            start = _to_ms(cue.start_s)
            end = max(_to_ms(cue.end_s), start + _LEAST_MS)
            spans.append(_Span(start, end, text, plain_line(cue.speaker), cue.language))
    return spans


def _to_ms(seconds: float) -> int:
    return max(0, round(seconds * 1000))


def _times(caption: Caption, point: str) -> str:
    return f"{_clock(caption.start_ms, point)} --> {_clock(caption.end_ms, point)}"


def _clock(ms: int, point: str) -> str:
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{ms:03d}"
