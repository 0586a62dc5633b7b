"""`bulletin log`: what aired, and how the last runs went, as a page, as CSV and as JSON; written while it is read."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from bulletin.archive.ledgers.bulletin_run_history import JournalQuery, RunJournal
from bulletin.archive.record_dataclasses import BulletinRecord, RunRecord
from bulletin.cli.number_ranges import WholeNumber
from bulletin.cli.output.text_or_json_answer import StationCall, pick, print_json
from bulletin.cli.output.text_output import DIM, WARNED, show
from bulletin.cli.shared_options import Moment, MomentParam, all_option, in_zone, station_command
from bulletin.model import Passage, Role
from bulletin.newsroom.views.aired.as_run_log import (
    describe_bulletin,
    editors_of,
    passage_sources,
    shown_passages,
    write_csv,
    write_json,
)
from bulletin.station.open_archive import open_archive_of

_BULLETINS = 10
"""Bulletins shown without --all, the newest."""


@click.command("log")
@station_command(only_looks=True)
@click.option("--day", type=MomentParam(), help='Show this day, or "yesterday"; by default today.')
@click.option("--since", type=MomentParam(may_be_minute=True), help="First day or minute shown.")
@click.option("--until", type=MomentParam(may_be_minute=True), help="Last day or minute shown.")
@click.option("--story", metavar="WORDS|ID", default="", help="Show bulletins with this story, from any day.")
@click.option("--source", metavar="NAME", default="", help="Show stories of this source, from any day.")
@click.option("--words", is_flag=True, help="Print the words as spoken.")
@click.option("--replaced", is_flag=True, help="Also show spare bulletins (stand-bys) that were replaced.")
@all_option()
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, a row for each story, opening, closing ...")
@click.option("--runs", is_flag=True, help="Show how the last runs went, instead of what aired.")
@click.option(
    "--last", type=WholeNumber(1, 10_000), default=10, show_default=True, help="Runs to show with --runs."
)
def command(
    call: StationCall,
    words: bool,
    replaced: bool,
    everything: bool,
    as_csv: bool,
    runs: bool,
    last: int,
    **asked: Any,
) -> None:
    """
    Show what STATION aired: times, stories, sources. Times are local to the station.

    `--csv` and `--json` are the as-run log for a regulator: time on air, the words as spoken and as written,
    sources and links, files, fresh or stand-by, and later withdrawals.
    """
    if as_csv and (call.as_json or runs):
        raise click.UsageError("--csv cannot be combined with --json or --runs")
    zone, name = call.zone, call.loaded.profile.name
    query = _read_query(zone, **asked)
    with open_archive_of(call.loaded, output=call.output, only_to_read=True) as archive:
        journal = RunJournal(archive)
        if runs:
            print_runs(journal.runs(call.id, limit=last), zone=zone, as_json=call.as_json)
            return
        records = journal.aired(call.id, query, everything=replaced)
        if as_csv:
            print_csv(records, query=query, name=name, zone=zone)
        elif call.as_json:
            print_json_log(records, query=query, name=name, zone=zone)
        elif not call.quiet:
            shown = list(records)
            earlier = 0 if everything else max(0, len(shown) - _BULLETINS)
            if earlier:
                click.echo(f"... and {earlier} earlier bulletins; --all lists them")
            print_log(shown[earlier:], query=query, zone=zone, words=words)


def _read_query(
    zone: ZoneInfo, *, day: Moment | None, since: Moment | None, until: Moment | None, story: str, source: str
) -> JournalQuery:
    """Days are whole, also days of 23 and 25 hours; today, unless a story or source of all days is wanted."""
    if day is not None and not (since is until is None):
        raise click.UsageError("--day cannot be combined with --since or --until")
    if day is since is until is None and not (story or source):
        day = timedelta(0)
    if day is not None:
        since = until = day
    first = None if since is None else in_zone(since, zone)
    end = None if until is None else in_zone(until, zone)
    if end and (end.hour, end.minute) == (0, 0):
        end += timedelta(days=1)
    if first and end and end <= first:
        raise click.UsageError("--until is before --since; swap the two")
    span = {"since": first and first.astimezone(UTC), "until": end and end.astimezone(UTC)}
    return JournalQuery(**span, story=story, source=source)


def print_log(records: Iterable[BulletinRecord], *, query: JournalQuery, zone: ZoneInfo, words: bool) -> None:
    """A line for each bulletin, a line for each story in it."""
    today = ""
    for record in records:
        local = record.at.astimezone(zone)
        day = f"{local:%A} {local.day} {local:%B %Y} ({offset(local)})"
        if day != today:
            show((f"\n{day}" if today else day, "bold"))
            today = day
        show((f"{local:%H:%M}", "bold"), f"  {describe_bulletin(record, zone)}")
        for passage, start_s in shown_passages(record, query):
            if passage.role is Role.STORY or words:
                _print_passage(record, passage, start_s, zone)
            if words:
                show((f"            {passage.spoken}", DIM))
    if not today:
        click.echo("No entries match.", err=True)


def _print_passage(record: BulletinRecord, passage: Passage, start_s: float | None, zone: ZoneInfo) -> None:
    when = (
        " " * 8
        if start_s is None
        else f"{(record.at + timedelta(seconds=start_s)).astimezone(zone):%H:%M:%S}"
    )
    sources = ", ".join(dict.fromkeys(source.name for source in passage_sources(record, passage)))
    title = passage.title if passage.role is Role.STORY else f"({passage.role})"
    edited = f"  edited by {', '.join(editors)}" if (editors := editors_of(passage)) else ""
    show(f"  {when}  {title}", (f"  {sources}" if sources else "", DIM), edited)


def print_csv(records: Iterable[BulletinRecord], *, query: JournalQuery, name: str, zone: ZoneInfo) -> None:
    """One row for each passage, the station's own words too."""
    for lines in write_csv(records, query=query, name=name, zone=zone):
        sys.stdout.write(lines)


def print_json_log(
    records: Iterable[BulletinRecord], *, query: JournalQuery, name: str, zone: ZoneInfo
) -> None:
    """A list of bulletins, each with its passages."""
    for part in write_json(records, query=query, name=name, zone=zone):
        click.echo(part, nl=False)


def print_runs(runs: Sequence[RunRecord], *, zone: ZoneInfo, as_json: bool) -> None:
    """Print the last runs, newest first: result, duration, log, notes and error."""
    if as_json:
        keys = {"began": "began_at", "slot": "at", "timings_s": "timings"}
        print_json([pick(run, "verdict", "error", "notes", "log", zone=zone, **keys) for run in runs])
        return
    for run in runs:
        began = run.began_at.astimezone(zone)
        hour = f"for {run.at.astimezone(zone):%H:%M}" if run.at else ""
        colour = "red" if run.error else "green"
        took = f"{sum(run.timings.values()):.1f} s"
        show(
            (f"{began:%d %b %H:%M:%S} {offset(began)}", "bold"),
            f"  {hour}  ",
            (run.verdict, colour),
            f"  {took}",
        )
        for line in run.log:
            show((f"  {line}", DIM))
        for line in (*run.notes, *run.error.splitlines()):
            show((f"  {line}", WARNED))
    if not runs:
        click.echo("No run is recorded yet.", err=True)


def offset(local: datetime) -> str:
    """ "+01:00"."""
    return local.isoformat()[-6:]
