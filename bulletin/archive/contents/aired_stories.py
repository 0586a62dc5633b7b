"""What was on air, and the bulletins that it was in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, func, insert, select, update

from bulletin.archive.database import tables
from bulletin.archive.database.row_conversion import (
    aired_from_row,
    bulletin_from_row,
    bulletin_to_row,
    delivery_to_row,
    source_rows,
)
from bulletin.archive.records import Aired, BulletinRecord
from bulletin.language.sentences import storable
from bulletin.model import Bulletin, Episode, Level, Passage, Role, Story
from bulletin.model.newer_bulletin import newest_first
from bulletin.runtime.redaction import hide

_LONGEST_HEARD = 20_000
"""Characters; a story that is told fifty times, new each time, has about ten thousand."""

_MOST_SENTENCES = 200
"""That are remembered of a story."""

_LAST_BULLETINS = 50
"""Among which the newest is: one for an earlier hour may have been made after it."""
_LAST_STANDBYS = 10
"""Among which the one is that is put on air."""

_NEW = (Level.FRESH, Level.PARTIAL)
"""What was made of the day's news; the rest is stand-by."""


def read_aired(connection: Connection, station: str, since: datetime) -> dict[str, Aired]:
    """Every story under its id and under each id of its articles; the one aired last wins a key."""
    table, parts = tables.aired, tables.aired_articles
    rows = connection.execute(
        select(table).where(table.c.station == station, table.c.last_at >= since).order_by(table.c.last_at)
    ).mappings()
    stories = {row["id"]: row for row in rows}
    articles: dict[int, list[str]] = {}
    found = connection.execute(
        select(parts).join(table).where(table.c.station == station, table.c.last_at >= since)
    )
    for aired_id, article_id in found:
        articles.setdefault(aired_id, []).append(article_id)
    told = [aired_from_row(row, articles.get(aired_id, ())) for aired_id, row in stories.items()]
    by_article = {article_id: aired for aired in told for article_id in aired.article_ids}
    return by_article | {aired.story_id: aired for aired in told}


def write_bulletin(
    connection: Connection,
    station: str,
    bulletin: Bulletin,
    episodes: Sequence[Episode],
    *,
    made_at: datetime,
    timings: Mapping[str, float],
    corrects_id: int | None = None,
) -> None:
    """
    A bulletin is what its station made at one moment: the same one again changes nothing.

    What a stand-by or a correction tells again has aired before, and is not counted again. Nor is what every outlet
    kept back: nobody has heard it.
    """
    table = tables.bulletins
    same = select(table.c.id).where(table.c.station == station, table.c.made_at == made_at)
    if connection.execute(same).first():
        return
    kept_back = {episode.outlet for episode in episodes if episode.kept_back}
    row = bulletin_to_row(bulletin)
    row["renditions"] = [one for one in row["renditions"] if one["kind"] not in kept_back]
    made = connection.execute(
        insert(table).values(
            **row,
            station=station,
            made_at=made_at,
            timings=dict(timings),
            went_to=[delivery_to_row(episode) for episode in episodes],
            corrects_id=corrects_id,
        )
    )
    (bulletin_id,) = made.inserted_primary_key or (0,)
    _write_tellings(connection, station, bulletin, bulletin_id)
    shelf = tables.episodes
    guids = [episode.guid for episode in episodes]
    connection.execute(
        update(shelf)
        .where(shelf.c.station == station, shelf.c.guid.in_(guids))
        .values(bulletin_id=bulletin_id)
    )
    was_heard = not episodes or any(not episode.kept_back for episode in episodes)
    if bulletin.level not in _NEW or corrects_id is not None or not was_heard:
        return
    stories = {item.story.id: item.story for item in bulletin.script.stories}
    for story_id in bulletin.story_ids:
        if story_id in stories:
            passages = _passages(bulletin, story_id)
            _write_aired(connection, station, stories[story_id], passages, made_at)


def put_on_air(connection: Connection, station: str, guids: Collection[str], at: datetime) -> None:
    """What was prepared is in its place since that moment."""
    table = tables.bulletins
    standby = (table.c.station == station, table.c.level.not_in(_NEW))
    wanted = select(table.c.id, table.c.went_to).where(*standby).order_by(table.c.made_at.desc())
    for bulletin_id, went_to in connection.execute(wanted.limit(_LAST_STANDBYS)).all():
        told = [to | {"published": at.isoformat()} if to["guid"] in guids else to for to in went_to]
        if told != went_to:
            connection.execute(update(table).where(table.c.id == bulletin_id).values(went_to=told))


def _write_tellings(connection: Connection, station: str, bulletin: Bulletin, bulletin_id: int) -> None:
    rows = []
    for story_id in dict.fromkeys(p.story_id for p in bulletin.aired if p.role is Role.STORY and p.story_id):
        sources = source_rows(bulletin, story_id)
        title = next(p.title for p in bulletin.aired if p.role is Role.STORY and p.story_id == story_id)
        names = {hide.address(value) for source in sources for value in source.values() if value}
        rows.append(
            {
                "bulletin_id": bulletin_id,
                "story_id": story_id,
                "station": station,
                "at": bulletin.script.at,
                "title": title,
                "words": f"{title}\n{_said(_passages(bulletin, story_id))}".casefold(),
                "names": "\n".join(sorted(names)).casefold(),
                "sources": sources,
            }
        )
    if rows:
        connection.execute(insert(tables.tellings), rows)


def read_last_bulletin(
    connection: Connection, station: str, *, until: datetime | None
) -> BulletinRecord | None:
    """The newest hour's, as `recency` has it: no stand-by, and nothing that was withdrawn."""
    table = tables.bulletins
    good = [table.c.station == station, table.c.level.in_(_NEW), table.c.withdrawn_at.is_(None)]
    if until:
        good.append(table.c.made_at <= until)
    last = select(table.c.id, table.c.at, table.c.made_at).where(*good).order_by(table.c.made_at.desc())
    found = newest_first(
        connection.execute(last.limit(_LAST_BULLETINS)).all(), lambda row: (row.at, row.made_at)
    )
    if not found:
        return None
    row = connection.execute(select(table).where(table.c.id == found[0].id)).mappings().one()
    return bulletin_from_row(row)


def read_days_of_work(connection: Connection) -> tuple[datetime, ...]:
    made_at = tables.bulletins.c.made_at
    days = select(func.min(made_at), func.max(made_at)).group_by(func.date(made_at))
    return tuple(sorted(moment for row in connection.execute(days) for moment in row))


def read_run_times(connection: Connection, station: str, limit: int) -> tuple[float, ...]:
    table = tables.bulletins
    new = (table.c.level.in_(_NEW), table.c.corrects_id.is_(None))
    wanted = select(table.c.timings).where(table.c.station == station, *new)
    found = connection.execute(wanted.order_by(table.c.made_at.desc()).limit(limit)).scalars()
    return tuple(sum(timings.values()) for timings in found)


def read_bulletins(connection: Connection, station: str) -> tuple[BulletinRecord, ...]:
    table = tables.bulletins
    wanted = select(table).where(table.c.station == station).order_by(table.c.made_at.desc())
    return tuple(bulletin_from_row(row) for row in connection.execute(wanted).mappings())


def _passages(bulletin: Bulletin, story_id: str) -> list[Passage]:
    return [p for p in bulletin.aired if p.role is Role.STORY and p.story_id == story_id]


def _said(passages: Iterable[Passage]) -> str:
    return " ".join(passage.text for passage in passages)


def _write_aired(
    connection: Connection, station: str, story: Story, passages: Sequence[Passage], at: datetime
) -> None:
    table = tables.aired
    ids = _article_ids(story)
    text = _said(passages)
    values: dict[str, Any] = {"story_id": story.id, "title": story.title, "text": text, "last_at": at}
    known = _find_aired(connection, station, story.id, ids)
    if known is None:
        values["heard"] = _heard("", story, text)
        values["sentences"] = _sentences((), passages)
        made = connection.execute(
            insert(table).values(**values, station=station, times=1, first_at=at).returning(table.c.id)
        )
        aired_id = made.scalar_one()
    else:
        aired_id = known
        wanted = select(table.c.heard, table.c.text, table.c.sentences).where(table.c.id == aired_id)
        before = connection.execute(wanted).one()
        values["heard"] = _heard(before.heard or before.text, story, text)
        values["sentences"] = _sentences(before.sentences, passages)
        connection.execute(
            update(table).where(table.c.id == aired_id).values(**values, **_count(story, table.c.times, at))
        )
    parts = tables.aired_articles
    had = set(connection.execute(select(parts.c.article_id).where(parts.c.aired_id == aired_id)).scalars())
    new = [{"aired_id": aired_id, "article_id": article_id} for article_id in ids if article_id not in had]
    if new:
        connection.execute(insert(parts), new)


def _count(story: Story, times: Column[int], at: datetime) -> dict[str, Any]:
    """
    A story that was told as news, because it had really changed, has its repeats before it again.

    One that was told as new because somebody asked for that (`--again`) goes on being counted.
    """
    has_changed = any(reason.name == "changed" for reason in story.reasons)
    return {"times": 1, "first_at": at} if has_changed else {"times": times + 1}


def _heard(before: str, story: Story, text: str) -> str:
    """What was said now after what was said before, whatever is new of it; the end, if it gets very long."""
    new = [part for part in (story.title, text) if part not in before]
    return " ".join(filter(None, (before, *new)))[-_LONGEST_HEARD:]


def _sentences(before: Iterable[str], passages: Iterable[Passage]) -> list[str]:
    """What was said before, and what was said now; the end, if it gets very long."""
    now = (storable(sentence.text) for passage in passages for sentence in passage.sentences)
    return list(dict.fromkeys((*before, *now)))[-_MOST_SENTENCES:]


def _find_aired(connection: Connection, station: str, story_id: str, ids: Iterable[str]) -> int | None:
    """
    The row of a story that has aired before.

    A story is called after its earliest article, and a feed may bring an earlier one later: so a
    story that holds the article (or an alias of it) after which an aired story is called is that story.
    """
    table = tables.aired
    same = select(table.c.id).where(table.c.station == station, table.c.story_id == story_id)
    found = connection.execute(same).scalar()
    if found is None:
        shares = (
            select(table.c.id)
            .where(table.c.station == station, table.c.story_id.in_(tuple(ids)))
            .order_by(table.c.last_at.desc(), table.c.id.desc())
            .limit(1)
        )
        found = connection.execute(shares).scalar()
    return int(found) if found is not None else None


def _article_ids(story: Story) -> tuple[str, ...]:
    ids = (storable(id_) for article in story.articles for id_ in (article.id, *article.aliases))
    return tuple(dict.fromkeys(ids))
