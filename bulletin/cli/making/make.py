"""`bulletin make`: one bulletin on demand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from bulletin.archive.kill_list_safety_copy import LOOK_THROUGH
from bulletin.cli.making.script import print_draft
from bulletin.cli.output.json_output import NAMES, as_data
from bulletin.cli.output.print_delivery_results import end_change, print_sent, send_now
from bulletin.cli.output.text_or_json_answer import StationCall
from bulletin.cli.output.text_output import print_run
from bulletin.cli.shared_options import bulletin_options, station_command
from bulletin.config.find_doubtful_options import INVENTED
from bulletin.errors import BulletinError, OutletError
from bulletin.pipeline.changes.delete_old_files import copy_daily
from bulletin.pipeline.describe_stage_results import describe_kept_back
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.pipeline.slot_profile_overrides import due_between, overrides_by_hand
from bulletin.pipeline.stage_timer import SILENT, Listener
from bulletin.schedule.announced_time import air_time
from bulletin.station.build_station_object import claim_output, open_station, overrides_from


@click.command("make")
@station_command()
@bulletin_options
@click.option("--dry-run", is_flag=True, help="Print the words and make no audio, as `bulletin script` does.")
def command(call: StationCall, at: str | None, again: bool, dry_run: bool, **changes: Any) -> None:
    """
    Make a bulletin for STATION now, and publish it.

    \b
    Exit codes: 0 a new bulletin, 3 bad configuration, 4 no story (the last
    bulletin stays), 5 no voice, 6 sound, 7 publishing, here (also where an
    outlet keeps a newer bulletin) or by one of [[deliveries]] (which is
    retried), 8 archive, 9 quality check failed (the last bulletin stays).
    """
    if dry_run:
        print_draft(call, at=at, again=again, **changes)
        return
    loaded, output, now = call.loaded, call.output, datetime.now(UTC)
    asked = air_time(now, zone=loaded.profile.time_zone, at=at) if at else None
    due = asked or due_between(loaded, output=output, now=now)
    overrides = overrides_from(loaded.profile, **changes) | overrides_by_hand(loaded, due=due)
    with (
        open_station(loaded, output=output, overrides=overrides) as station,
        terminal_listener(is_silent=not call.is_text) as listener,
    ):
        if doubt := station.archive.doubt:
            click.echo(f"The kill list may be incomplete: {doubt}; {LOOK_THROUGH}", err=True)
        claim_output(loaded, output=output)  # only now, so that a wrong option leaves no folder
        try:
            run = make_bulletin(station, now=now, due=due, again=again, listener=listener)
        except BulletinError:
            with suppress(BulletinError):  # send what waits from earlier bulletins; the error follows
                print_sent(send_now(station.sender), answer=call, is_aside=True)
            raise
        data = as_data(run)
        if loaded.profile.invented_news:
            data["notes"].insert(0, INVENTED)
        sent = send_now(station.sender)
        copy_daily(station.archive, now=now)
    kept_back = "\n".join(describe_kept_back(run.episodes))
    if call.is_text:
        print_run(data)
    end_change(
        data | {"kill_list_doubt": doubt},
        (),
        sent=sent,
        failure=OutletError(kept_back) if kept_back else None,
        answer=call,
    )


class TerminalListener(Listener):
    """Progress on standard error: bars on a terminal, one line a stage elsewhere."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task, self._name = TaskID(0), ""

    def begin(self, stage: str) -> None:
        self._task = self._progress.add_task(NAMES[stage], total=None)
        self._name = NAMES[stage]

    def progress(self, done: int, total: int, what: str) -> None:
        counted = f"{done} of {total}  " if total else ""
        description = f"{self._name:<8} {counted}{escape(what)}"
        self._progress.update(self._task, completed=done, total=total or None, description=description)

    def end(self, stage: str, seconds: float, summary: str) -> None:
        self._progress.remove_task(self._task)
        self._progress.console.print(f"{self._name:<9}[dim]{seconds:6.2f} s[/]  {escape(summary)}")


@contextmanager
def terminal_listener(*, is_silent: bool) -> Iterator[Listener]:
    """Progress on the terminal; none when `is_silent`."""
    if is_silent:
        yield SILENT
        return
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    columns = (
        SpinnerColumn(),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield TerminalListener(progress)
