"""`bulletin log`: what aired, and how the last runs went."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click

from bulletin.archive.ledgers.run_journal import JournalQuery, RunJournal
from bulletin.cli.output.answer import StationCall
from bulletin.cli.output.log_page import print_csv, print_json_log, print_log, print_runs
from bulletin.cli.shared_options import Moment, MomentParam, in_zone, station_command
from bulletin.station.station import open_archive


@click.command("log")
@station_command(only_looks=True)
@click.option("--day", type=MomentParam(), help='Show this day, or "yesterday"; by default today.')
@click.option("--since", type=MomentParam(may_be_minute=True), help="Show from this day or minute on.")
@click.option(
    "--until", type=MomentParam(may_be_minute=True), help="Show up to the end of this day, or this minute."
)
@click.option("--story", metavar="WORDS|ID", default="", help="Only bulletins with this story, of all days.")
@click.option("--source", metavar="NAME", default="", help="Only stories from this source, of all days.")
@click.option("--words", is_flag=True, help="Print the words as spoken.")
@click.option(
    "--all", "everything", is_flag=True, help="Also stand-bys that were replaced before they aired."
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, a row for each passage.")
@click.option("--runs", is_flag=True, help="Show how the last runs went, instead of what aired.")
@click.option(
    "--last", type=click.IntRange(1, 10_000), default=10, show_default=True, help="Number of runs shown."
)
def command(
    call: StationCall,
    day: Moment | None,
    since: Moment | None,
    until: Moment | None,
    story: str,
    source: str,
    words: bool,
    everything: bool,
    as_csv: bool,
    runs: bool,
    last: int,
) -> None:
    """
    Show what STATION aired: times, stories, sources. Times are local to the station.

    `--csv` and `--json` are the as-run log for a regulator: time on air, the words as spoken and as written,
    sources and links, files, fresh or stand-by, and later withdrawals.
    """
    if as_csv and (call.as_json or runs):
        raise click.UsageError("--csv goes with neither --json nor --runs")
    zone, name = call.zone, call.loaded.profile.name
    first, end = _span(day, since, until, zone, is_open=bool(story or source))
    query = JournalQuery(since=first, until=end, story=story, source=source)
    with open_archive(call.output, only_to_read=True) as archive:
        journal = RunJournal(archive)
        if runs:
            print_runs(journal.runs(call.id, limit=last), zone=zone, as_json=call.as_json)
            return
        records = journal.aired(call.id, query, everything=everything)
        if as_csv:
            print_csv(records, query=query, name=name, zone=zone)
        elif call.as_json:
            print_json_log(records, query=query, name=name, zone=zone)
        elif not call.quiet:
            print_log(records, query=query, zone=zone, words=words)


def _span(
    day: Moment | None, since: Moment | None, until: Moment | None, zone: ZoneInfo, *, is_open: bool
) -> tuple[datetime | None, datetime | None]:
    """The first moment and the one after the last, UTC. Days are whole, also days of 23 and 25 hours."""
    is_day = day is not None
    if is_day and not (since is until is None):
        raise click.UsageError("--day goes with neither --since nor --until")
    if not is_day and since is until is None and not is_open:
        day = timedelta(0)
    if day is not None:
        since = until = day
    first = None if since is None else in_zone(since, zone)
    end = None if until is None else in_zone(until, zone)
    if end and (end.hour, end.minute) == (0, 0):
        end += timedelta(days=1)
    if first and end and end <= first:
        raise click.UsageError("--until is before --since")
    return first and first.astimezone(UTC), end and end.astimezone(UTC)
