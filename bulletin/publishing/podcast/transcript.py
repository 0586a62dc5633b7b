"""Cues and Chapters -> transcript as WebVTT, SubRip and JSON, chapters as JSON (Podcasting 2.0). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bulletin.model import Chapter, Cue
from bulletin.publishing.plain_text import plain_line, plain_title
from bulletin.publishing.podcast.captions import Caption, to_captions
from bulletin.publishing.podcast_addresses import web_link
from bulletin.publishing.side_file import write_json

_LEAST_MS = 1
"""Players drop a cue or chapter without duration."""


_VTT_COLUMNS, _SRT_COLUMNS, _SRT_ROWS = 65, 32, 2
"""Line lengths of the podcast namespace (docs/examples/transcripts/transcripts.md)."""


def to_vtt(cues: Sequence[Cue], *, speaker: str) -> str:
    """
    WebVTT (w3.org/TR/webvtt1), captions of one line of at most 65 characters.

    The first caption names the speaker in its voice tag, as the podcast namespace asks.
    """
    tag = f"<v {escape(plain_line(speaker), quote=False)}>"
    reserved = min(len(tag), _VTT_COLUMNS - _SRT_COLUMNS)
    blocks = ["WEBVTT"]
    for caption in to_captions(_spans(cues), columns=_VTT_COLUMNS, rows=1, reserved=reserved):
        blocks.append(f"{_times(caption, '.')}\n{tag}{escape(caption.lines[0], quote=False)}")
        tag = ""
    return "\n\n".join(blocks) + "\n"


def to_srt(cues: Sequence[Cue]) -> str:
    """
    SubRip, numbered from 1, captions of at most two lines of 32 characters.

    The format has no escapes, so "<", ">" and "-->" are replaced by similar characters.
    """
    spans = [
        (start, end, text.replace("-->", "→").replace("<", "‹").replace(">", "›"))
        for start, end, text in _spans(cues)
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
        {"speaker": name, "startTime": start / 1000, "endTime": end / 1000, "body": text}
        for start, end, text in _spans(cues)
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


def _spans(cues: Sequence[Cue]) -> list[tuple[int, int, str]]:
    """Start and end in milliseconds and text, in order of time; empty cues are left out."""
    spans = []
    for cue in sorted(cues, key=lambda cue: cue.start_s):
        if text := plain_line(cue.text):
            start = _to_ms(cue.start_s)
            spans.append((start, max(_to_ms(cue.end_s), start + _LEAST_MS), text))
    return spans


def _to_ms(seconds: float) -> int:
    return max(0, round(seconds * 1000))


def _times(caption: Caption, point: str) -> str:
    return f"{_clock(caption.start_ms, point)} --> {_clock(caption.end_ms, point)}"


def _clock(ms: int, point: str) -> str:
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{ms:03d}"
