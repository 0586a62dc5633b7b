"""Journal of runs: what each run weighed and what aired, for `bulletin why` and `bulletin log`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, and_, cast, exists, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import RowMapping

from bulletin.archive.contents.episodes import mark_withdrawn
from bulletin.archive.contents.feeds_and_articles import write_kill
from bulletin.archive.database import tables
from bulletin.archive.database.rows_to_dataclasses import bulletin_from_row, from_row, source_row
from bulletin.archive.join_kill_list_with_its_copy import to_entry, withdrawn_episode
from bulletin.archive.lock_names import kills_of
from bulletin.archive.record_dataclasses import BulletinRecord, Considered, Kill, LeftOut, RunRecord
from bulletin.archive.retry_after_archive_repair import Ledger
from bulletin.model import Left, Level, Story

_MOST_WEIGHED = 60
"""Most stories of one run stored with their scores; the others are stored with their reason only."""
_MOST_LEFT = 2000
_AT_ONCE = 100
"""Bulletins in memory at a time while the log is read."""
_B, _T = tables.bulletins.c, tables.tellings.c


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedStory:
    """A story that a run weighed, with its verdict."""

    story: Story
    place: int
    """Position in the running order, from 1; 0: not chosen."""
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalQuery:
    """Filter of the log; an empty field matches everything."""

    since: datetime | None = None
    """On air at this moment or later."""
    until: datetime | None = None
    """On air before this moment."""
    story: str = ""
    """Words of the title or of the spoken text, or the id."""
    source: str = ""
    """Part of the name of a publisher, of a feed, or of a link."""


class RunJournal(Ledger):
    """Rows of an archive that only people read. Every method raises ArchiveError."""

    # -- runs

    def keep_run(
        self, run: RunRecord, *, weighed: Sequence[WeighedStory] = (), left: Sequence[Left] = ()
    ) -> None:
        """Store a run, the stories that it weighed and the articles that it left out, in one transaction."""
        ranked = sorted(weighed, key=lambda w: (w.place == 0, w.place, -w.story.score))
        rest = [
            Left(title=item.story.title, reason=item.verdict, article_id=item.story.id)
            for item in ranked[_MOST_WEIGHED:]
        ]
        with self._archive.writing() as connection:
            bulletin = select(_B.id).where(_B.station == run.station, _B.made_at == run.began_at)
            values = asdict(run) | {"bulletin_id": connection.execute(bulletin).scalar()}
            made = connection.execute(insert(tables.runs).values(**values).returning(tables.runs.c.id))
            run_id = made.scalar_one()
            rows = [_weighed_row(item, run, run_id) for item in ranked[:_MOST_WEIGHED]]
            if rows:
                connection.execute(insert(tables.considered).on_conflict_do_nothing(), rows)
            _keep_left(connection, run, [*rest, *left][:_MOST_LEFT])

    def runs(self, station: str, *, limit: int) -> tuple[RunRecord, ...]:
        """The last runs, newest first."""
        table = tables.runs
        query = select(table).where(table.c.station == station).order_by(table.c.began_at.desc())
        return self._archive.select(query.limit(limit), lambda row: from_row(RunRecord, row))

    # -- aired bulletins

    def aired(
        self, station: str, query: JournalQuery, *, everything: bool = False
    ) -> Iterator[BulletinRecord]:
        """
        Bulletins in the order of their hours, read from the disk in batches.

        Bulletins that did not air come only with `everything`: a stand-by that was replaced before its hour or
        never put in place, and a bulletin that every outlet kept back.
        """
        matching = select(tables.bulletins).where(*_conditions(station, query, everything=everything))
        batch = matching = matching.order_by(_B.at, _B.made_at).limit(_AT_ONCE)
        while (
            True
        ):  # a transaction for each batch: a reader may take minutes, and a server ends idle transactions
            with self._archive.reading() as connection:
                rows = connection.execute(batch).mappings().all()
                records = tuple(self._records(connection, rows))
            yield from records
            if len(rows) < _AT_ONCE:
                return
            at, made_at = rows[-1]["at"], rows[-1]["made_at"]
            batch = matching.where(or_(_B.at > at, and_(_B.at == at, _B.made_at > made_at)))

    def newest(
        self,
        station: str,
        query: JournalQuery,
        *,
        limit: int,
        before: int | None = None,
        everything: bool = False,
    ) -> tuple[BulletinRecord, ...]:
        """At most `limit` bulletins, newest first, that are older than the one with the id `before`; else as `aired`."""
        conditions = _conditions(station, query, everything=everything)
        with self._archive.reading() as connection:
            if before is not None:
                last = select(_B.at, _B.made_at).where(_B.station == station, _B.id == before)
                if (moments := connection.execute(last).first()) is None:
                    return ()
                at, made_at = moments
                conditions.append(or_(_B.at < at, and_(_B.at == at, _B.made_at < made_at)))
            matching = select(tables.bulletins).where(*conditions).order_by(_B.at.desc(), _B.made_at.desc())
            rows = connection.execute(matching.limit(limit)).mappings().all()
            return tuple(self._records(connection, rows))

    def bulletin(self, station: str, number: int) -> BulletinRecord | None:
        """The bulletin with that id; None where the station has none."""
        query = select(tables.bulletins).where(_B.station == station, _B.id == number)
        with self._archive.reading() as connection:
            return next(self._records(connection, connection.execute(query).mappings().all()), None)

    def tellings(
        self, station: str, story_ids: Iterable[str], *, everything: bool = True
    ) -> tuple[BulletinRecord, ...]:
        """Every bulletin with one of these stories, oldest first; without `everything` those that aired, as `aired`."""
        ids = tuple(story_ids)
        has_story = exists().where(_T.bulletin_id == _B.id, _T.story_id.in_(ids))
        conditions = _conditions(station, JournalQuery(), everything=everything)
        query = select(tables.bulletins).where(*conditions, has_story).order_by(_B.at, _B.made_at)
        with self._archive.reading() as connection:
            return tuple(self._records(connection, connection.execute(query).mappings().all()))

    # -- weighed stories

    def considered(self, station: str) -> tuple[Considered, ...]:
        """Every story of every stored run, oldest first."""
        table, runs = tables.considered, tables.runs
        query = select(table, runs.c.began_at, runs.c.at).join(runs).where(table.c.station == station)
        rank = (table.c.place == 0, table.c.place, table.c.score.desc(), table.c.story_id)
        order = (runs.c.began_at, runs.c.id, *rank)
        return self._archive.select(query.order_by(*order), lambda row: from_row(Considered, row))

    def left_out(self, station: str) -> tuple[LeftOut, ...]:
        """Every article that was left out, once for each reason, oldest first."""
        table = tables.left_out
        query = select(table).where(table.c.station == station)
        query = query.order_by(table.c.first_at, table.c.article_id, table.c.reason)
        return self._archive.select(query, lambda row: from_row(LeftOut, row))

    # -- corrections

    def withdraw(
        self,
        station: str,
        *,
        bulletins: Iterable[int],
        guids: Iterable[str],
        kills: Iterable[Kill],
        at: datetime,
    ) -> None:
        """
        Withdraw bulletins and episodes, and add `kills` to the kill list, in one transaction.

        The time of the first withdrawal stays.
        """
        kills, guids = tuple(kills), tuple(guids)
        with self._archive.writing(lock=kills_of(station)) as connection:
            for kill in kills:
                write_kill(connection, station, kill)
            for guid in guids:
                mark_withdrawn(connection, station, guid, at)
            connection.execute(
                update(tables.bulletins)
                .where(_B.station == station, _B.id.in_(tuple(bulletins)), _B.withdrawn_at.is_(None))
                .values(withdrawn_at=at)
            )
        self._archive.seal(
            *(to_entry(station, kill) for kill in kills),
            *(withdrawn_episode(station, guid, at) for guid in guids),
        )

    def corrections(self, station: str) -> Mapping[int, int]:
        """Id of a bulletin -> id of its correction."""
        query = select(_B.corrects_id, _B.id).where(_B.station == station, _B.corrects_id.is_not(None))
        return dict(self._archive.select(query, lambda row: (row["corrects_id"], row["id"])))

    def newest_id(self, station: str) -> int | None:
        """Id of the bulletin of the newest hour; None: there is none."""
        query = select(_B.id).where(_B.station == station).order_by(_B.at.desc(), _B.made_at.desc()).limit(1)
        found: int | None = self._archive.scalar(query)
        return found

    def correction_of(self, station: str, number: int) -> int | None:
        """Id of the correction of a bulletin; None: it was not corrected."""
        query = select(_B.id).where(_B.station == station, _B.corrects_id == number).limit(1)
        found: int | None = self._archive.scalar(query)
        return found

    def _records(self, connection: Connection, rows: Sequence[RowMapping]) -> Iterator[BulletinRecord]:
        ids = [row["id"] for row in rows]
        tellings = select(_T.bulletin_id, _T.story_id, _T.sources).where(_T.bulletin_id.in_(ids))
        sources: dict[int, dict[str, tuple[Any, ...]]] = {}
        for bulletin_id, story_id, articles in connection.execute(tellings):
            sources.setdefault(bulletin_id, {})[story_id] = articles
        for row in rows:
            yield bulletin_from_row(row, sources=sources.get(row["id"]))


def _conditions(station: str, query: JournalQuery, *, everything: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_B.station == station]
    if query.since:
        conditions.append(_B.at >= query.since)
    if query.until:
        conditions.append(_B.at < query.until)
    if query.story or query.source:
        telling = [_T.bulletin_id == _B.id]
        if query.story:  # by id, or by consecutive words of the title or the spoken text
            telling.append(or_(_T.story_id == query.story, _contains(_T.words, query.story)))
        telling += [_contains(_T.names, query.source)] if query.source else []
        conditions.append(exists().where(*telling))
    if not everything:
        later = tables.bulletins.alias("later")
        replaced = exists().where(
            later.c.station == _B.station,
            later.c.at == _B.at,
            later.c.made_at > _B.made_at,
            later.c.made_at <= _B.at,
        )
        conditions.append(or_(_B.level.in_((Level.FRESH, Level.PARTIAL)), ~replaced))
        conditions.append(~_is_unheard())
    return conditions


def _is_unheard() -> ColumnElement[bool]:
    """Whether a bulletin was only prepared or kept back everywhere: no episode has a publication time."""
    went_to = cast(_B.went_to, String)
    has_moment = or_(went_to.contains('"published": "1'), went_to.contains('"published": "2'))
    return went_to.contains('"published": ""') & ~has_moment


def _contains(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    return column.contains(" ".join(text.split()).casefold(), autoescape=True)


def _weighed_row(weighed: WeighedStory, run: RunRecord, run_id: int) -> dict[str, Any]:
    story = weighed.story
    return {
        "run_id": run_id,
        "story_id": story.id,
        "station": run.station,
        "title": story.title,
        "section": story.section,
        "place": weighed.place,
        "score": story.score,
        "verdict": weighed.verdict,
        "reasons": [asdict(reason) for reason in story.reasons],
        "articles": [source_row(article, article.id, article.feed) for article in story.articles],
    }


def _keep_left(connection: Connection, run: RunRecord, left: Iterable[Left]) -> None:
    """One row for an article and a reason: a feed brings the same articles every hour."""
    moments = {"first_at": run.began_at, "last_at": run.began_at}
    rows = {}
    for item in left:
        # reason without its hourly figure: "older than 24 hours (31 h)"
        key = {
            "article_id": item.article_id or item.title,
            "reason": re.sub(r" \([^()]*\)$", "", item.reason),
        }
        rows[tuple(key.values())] = {
            "station": run.station,
            **key,
            "title": item.title,
            "times": 1,
            **moments,
        }
    if rows:
        new = insert(tables.left_out)
        times = tables.left_out.c.times + 1
        again = {"times": times, "last_at": new.excluded.last_at, "title": new.excluded.title}
        put = new.on_conflict_do_update(index_elements=["station", "article_id", "reason"], set_=again)
        connection.execute(put, list(rows.values()))
