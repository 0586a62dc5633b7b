"""Dataclasses of the model <-> database rows: plain dicts that JSON can store. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from bulletin.archive.records import Aired, BulletinRecord, EpisodeRecord, Source
from bulletin.model import (
    Article,
    Bulletin,
    Cut,
    Episode,
    Left,
    Level,
    Origin,
    Passage,
    Rendition,
    Role,
    Sentence,
    SlotRecord,
    SlotState,
)

Row = Mapping[Any, Any]

EPISODE_FIELDS = tuple(field.name for field in fields(EpisodeRecord))


def article_to_row(article: Article) -> dict[str, Any]:
    """Every field, dates as ISO 8601."""
    row = asdict(article)
    for name in ("aliases", "labels"):
        row[name] = list(row[name])
    row["published"] = article.published.isoformat()
    for name in ("expires", "not_before"):
        row[name] = row[name].isoformat() if row[name] else None
    return row


def article_from_row(row: Row) -> Article:
    """Unknown fields are ignored and absent ones get defaults: rows of older and newer versions can be read."""
    known = {field.name for field in fields(Article)}
    values = {name: value for name, value in row.items() if name in known}
    for name in ("aliases", "labels"):
        values[name] = tuple(values.get(name, ()))
    values["published"] = datetime.fromisoformat(values["published"])
    for name in ("expires", "not_before"):
        moment = values.get(name)
        values[name] = datetime.fromisoformat(moment) if moment else None
    return Article(**values)


def passage_to_row(passage: Passage) -> dict[str, Any]:
    row = asdict(passage)
    row["sentences"] = [
        {**asdict(sentence), "origins": [asdict(origin) for origin in sentence.origins]}
        for sentence in passage.sentences
    ]
    return row


def passage_from_row(row: Row) -> Passage:
    return Passage(
        role=Role(row["role"]),
        sentences=tuple(_sentence_from_row(sentence) for sentence in row["sentences"]),
        story_id=row["story_id"],
        cut=Cut(row["cut"]),
        title=row["title"],
        is_timed=row["is_timed"],
        by_second=row.get("by_second", False),  # absent before there were two readers
    )


def bulletin_to_row(bulletin: Bulletin) -> dict[str, Any]:
    """Row of a bulletin, without its station, time of making and timings."""
    return {
        "at": bulletin.script.at,
        "title": bulletin.script.title,
        "engine": bulletin.voice.engine,
        "voice": " + ".join(voice.name for voice in (bulletin.voice, bulletin.second_voice) if voice),
        "duration_s": bulletin.renditions[0].duration_s if bulletin.renditions else 0.0,
        "planned_s": bulletin.planned_s,
        "level": bulletin.level,
        "running_order": [
            passage_to_row(passage) | {"start_s": _start_s(bulletin, passage)} for passage in bulletin.aired
        ],
        "dropped": [asdict(left) for left in bulletin.dropped],
        "renditions": [_rendition_to_row(rendition) for rendition in bulletin.renditions],
        "notes": list(bulletin.notes),
    }


def _start_s(bulletin: Bulletin, passage: Passage) -> float | None:
    """Start of a passage in the first rendition, rounded to hundredths of a second; None: unknown."""
    cues = bulletin.renditions[0].cues if bulletin.renditions else ()
    starts = (c.start_s for c in cues if (c.role, c.story_id) == (passage.role, passage.story_id))
    start_s = next(starts, None)
    return None if start_s is None else round(start_s, 2)


def source_rows(bulletin: Bulletin, story_id: str) -> list[dict[str, str]]:
    """Source articles of a story's sentences, each once; all articles of the story when no sentence has a source."""
    passages = [p for p in bulletin.aired if p.story_id == story_id]
    origins = [origin for p in passages for sentence in p.sentences for origin in sentence.origins]
    known = {
        article.id: article
        for item in bulletin.script.stories
        if item.story.id == story_id
        for article in item.story.articles
    }
    rows = {
        origin.article_id: {
            "article_id": origin.article_id,
            "feed": known[origin.article_id].feed if origin.article_id in known else "",
            "credit": origin.credit,
            "link": origin.link,
        }
        for origin in origins
    }
    return list(rows.values()) or [article_source(article) for article in known.values()]


def article_source(article: Article) -> dict[str, str]:
    return {
        "article_id": article.id,
        "feed": article.feed,
        "credit": article.credit,
        "link": article.link,
    }


def source_from_row(row: Row) -> Source:
    return Source(**{field.name: row[field.name] for field in fields(Source)})


def _rendition_to_row(made: Rendition) -> dict[str, str | float]:
    row: dict[str, str | float] = {
        "kind": made.kind,
        "file": made.path.name,
        "media_type": made.media_type,
        "duration_s": made.duration_s,
        "loudness_lufs": made.loudness_lufs,
        "true_peak_dbtp": made.true_peak_dbtp,
    }
    if made.quality:
        row |= {
            "short_term_max_lufs": made.quality.short_term_max_lufs,
            "range_lu": made.quality.range_lu,
            "mono_loss_lu": made.quality.mono_loss_lu,
            "clipped": made.quality.clipped,
            "dc_offset": made.quality.dc_offset,
            "warnings": "; ".join(made.quality.warnings),
        }
    return row


def bulletin_from_row(row: Row, *, sources: Mapping[str, tuple[Source, ...]] | None = None) -> BulletinRecord:
    values = {field.name: row[field.name] for field in fields(BulletinRecord) if field.name in row}
    values["level"] = Level(row["level"])
    values["sources"] = sources or {}
    values["starts_s"] = tuple(passage.get("start_s") for passage in row["running_order"])
    values["running_order"] = tuple(passage_from_row(passage) for passage in row["running_order"])
    values["dropped"] = tuple(Left(**left) for left in row["dropped"])
    for name in ("renditions", "went_to", "notes"):
        values[name] = tuple(row[name])
    return BulletinRecord(**values)


def aired_from_row(row: Row, article_ids: Sequence[str]) -> Aired:
    values = {field.name: row[field.name] for field in fields(Aired) if field.name in row}
    return Aired(**values | {"article_ids": tuple(article_ids), "sentences": tuple(row["sentences"])})


def slot_from_row(row: Row) -> SlotRecord:
    level, standby = (Level(row[name]) if row[name] else None for name in ("level", "standby"))
    return SlotRecord(**{**row, "state": SlotState(row["state"]), "level": level, "standby": standby})


def delivery_to_row(episode: Episode) -> dict[str, str]:
    """A prepared episode has no moment of publication yet (`Archive.put_on_air`); one values back never has."""
    is_out = not (episode.is_prepared or episode.kept_back)
    published = episode.published.isoformat() if is_out else ""
    return {"outlet": episode.outlet, "guid": episode.guid, "published": published}


def episode_to_row(record: EpisodeRecord) -> dict[str, Any]:
    return {**asdict(record), "files": [list(file) for file in record.files]}


def episode_from_values(columns: Sequence[Any]) -> EpisodeRecord:
    """`columns` in the order of EPISODE_FIELDS: by name it takes twice as long, and a feed has fifty episodes."""
    values = dict(zip(EPISODE_FIELDS, columns, strict=True))
    values["files"] = tuple((kind, name, media_type) for kind, name, media_type in values["files"])
    return EpisodeRecord(**values)


def _sentence_from_row(row: Row) -> Sentence:
    return Sentence(
        text=row["text"],
        spoken=row["spoken"],
        origins=tuple(Origin(**origin) for origin in row["origins"]),
    )
