"""What each run did and weighed, and what has aired: for an editor's "why" and a regulator's request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, Table, cast, exists, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import RowMapping

from bulletin.archive.archive import Archive
from bulletin.archive.contents.catalog import write_kill
from bulletin.archive.contents.episodes import mark_withdrawn
from bulletin.archive.database import tables
from bulletin.archive.database.row_conversion import article_source, bulletin_from_row, source_from_row
from bulletin.archive.kill_lists import to_entry, withdrawn_episode
from bulletin.archive.records import BulletinRecord, Considered, Kill, LeftOut, RunRecord
from bulletin.archive.retry_on_damage import retry_after_damage
from bulletin.model import Left, Level, Reason, Story

_MOST_WEIGHED = 60
"""Stories of one run that are kept with their scores; the rest keeps its reason only."""
_MOST_LEFT = 2000
_AT_ONCE = 100
"""Bulletins in memory while the log is read."""
_B, _T = tables.bulletins.c, tables.tellings.c


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedStory:
    """A story as a run saw it, and what became of it there."""

    story: Story
    place: int
    """In the order chosen, from 1; 0: not chosen."""
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalQuery:
    """What is asked of the log; empty fields ask for everything."""

    since: datetime | None = None
    """Time on air, this moment included."""
    until: datetime | None = None
    """Time on air, this moment not included."""
    story: str = ""
    """Words of its title or of what was said of it, or its id."""
    source: str = ""
    """Part of a publisher's, a feed's or a link's name."""


@retry_after_damage
class RunJournal:
    """The pages of an archive that are only ever read by people. Every method raises ArchiveError."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    # -- runs

    def keep_run(
        self, run: RunRecord, *, weighed: Sequence[WeighedStory] = (), left: Sequence[Left] = ()
    ) -> None:
        """Write down a run, the stories that it weighed, and the articles that it left out: all or nothing."""
        kept = sorted(weighed, key=lambda w: (w.place == 0, w.place, -w.story.score))
        rest = [
            Left(title=one.story.title, reason=one.verdict, article_id=one.story.id)
            for one in kept[_MOST_WEIGHED:]
        ]
        with self._archive.writing() as connection:
            bulletin = select(_B.id).where(_B.station == run.station, _B.made_at == run.began_at)
            values = asdict(run) | {"bulletin_id": connection.execute(bulletin).scalar()}
            made = connection.execute(insert(tables.runs).values(**values))
            (run_id,) = made.inserted_primary_key or (0,)
            rows = [_weighed_row(one, run, run_id) for one in kept[:_MOST_WEIGHED]]
            if rows:
                connection.execute(insert(tables.considered).on_conflict_do_nothing(), rows)
            _keep_left(connection, run, [*rest, *left][:_MOST_LEFT])

    def runs(self, station: str, *, limit: int) -> tuple[RunRecord, ...]:
        """The last ones, newest first."""
        table = tables.runs
        wanted = select(table).where(table.c.station == station).order_by(table.c.began_at.desc())
        with self._archive.reading() as connection:
            return tuple(_run(row) for row in connection.execute(wanted.limit(limit)).mappings())

    # -- what aired

    def aired(
        self, station: str, query: JournalQuery, *, everything: bool = False
    ) -> Iterator[BulletinRecord]:
        """
        Bulletins in the order of their hours, as they are read from the disk.

        A stand-by that another bulletin replaced before its hour, or that was never put in place, did not air; nor did
        what every outlet kept back. They come only with `everything`.
        """
        wanted = select(tables.bulletins).where(*_conditions(station, query, everything=everything))
        wanted = wanted.order_by(_B.at, _B.made_at)
        with self._archive.reading() as connection:
            result = connection.execution_options(yield_per=_AT_ONCE).execute(wanted)
            for rows in result.mappings().partitions():
                yield from self._records(connection, rows)

    def tellings(self, station: str, story_ids: Iterable[str]) -> tuple[BulletinRecord, ...]:
        """Every bulletin that tells one of these stories, stand-bys that never aired too, oldest first."""
        ids = tuple(story_ids)
        told = exists().where(_T.bulletin_id == _B.id, _T.story_id.in_(ids))
        wanted = select(tables.bulletins).where(_B.station == station, told).order_by(_B.at, _B.made_at)
        with self._archive.reading() as connection:
            return tuple(self._records(connection, connection.execute(wanted).mappings().all()))

    # -- what was weighed

    def considered(self, station: str) -> tuple[Considered, ...]:
        """Every story of every run that is remembered, oldest first."""
        table, runs = tables.considered, tables.runs
        wanted = select(table, runs.c.began_at, runs.c.at).join(runs).where(table.c.station == station)
        with self._archive.reading() as connection:
            found = connection.execute(
                wanted.order_by(runs.c.began_at, table.c.place == 0, table.c.place, table.c.score.desc())
            ).mappings()
            return tuple(_considered(row) for row in found)

    def left_out(self, station: str) -> tuple[LeftOut, ...]:
        """Every article that was unfit, for each of its reasons, oldest first."""
        table = tables.left_out
        wanted = select(table).where(table.c.station == station).order_by(table.c.first_at)
        with self._archive.reading() as connection:
            return tuple(
                LeftOut(**{name: row[name] for name in LeftOut.__slots__})
                for row in connection.execute(wanted).mappings()
            )

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
        These bulletins and episodes are not to be heard again, and no other one may tell what `kills` name.

        All of it or nothing. The time of the first withdrawal stays.
        """
        kills, guids = tuple(kills), tuple(guids)
        with self._archive.writing() as connection:
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
        """The id of a bulletin -> that of the one made in its place."""
        wanted = select(_B.corrects_id, _B.id).where(_B.station == station, _B.corrects_id.is_not(None))
        with self._archive.reading() as connection:
            return {old: new for old, new in connection.execute(wanted) if old is not None}

    def _records(self, connection: Connection, rows: Sequence[RowMapping]) -> Iterator[BulletinRecord]:
        ids = [row["id"] for row in rows]
        told = select(_T.bulletin_id, _T.story_id, _T.sources).where(_T.bulletin_id.in_(ids))
        sources: dict[int, dict[str, tuple[Any, ...]]] = {}
        for bulletin_id, story_id, found in connection.execute(told):
            sources.setdefault(bulletin_id, {})[story_id] = tuple(source_from_row(row) for row in found)
        for row in rows:
            yield bulletin_from_row(row, sources=sources.get(row["id"]))


def _conditions(station: str, query: JournalQuery, *, everything: bool) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [_B.station == station]
    if query.since:
        wanted.append(_B.at >= query.since)
    if query.until:
        wanted.append(_B.at < query.until)
    if query.story or query.source:
        told = [_T.bulletin_id == _B.id]
        told += [_names_story(query.story)] if query.story else []
        told += [_contains(_T.names, query.source)] if query.source else []
        wanted.append(exists().where(*told))
    if not everything:
        later = tables.bulletins.alias("later")
        replaced = exists().where(
            later.c.station == _B.station,
            later.c.at == _B.at,
            later.c.made_at > _B.made_at,
            later.c.made_at <= _B.at,
        )
        wanted.append(or_(_B.level.in_((Level.FRESH, Level.PARTIAL)), ~replaced))
        wanted.append(~_is_unheard())
    return wanted


def _is_unheard() -> ColumnElement[bool]:
    """It is only prepared, or every outlet kept it back: no moment stands in where it went."""
    went_to = cast(_B.went_to, String)
    has_moment = or_(went_to.contains('"published": "1'), went_to.contains('"published": "2'))
    return went_to.contains('"published": ""') & ~has_moment


def _names_story(story: str) -> ColumnElement[bool]:
    """By its id, or all the words in a row of its title or of what was said of it."""
    return or_(_T.story_id == story, _contains(_T.words, story))


def _contains(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    return column.contains(" ".join(text.split()).casefold(), autoescape=True)


def _weighed_row(one: WeighedStory, run: RunRecord, run_id: int) -> dict[str, Any]:
    story = one.story
    return {
        "run_id": run_id,
        "story_id": story.id,
        "station": run.station,
        "title": story.title,
        "section": story.section,
        "place": one.place,
        "score": story.score,
        "verdict": one.verdict,
        "reasons": [asdict(reason) for reason in story.reasons],
        "articles": [article_source(article) for article in story.articles],
    }


def _keep_left(connection: Connection, run: RunRecord, left: Iterable[Left]) -> None:
    """One row for an article and a reason, however often: a feed brings the same ones every hour."""
    rows = {
        (item.article_id or item.title, _settled(item.reason)): {
            "station": run.station,
            "article_id": item.article_id or item.title,
            "reason": _settled(item.reason),
            "title": item.title,
            "times": 1,
            "first_at": run.began_at,
            "last_at": run.began_at,
        }
        for item in left
    }
    if rows:
        table: Table = tables.left_out
        new = insert(table)
        again = {"times": table.c.times + 1, "last_at": new.excluded.last_at, "title": new.excluded.title}
        key = [table.c.station, table.c.article_id, table.c.reason]
        connection.execute(new.on_conflict_do_update(index_elements=key, set_=again), list(rows.values()))


def _settled(reason: str) -> str:
    """Without what changes from hour to hour: "older than 24 hours (31 h)"."""
    return re.sub(r" \([^()]*\)$", "", reason)


def _run(row: RowMapping) -> RunRecord:
    kept = {name: row[name] for name in RunRecord.__slots__}
    return RunRecord(**kept | {"notes": tuple(row["notes"]), "log": tuple(row["log"])})


def _considered(row: RowMapping) -> Considered:
    kept = {name: row[name] for name in Considered.__slots__}
    kept["reasons"] = tuple(Reason(**reason) for reason in row["reasons"])
    kept["articles"] = tuple(source_from_row(article) for article in row["articles"])
    return Considered(**kept)
