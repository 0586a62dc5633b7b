"""`bulletin log`: what aired, and how the last runs went."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bulletin.cli.shared_options import MomentParam, json_option, output_option, station_argument


@click.command("log")
@station_argument
@output_option
@click.option("--day", type=MomentParam(), help="Show this day; by default today.")
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
@json_option
@click.option("--runs", is_flag=True, help="Show how the last runs went, instead of what aired.")
@click.option(
    "--last", type=click.IntRange(1, 10_000), default=10, show_default=True, help="Number of runs shown."
)
def command(
    station: str | None,
    output: Path,
    day: datetime | None,
    since: datetime | None,
    until: datetime | None,
    story: str,
    source: str,
    words: bool,
    everything: bool,
    as_csv: bool,
    as_json: bool,
    runs: bool,
    last: int,
) -> None:
    """
    Show what STATION aired: times, stories, sources. Times are local to the station.

    `--csv` and `--json` are the as-run log for a regulator: time on air, the words as spoken and as written,
    sources and links, files, fresh or stand-by, and later withdrawals.
    """
    from bulletin.archive.ledgers.run_journal import JournalQuery, RunJournal
    from bulletin.cli.output.log_page import print_csv, print_json_log, print_log, print_runs
    from bulletin.config.load_profile import load_profile
    from bulletin.station.station import open_archive

    if as_csv and (as_json or runs):
        raise click.UsageError("--csv goes with neither --json nor --runs")
    loaded = load_profile(station, only_looks=True)
    zone = ZoneInfo(loaded.profile.time_zone)
    first, end = _span(day, since, until, zone, is_open=bool(story or source))
    query = JournalQuery(since=first, until=end, story=story, source=source)
    with open_archive(output, only_to_read=True) as archive:
        journal = RunJournal(archive)
        if runs:
            print_runs(journal.runs(loaded.id, limit=last), zone=zone, as_json=as_json)
            return
        records = journal.aired(loaded.id, query, everything=everything)
        if as_csv:
            print_csv(records, query=query, name=loaded.profile.name, zone=zone)
        elif as_json:
            print_json_log(records, query=query, name=loaded.profile.name, zone=zone)
        else:
            print_log(records, query=query, zone=zone, words=words)


def _span(
    day: datetime | None, since: datetime | None, until: datetime | None, zone: ZoneInfo, *, is_open: bool
) -> tuple[datetime | None, datetime | None]:
    """The first moment and the one after the last, UTC. Days are whole, also days of 23 and 25 hours."""
    if day and (since or until):
        raise click.UsageError("--day goes with neither --since nor --until")
    if not (day or since or until) and not is_open:
        day = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if day:
        since = until = day
    if until and (until.hour, until.minute) == (0, 0):
        until += timedelta(days=1)
    first = since.replace(tzinfo=zone).astimezone(UTC) if since else None
    end = until.replace(tzinfo=zone).astimezone(UTC) if until else None
    if first and end and end <= first:
        raise click.UsageError("--until is before --since")
    return first, end
