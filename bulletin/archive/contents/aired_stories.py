"""Bulletins that were made, and the stories that aired in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.database import tables
from bulletin.archive.database.rows_to_dataclasses import (
    bulletin_from_row,
    bulletin_to_row,
    from_row,
    telling_rows,
)
from bulletin.archive.database_interface import Database
from bulletin.archive.lock_names import bulletins_of
from bulletin.archive.record_dataclasses import Aired, BulletinRecord
from bulletin.archive.retry_after_archive_repair import retry_after_damage
from bulletin.language.split_sentences import storable
from bulletin.model import Bulletin, Episode, Level, Passage, Role, Story
from bulletin.model.sort_bulletins_by_time import newest_first

_HEARD_AT_MOST = 20_000
"""Characters; a story that changes fifty times has about ten thousand."""

_SENTENCES_AT_MOST = 200
"""Remembered sentences of a story."""

_LAST_BULLETINS = 50
"""Searched for the newest hour: a bulletin for an earlier hour may have been made later."""
_LAST_STANDBYS = 10
"""Searched for the stand-by that goes on air."""

_NEWS_LEVELS = (Level.FRESH, Level.PARTIAL)
"""Bulletins of the day's news; the other levels are stand-bys."""


@retry_after_damage
class AiredArchive(Database):
    """Bulletins and the stories that aired in them."""

    def aired(self, station: str, *, since: datetime) -> Mapping[str, Aired]:
        """
        Stories on air at `since` or later, each under several keys.

        The keys are the story's id and the ids and aliases of all its articles, past ones too: a later
        bulletin may name the story after another article. Where two stories share a key, a story's own id
        wins, then the story that aired last.
        """
        table, parts = tables.aired, tables.aired_articles
        recent = (table.c.station == station, table.c.last_at >= since)
        article_ids: dict[int, list[str]] = {}
        with self.reading() as connection:
            rows = (
                connection.execute(select(table).where(*recent).order_by(table.c.last_at, table.c.id))
                .mappings()
                .all()
            )
            for aired_id, article_id in connection.execute(select(parts).join(table).where(*recent)):
                article_ids.setdefault(aired_id, []).append(article_id)
            stories = [from_row(Aired, row, article_ids=article_ids.get(row["id"], ())) for row in rows]
        by_article = {article_id: story for story in stories for article_id in story.article_ids}
        return by_article | {story.story_id: story for story in stories}

    def aired_as(self, station: str, names: Collection[str]) -> tuple[Aired, ...]:
        """Stories that have aired under one of these ids, of the story or of one of its articles."""
        table, parts = tables.aired, tables.aired_articles
        wanted = sorted(map(storable, names))
        by_article = select(parts.c.aired_id).where(parts.c.article_id.in_(wanted))
        is_named = or_(table.c.story_id.in_(wanted), table.c.id.in_(by_article))
        query = (
            select(table).where(table.c.station == station, is_named).order_by(table.c.last_at, table.c.id)
        )
        article_ids: dict[int, list[str]] = {}
        with self.reading() as connection:
            rows = connection.execute(query).mappings().all()
            known = select(parts).where(parts.c.aired_id.in_([row["id"] for row in rows]))
            for aired_id, article_id in connection.execute(known):
                article_ids.setdefault(aired_id, []).append(article_id)
            return tuple(from_row(Aired, row, article_ids=article_ids.get(row["id"], ())) for row in rows)

    def record_bulletin(
        self,
        station: str,
        bulletin: Bulletin,
        episodes: Sequence[Episode] = (),
        *,
        made_at: datetime,
        timings: Mapping[str, float],
        corrects_id: int | None = None,
    ) -> None:
        """
        Remember a bulletin, its episodes, and that its stories aired at `made_at`, in one transaction.

        `timings` are seconds per stage. The same station and `made_at` again change nothing. Stories of a
        stand-by, of a correction, and of a bulletin that every outlet kept back do not count as aired once more.
        """
        table = tables.bulletins
        row = {"station": station, "made_at": made_at, "timings": timings, "corrects_id": corrects_id}
        row |= bulletin_to_row(bulletin, episodes)
        with self.writing(lock=bulletins_of(station)) as connection:
            new = insert(table).values(row).on_conflict_do_nothing().returning(table.c.id)
            bulletin_id = connection.execute(new).scalar()
            if bulletin_id is None:
                return
            stories = [item.story for item in bulletin.script.stories]
            if rows := telling_rows(bulletin_id, station, bulletin.script.at, bulletin.aired, stories):
                connection.execute(insert(tables.tellings), rows)
            shelf, guids = tables.episodes, [episode.guid for episode in episodes]
            in_bulletin = (shelf.c.station == station, shelf.c.guid.in_(guids))
            connection.execute(update(shelf).where(*in_bulletin).values(bulletin_id=bulletin_id))
            was_heard = not episodes or any(not episode.kept_back for episode in episodes)
            if bulletin.level in _NEWS_LEVELS and corrects_id is None and was_heard:
                for story in stories:
                    if passages := [
                        p for p in bulletin.aired if (p.role, p.story_id) == (Role.STORY, story.id)
                    ]:
                        _write_aired(connection, station, story, passages, made_at)

    def put_on_air(self, station: str, guids: Collection[str], *, at: datetime) -> None:
        """Note that prepared episodes (`Episode.is_prepared`) are on air since `at`."""
        table = tables.bulletins
        standbys = select(table.c.id, table.c.went_to).where(
            table.c.station == station, table.c.level.not_in(_NEWS_LEVELS)
        )
        with self.writing(lock=bulletins_of(station)) as connection:
            last = connection.execute(standbys.order_by(table.c.made_at.desc()).limit(_LAST_STANDBYS)).all()
            for bulletin_id, went_to in last:
                on_air = [to | {"published": at.isoformat()} if to["guid"] in guids else to for to in went_to]
                if on_air != went_to:
                    connection.execute(update(table).where(table.c.id == bulletin_id).values(went_to=on_air))

    def recall_bulletins(self, station: str, numbers: Collection[int], *, at: datetime) -> None:
        """
        Note that the deliveries of bulletins were withdrawn for a killed story; the first moment stays.

        Each remains the last bulletin, unlike one that was withdrawn as a whole: a stand-by repeats its other stories.
        """
        table = tables.bulletins
        query = select(table.c.id, table.c.went_to).where(table.c.station == station, table.c.id.in_(numbers))
        with self.writing(lock=bulletins_of(station)) as connection:
            for bulletin_id, went_to in connection.execute(query).all():
                gone = [{"withdrawn": at.isoformat()} | to for to in went_to]
                connection.execute(update(table).where(table.c.id == bulletin_id).values(went_to=gone))

    def standbys(self, station: str, guids: Collection[str]) -> tuple[BulletinRecord, ...]:
        """The last stand-bys with an episode of these guids."""
        table = tables.bulletins
        query = select(table).where(table.c.station == station, table.c.level.not_in(_NEWS_LEVELS))
        last = self.select(query.order_by(table.c.made_at.desc()).limit(_LAST_STANDBYS), bulletin_from_row)
        return tuple(record for record in last if any(to["guid"] in guids for to in record.went_to))

    def last_bulletin(self, station: str, *, until: datetime | None = None) -> BulletinRecord | None:
        """
        The bulletin of the newest hour (`newest_first`), no stand-by and not withdrawn, unless for a killed story.

        `until` excludes bulletins made later, by a clock that ran ahead.
        """
        table = tables.bulletins
        is_news = (table.c.level.in_(_NEWS_LEVELS), table.c.withdrawn_at.is_(None))
        query = select(table.c.id, table.c.at, table.c.made_at).where(table.c.station == station, *is_news)
        query = query.where(table.c.made_at <= until) if until else query
        with self.reading() as connection:
            last = connection.execute(query.order_by(table.c.made_at.desc()).limit(_LAST_BULLETINS)).all()
        newest = [row.id for row in newest_first(last, lambda row: (row.at, row.made_at))[:1]]
        return next(iter(self.select(select(table).where(table.c.id.in_(newest)), bulletin_from_row)), None)

    def bulletins(self, station: str) -> tuple[BulletinRecord, ...]:
        """Every bulletin of a station, the one made last first."""
        table = tables.bulletins
        query = select(table).where(table.c.station == station).order_by(table.c.made_at.desc())
        return self.select(query, bulletin_from_row)

    def has_bulletin_made_at(self, station: str, moments: Collection[datetime]) -> bool:
        """Whether a bulletin of one of these runs, named by the moment of its start, was recorded."""
        made = tables.bulletins.c
        query = select(made.id).where(made.station == station, made.made_at.in_(moments)).limit(1)
        return self.scalar(query) is not None

    def days_of_work(self) -> tuple[datetime, ...]:
        """Moments of the first and the last bulletin of each day, of any station, in order."""
        made_at = tables.bulletins.c.made_at
        days = select(func.min(made_at), func.max(made_at)).group_by(func.date(made_at))
        with self.reading() as connection:
            return tuple(sorted(moment for row in connection.execute(days) for moment in row))

    def stage_times(self, station: str, *, limit: int) -> tuple[Mapping[str, float], ...]:
        """Seconds that each stage of the last runs took, newest first; without stand-bys and corrections."""
        table = tables.bulletins
        query = select(table.c.timings).where(
            table.c.station == station, table.c.level.in_(_NEWS_LEVELS), table.c.corrects_id.is_(None)
        )
        query = query.order_by(table.c.made_at.desc()).limit(limit)
        return self.select(query, lambda row: row["timings"])

    def stations_with_new_bulletins(self, after: int | None) -> tuple[int, frozenset[str]]:
        """
        The highest number of a bulletin, and the stations with bulletins of higher numbers than `after`.

        None: no station, as for the first look.
        """
        table = tables.bulletins.c
        last = int(self.scalar(select(func.max(table.id))) or 0)
        if after is None or last <= after:
            return last, frozenset()
        query = select(table.station).where(table.id > after, table.id <= last).distinct()
        return last, frozenset(self.select(query, lambda row: str(row["station"])))


def _write_aired(
    connection: Connection, station: str, story: Story, passages: Sequence[Passage], at: datetime
) -> None:
    table, parts = tables.aired, tables.aired_articles
    ids = (storable(id_) for article in story.articles for id_ in (article.id, *article.aliases))
    article_ids = tuple(dict.fromkeys(ids))
    before = _find_aired(connection, station, story.id, article_ids)
    text = " ".join(passage.text for passage in passages)
    values = {
        "story_id": story.id,
        "title": story.title,
        "text": text,
        "last_at": at,
        "heard": _join_heard((before.heard or before.text) if before else "", story, text),
        "sentences": _join_sentences(before.sentences if before else (), passages),
    }
    if before:
        # a story that has really changed counts as new; a story that aired as new on request (`--again`) does not
        has_changed = any(reason.name == "changed" for reason in story.reasons)
        count = {"times": 1, "first_at": at} if has_changed else {"times": table.c.times + 1}
        aired_id, change = before.id, update(table).where(table.c.id == before.id)
        connection.execute(change.values(**values, **count))
    else:
        new = insert(table).values(**values, station=station, times=1, first_at=at)
        aired_id = connection.execute(new.returning(table.c.id)).scalar_one()
    rows = [{"aired_id": aired_id, "article_id": id_} for id_ in article_ids]
    connection.execute(insert(parts).on_conflict_do_nothing(), rows)


def _join_heard(before: str, story: Story, text: str) -> str:
    """Everything that listeners heard of a story; the newest part of a very long one."""
    new = [part for part in (story.title, text) if part not in before]
    return " ".join(filter(None, (before, *new)))[-_HEARD_AT_MOST:]


def _join_sentences(before: Iterable[str], passages: Iterable[Passage]) -> list[str]:
    """Every sentence that aired of a story, each once; the newest of very many."""
    now = (storable(sentence.text) for passage in passages for sentence in passage.sentences)
    return list(dict.fromkeys((*before, *now)))[-_SENTENCES_AT_MOST:]


def _find_aired(
    connection: Connection, station: str, story_id: str, article_ids: Iterable[str]
) -> Row[Any] | None:
    """
    Row of a story that has aired before.

    A story is named after its earliest article, and a feed may bring an earlier one later. So the search also
    tries each article (and its aliases) that gave an aired story its name.
    """
    table = tables.aired
    shares_name = table.c.story_id.in_((story_id, *article_ids))
    order = ((table.c.story_id == story_id).desc(), table.c.last_at.desc(), table.c.id.desc())
    query = select(table).where(table.c.station == station, shares_name).order_by(*order)
    return connection.execute(query).first()
