"""Aired bulletins -> the as-run log: rows as CSV, JSON or plain text, written while the archive is read."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bulletin.archive.ledgers.bulletin_run_history import JournalQuery
from bulletin.archive.record_dataclasses import BulletinRecord, Source
from bulletin.language.split_sentences import storable
from bulletin.model import Level, Passage
from bulletin.runtime.redact_secrets import hide

COLUMNS = (
    "on_air", "slot", "station", "level", "bulletin", "role", "title", "words", "text", "sources", "links", "voice",
    "files", "withdrawn", "corrects", "editors",
)  # fmt: skip
FRESH = (Level.FRESH, Level.PARTIAL)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a cell that a spreadsheet runs."""
_PASSAGE_KEYS = ("on_air", "role", "story", "title", "words", "text", "sources", "editors")


def shown_passages(record: BulletinRecord, query: JournalQuery) -> Iterator[tuple[Passage, float | None]]:
    """Passages that match the query, each with its start in seconds (None: not on air, or unknown)."""
    story, source = query.story.casefold(), query.source.casefold()
    texts: dict[str, str] = {}
    for passage in record.running_order:
        texts[passage.story_id] = f"{texts.get(passage.story_id, '')}\n{passage.title}\n{passage.text}"
    for number, passage in enumerate(record.running_order):
        names = [
            n for s in passage_sources(record, passage) for n in (s.credit, s.feed, s.link, s.article_id)
        ]
        has_words = passage.story_id == query.story or story in texts[passage.story_id].casefold()
        is_wanted = not (story or source) or bool(passage.story_id)
        if is_wanted and has_words and (not source or any(source in name.casefold() for name in names)):
            # a correction is for later listeners: it was not on air at its hour
            is_timed = record.corrects_id is None and number < len(record.starts_s)
            yield passage, record.starts_s[number] if is_timed else None


def passage_sources(record: BulletinRecord, passage: Passage) -> tuple[Source, ...]:
    """Sources of the sentences of a passage; without any, all sources of its story."""
    own = {origin.article_id for sentence in passage.sentences for origin in sentence.origins}
    known = record.sources.get(passage.story_id, ()) if passage.story_id else ()
    return tuple(source for source in known if source.article_id in own) or known


def editors_of(passage: Passage) -> tuple[str, ...]:
    """Names of the editors whose words a passage has; the others are from its sources."""
    return tuple(dict.fromkeys(sentence.editor for sentence in passage.sentences if sentence.editor))


def as_run_rows(
    record: BulletinRecord, query: JournalQuery, *, name: str, zone: ZoneInfo
) -> Iterator[dict[str, Any]]:
    """A row for each passage, the station's own words too; `name` is the station's, times are in `zone`."""
    of_all = {
        "level": str(record.level),
        "slot": _stamp(record.at, zone),
        "bulletin": record.title,
        "withdrawn": _stamp(record.withdrawn_at, zone),
        "corrects": record.corrects_id,
        "station": name,
        "voice": f"{record.engine} {record.voice}",
        "files": [str(made["file"]) for made in record.renditions],
    }
    for passage, start_s in shown_passages(record, query):
        on_air = None if start_s is None else record.at + timedelta(seconds=start_s)
        yield {
            **of_all,
            "on_air": _stamp(on_air, zone) or "",
            "role": str(passage.role),
            "title": passage.title,
            "text": passage.text,
            "story": passage.story_id,
            "words": passage.spoken,
            "sources": [
                {"name": s.name, "feed": s.feed, "link": s.link, "article": s.article_id}
                for s in passage_sources(record, passage)
            ],
            "editors": list(editors_of(passage)),
        }


def write_csv(
    records: Iterable[BulletinRecord], *, query: JournalQuery, name: str, zone: ZoneInfo
) -> Iterator[str]:
    """CSV, a line for each passage, after a line of column names; each cell is safe for a spreadsheet."""
    lines: list[str] = []
    out = csv.writer(_Lines(lines.append))
    out.writerow(COLUMNS)
    for record in records:
        for row in as_run_rows(record, query, name=name, zone=zone):
            flat = row | {
                "sources": "; ".join(s["name"] for s in row["sources"]),
                "links": " ".join(s["link"] for s in row["sources"] if s["link"]),
                "files": " ".join(row["files"]),
                "editors": "; ".join(row["editors"]),
            }
            out.writerow([_harmless("" if flat[c] is None else str(flat[c])) for c in COLUMNS])
        yield storable("".join(lines))
        lines.clear()
    yield "".join(lines)


def write_json(
    records: Iterable[BulletinRecord], *, query: JournalQuery, name: str, zone: ZoneInfo
) -> Iterator[str]:
    """A JSON list of bulletins, each with its passages."""
    yield "["
    for number, record in enumerate(records):
        bulletin = {
            "id": record.id,
            "station": record.station,
            "title": record.title,
            "level": str(record.level),
            "renditions": [
                {key: _rounded(value) for key, value in made.items()} for made in record.renditions
            ],
            "slot": _stamp(record.at, zone),
            "made": _stamp(record.made_at, zone),
            "withdrawn": _stamp(record.withdrawn_at, zone),
            "corrects": record.corrects_id,
            "name": name,
            "voice": f"{record.engine} {record.voice}",
            "passages": [
                {key: row[key] for key in _PASSAGE_KEYS}
                for row in as_run_rows(record, query, name=name, zone=zone)
            ],
        }
        body = json.dumps(hide.json(bulletin), ensure_ascii=False, indent=1)
        yield storable(f"{',' if number else ''}\n{body}")
    yield "\n]\n"


def write_text(
    records: Iterable[BulletinRecord], *, query: JournalQuery, name: str, zone: ZoneInfo
) -> Iterator[str]:
    """Plain text for print: times on the station's clock, words as spoken, sources below each story."""
    yield f"{name}: news that aired\n"
    for record in records:
        lines = ["", f"{record.at.astimezone(zone):%A %d %B %Y %H:%M %Z}  {describe_bulletin(record, zone)}"]
        for row in as_run_rows(record, query, name=name, zone=zone):
            lines.append(f"  {row['on_air'][11:19] or ' ' * 8}  {row['title'] or '(' + row['role'] + ')'}")
            lines.append(f"            {row['words']}")
            sources = "; ".join(
                dict.fromkeys(" ".join(filter(None, (s["name"], s["link"]))) for s in row["sources"])
            )
            lines += [f"            Sources: {sources}"] if sources else []
        yield storable("\n".join(lines) + "\n")


def describe_bulletin(record: BulletinRecord, zone: ZoneInfo) -> str:
    """Kind, length, voice and outputs of a bulletin in one line."""
    minutes, seconds = divmod(round(record.duration_s), 60)
    parts = [
        "" if record.corrects_id is None else "correction",
        str(record.level) if record.level in FRESH else f"stand-by ({record.level})",
        f"{minutes}:{seconds:02}",
        f"{record.engine} {record.voice}",
        ", ".join(dict.fromkeys(str(made["kind"]) for made in record.renditions)),
        f"withdrawn {record.withdrawn_at.astimezone(zone):%d %b %H:%M}" if record.withdrawn_at else "",
    ]
    return " · ".join(part for part in parts if part.strip())


class _Lines:
    """File for `csv.writer` that hands each line on."""

    def __init__(self, take: Callable[[str], object]) -> None:
        self.write = take


def _harmless(cell: str) -> str:
    """A spreadsheet runs what begins like a formula; a feed may have written it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _stamp(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return None if moment is None else moment.astimezone(zone).isoformat(timespec="seconds")


def _rounded(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value
