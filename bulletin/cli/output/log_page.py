"""What aired, and how runs went, as a page, as CSV and as JSON; written while it is read."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.markup import escape

from bulletin.archive.ledgers.run_journal import JournalQuery
from bulletin.archive.records import BulletinRecord, RunRecord, Source
from bulletin.model import Level, Passage, Role
from bulletin.runtime.redaction import hide

_COLUMNS = (
    "on_air", "slot", "station", "level", "bulletin", "role", "title", "words", "text", "sources", "links", "voice",
    "files", "withdrawn", "corrects",
)  # fmt: skip
_FRESH = (Level.FRESH, Level.PARTIAL)


def print_log(found: Iterable[BulletinRecord], *, query: JournalQuery, zone: ZoneInfo, words: bool) -> None:
    """A line for each bulletin, a line for each story in it."""
    console = Console(highlight=False, soft_wrap=True)
    today, count = "", 0
    for record in found:
        count += 1
        local = record.at.astimezone(zone)
        if (day := _day(local)) != today:
            console.print(f"{'' if count == 1 else chr(10)}[bold]{day}[/]")
            today = day
        console.print(f"[bold]{local:%H:%M}[/]  {escape(_headline(record, zone))}")
        for passage, start_s in _shown(record, query):
            if passage.role is Role.STORY or words:
                console.print(_line(record, passage, start_s, zone))
            if words:
                console.print(f"            [dim]{escape(passage.spoken)}[/]")
    if not count:
        click.echo("Nothing aired that fits.", err=True)


def _line(record: BulletinRecord, passage: Passage, start_s: float | None, zone: ZoneInfo) -> str:
    when = f"{_on_air(record, start_s, zone):%H:%M:%S}" if start_s is not None else " " * 8
    who = ", ".join(dict.fromkeys(source.name for source in _sources(record, passage)))
    what = passage.title if passage.role is Role.STORY else f"({passage.role})"
    return f"  {when}  {escape(what)}{f'  [dim]{escape(who)}[/]' if who else ''}"


def _headline(record: BulletinRecord, zone: ZoneInfo) -> str:
    minutes, seconds = divmod(round(record.duration_s), 60)
    kinds = ", ".join(dict.fromkeys(str(made["kind"]) for made in record.renditions))
    kind = f"{record.level}" if record.level in _FRESH else f"stand-by ({record.level})"
    parts = [kind, f"{minutes}:{seconds:02}", f"{record.engine} {record.voice}", kinds]
    if record.corrects_id is not None:
        parts.insert(0, "correction")
    if record.withdrawn_at:
        parts.append(f"withdrawn {record.withdrawn_at.astimezone(zone):%d %b %H:%M}")
    return " · ".join(part for part in parts if part.strip())


def print_csv(found: Iterable[BulletinRecord], *, query: JournalQuery, name: str, zone: ZoneInfo) -> None:
    """One row for each passage, the station's own words too."""
    out = csv.writer(sys.stdout)
    out.writerow(_COLUMNS)
    for record in found:
        for passage in _passages(record, query, name=name, zone=zone):
            row = passage | {
                "sources": "; ".join(s["name"] for s in passage["sources"]),
                "links": " ".join(s["link"] for s in passage["sources"] if s["link"]),
                "files": " ".join(passage["files"]),
            }
            out.writerow([_harmless(str(row[column])) for column in _COLUMNS])


def _harmless(cell: str) -> str:
    """A spreadsheet runs what begins like a formula; a feed may have written it."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def print_json_log(
    found: Iterable[BulletinRecord], *, query: JournalQuery, name: str, zone: ZoneInfo
) -> None:
    """A list of bulletins, each with its passages."""
    click.echo("[", nl=False)
    for number, record in enumerate(found):
        passages = [
            {key: row[key] for key in ("on_air", "role", "story", "title", "words", "text", "sources")}
            for row in _passages(record, query, name=name, zone=zone)
        ]
        bulletin = {
            "station": record.station,
            "name": name,
            "slot": record.at.astimezone(zone).isoformat(),
            "title": record.title,
            "level": str(record.level),
            "made": record.made_at.astimezone(zone).isoformat(timespec="seconds"),
            "voice": f"{record.engine} {record.voice}",
            "renditions": [
                {key: round(value, 2) if isinstance(value, float) else value for key, value in made.items()}
                for made in record.renditions
            ],
            "withdrawn": _moment(record.withdrawn_at, zone),
            "id": record.id,
            "corrects": record.corrects_id,
            "passages": passages,
        }
        body = json.dumps(hide.json(bulletin), ensure_ascii=False, indent=1)
        click.echo(f"{',' if number else ''}\n{body}", nl=False)
    click.echo("\n]")


def _passages(
    record: BulletinRecord, query: JournalQuery, *, name: str, zone: ZoneInfo
) -> Iterator[dict[str, Any]]:
    for passage, start_s in _shown(record, query):
        yield {
            "on_air": "" if start_s is None else _on_air(record, start_s, zone).isoformat(timespec="seconds"),
            "slot": record.at.astimezone(zone).isoformat(timespec="minutes"),
            "station": name,
            "level": str(record.level),
            "bulletin": record.title,
            "role": str(passage.role),
            "story": passage.story_id,
            "title": passage.title,
            "words": passage.spoken,
            "text": passage.text,
            "sources": [_source(source) for source in _sources(record, passage)],
            "voice": f"{record.engine} {record.voice}",
            "files": [str(made["file"]) for made in record.renditions],
            "withdrawn": _moment(record.withdrawn_at, zone) or "",
            "corrects": "" if record.corrects_id is None else record.corrects_id,
        }


def _source(source: Source) -> dict[str, str]:
    return {"name": source.name, "feed": source.feed, "article": source.article_id, "link": source.link}


def _shown(record: BulletinRecord, query: JournalQuery) -> Iterator[tuple[Passage, float | None]]:
    """All that was read, or only what was asked for."""
    story, source = query.story.casefold(), query.source.casefold()
    texts: dict[str, str] = {}
    for passage in record.running_order:
        texts[passage.story_id] = f"{texts.get(passage.story_id, '')}\n{passage.title}\n{passage.text}"
    for number, passage in enumerate(record.running_order):
        names = [n for s in _sources(record, passage) for n in (s.credit, s.feed, s.link, s.article_id)]
        told = passage.story_id == query.story or story in texts[passage.story_id].casefold()
        is_wanted = not (story or source) or bool(passage.story_id)
        if is_wanted and told and (not source or any(source in name.casefold() for name in names)):
            # a correction is for those who listen later: it was not on air at its hour
            is_timed = record.corrects_id is None and number < len(record.starts_s)
            yield passage, record.starts_s[number] if is_timed else None


def _sources(record: BulletinRecord, passage: Passage) -> tuple[Source, ...]:
    """Of a passage those of its sentences; what is known of them stands beside the story."""
    own = {origin.article_id for sentence in passage.sentences for origin in sentence.origins}
    known = record.sources.get(passage.story_id, ()) if passage.story_id else ()
    return tuple(source for source in known if source.article_id in own) or known


def print_runs(runs: Sequence[RunRecord], *, zone: ZoneInfo, as_json: bool) -> None:
    """The last runs, newest first: how each ended, how long its stages took, what must be told."""
    if as_json:
        click.echo(json.dumps(hide.json([_run(run, zone) for run in runs]), ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False, soft_wrap=True)
    for run in runs:
        began = run.began_at.astimezone(zone)
        hour = f"for {run.at.astimezone(zone):%H:%M}" if run.at else ""
        colour = "red" if run.error else "green"
        took = f"{sum(run.timings.values()):.1f} s"
        console.print(
            f"[bold]{began:%d %b %H:%M:%S} {offset(began)}[/]  {hour}  [{colour}]{run.verdict}[/]  {took}"
        )
        for line in run.log:
            console.print(f"  [dim]{escape(line)}[/]")
        for line in (*run.notes, *run.error.splitlines()):
            console.print(f"  [yellow]{escape(line)}[/]")
    if not runs:
        click.echo("No run is remembered.", err=True)


def _run(run: RunRecord, zone: ZoneInfo) -> Mapping[str, Any]:
    return {
        "began": run.began_at.astimezone(zone).isoformat(timespec="seconds"),
        "slot": _moment(run.at, zone),
        "verdict": run.verdict,
        "error": run.error,
        "timings_s": dict(run.timings),
        "notes": list(run.notes),
        "log": list(run.log),
    }


def _on_air(record: BulletinRecord, start_s: float, zone: ZoneInfo) -> datetime:
    return (record.at + timedelta(seconds=start_s)).astimezone(zone)


def _moment(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None


def _day(local: datetime) -> str:
    return f"{local:%A} {local.day} {local:%B %Y} ({offset(local)})"


def offset(local: datetime) -> str:
    """ "+01:00"."""
    return local.isoformat()[-6:]
