"""Dataclasses of the model <-> database rows: plain dicts that JSON can store. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

from bulletin.archive.record_dataclasses import BulletinRecord, Source
from bulletin.model import Article, Bulletin, Episode, Origin, Passage, Rendition, Role, SlotRecord, Story
from bulletin.runtime.redact_secrets import hide

Record = TypeVar("Record")
Row = Mapping[Any, Any]

_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)
_RENDITION = ("kind", "media_type", "duration_s", "loudness_lufs", "true_peak_dbtp")
_QUALITY = ("short_term_max_lufs", "range_lu", "mono_loss_lu", "clipped", "dc_offset")


def from_row(kind: type[Record], row: Row, **values: object) -> Record:
    """
    Dataclass `kind` with the fields of a row; `values` replace or add fields.

    Unknown fields are ignored and absent ones get defaults: rows of older and newer versions can be read. Raises
    ValueError for a value that does not fit its field.
    """
    record: Record = _adapter(kind).validate_python({**row, **values})
    return record


def bulletin_from_row(row: Row, *, sources: Mapping[str, tuple[Source, ...]] | None = None) -> BulletinRecord:
    """Record of a bulletin; withdrawn since the first moment that its row or one of its deliveries has."""
    starts_s = [passage.get("start_s") for passage in row["running_order"]]
    moments = [datetime.fromisoformat(to["withdrawn"]) for to in row["went_to"] if "withdrawn" in to]
    withdrawn_at = min(filter(None, (*moments, row.get("withdrawn_at"))), default=None)
    return from_row(BulletinRecord, row, sources=sources or {}, starts_s=starts_s, withdrawn_at=withdrawn_at)


def slot_from_row(row: Row) -> SlotRecord:
    return from_row(SlotRecord, row, level=row["level"] or None, standby=row["standby"] or None)


def bulletin_to_row(bulletin: Bulletin, episodes: Iterable[Episode]) -> dict[str, Any]:
    """
    Row of a bulletin, without its station, time of making and timings.

    Renditions that an outlet kept back are left out: no listener heard them.
    """
    kept_back = {episode.outlet for episode in episodes if episode.kept_back}
    return {
        "at": bulletin.script.at,
        "title": bulletin.script.title,
        "engine": bulletin.voice.engine,
        "voice": " + ".join(voice.name for voice in (bulletin.voice, bulletin.second_voice) if voice),
        "duration_s": bulletin.renditions[0].duration_s if bulletin.renditions else 0.0,
        "planned_s": bulletin.planned_s,
        "level": bulletin.level,
        "running_order": [
            asdict(passage) | {"start_s": _start_s(bulletin, passage)} for passage in bulletin.aired
        ],
        "dropped": [asdict(left) for left in bulletin.dropped],
        "renditions": [_rendition_to_row(made) for made in bulletin.renditions if made.kind not in kept_back],
        "notes": bulletin.notes,
        "went_to": [_delivery_to_row(episode) for episode in episodes],
    }


def _delivery_to_row(episode: Episode) -> dict[str, str]:
    """A prepared episode has no moment of publication yet (`Archive.put_on_air`); one kept back never has."""
    is_out = not (episode.is_prepared or episode.kept_back)
    published = episode.published.isoformat() if is_out else ""
    return {"outlet": episode.outlet, "guid": episode.guid, "published": published}


def _start_s(bulletin: Bulletin, passage: Passage) -> float | None:
    """Start of a passage in the first rendition, rounded to hundredths of a second; None: unknown."""
    cues = bulletin.renditions[0].cues if bulletin.renditions else ()
    starts = (c.start_s for c in cues if (c.role, c.story_id) == (passage.role, passage.story_id))
    start_s = next(starts, None)
    return None if start_s is None else round(start_s, 2)


def _rendition_to_row(made: Rendition) -> dict[str, str | float]:
    row = {"file": made.path.name} | {name: getattr(made, name) for name in _RENDITION}
    if made.quality:
        row |= {name: getattr(made.quality, name) for name in _QUALITY}
        row["warnings"] = "; ".join(made.quality.warnings)
    return row


def telling_rows(
    bulletin_id: int, station: str, at: datetime, aired: Sequence[Passage], stories: Iterable[Story] = ()
) -> list[dict[str, Any]]:
    """A row for each story of a bulletin, by which people find it: words, names and sources."""
    articles = {story.id: story.articles for story in stories}
    rows = []
    for story_id in dict.fromkeys(p.story_id for p in aired if p.role is Role.STORY and p.story_id):
        passages = [passage for passage in aired if passage.story_id == story_id]
        spoken = [passage for passage in passages if passage.role is Role.STORY]
        sources = _source_rows(passages, articles.get(story_id, ()))
        names = {hide.address(value) for source in sources for value in source.values() if value}
        rows.append(
            {
                "bulletin_id": bulletin_id,
                "story_id": story_id,
                "station": station,
                "at": at,
                "title": spoken[0].title,
                "words": f"{spoken[0].title}\n{' '.join(p.text for p in spoken)}".casefold(),
                "names": "\n".join(sorted(names)).casefold(),
                "sources": sources,
            }
        )
    return rows


def _source_rows(passages: Iterable[Passage], articles: Sequence[Article]) -> list[dict[str, str]]:
    """Source articles of a story's sentences, each once; all articles of the story when no sentence has a source."""
    feeds = {article.id: article.feed for article in articles}
    origins = {o.article_id: o for passage in passages for s in passage.sentences for o in s.origins}
    cited = [source_row(origin, origin.article_id, feeds.get(id_, "")) for id_, origin in origins.items()]
    return cited or [source_row(article, article.id, article.feed) for article in articles]


def source_row(source: Article | Origin, article_id: str, feed: str) -> dict[str, str]:
    return {"article_id": article_id, "feed": feed, "credit": source.credit, "link": source.link}
