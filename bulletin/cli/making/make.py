"""`bulletin make`: one bulletin on demand."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bulletin.cli.shared_options import (
    again_option,
    at_option,
    json_option,
    length_option,
    mood_option,
    output_option,
    quiet_option,
    station_argument,
    voice_option,
)

if TYPE_CHECKING:
    from bulletin.delivery.delivery_result import DeliveryResult
    from bulletin.delivery.sender import Sender
    from bulletin.pipeline.stage_timer import Listener


@click.command("make")
@station_argument
@output_option
@length_option
@voice_option
@at_option
@again_option
@mood_option
@click.option("--dry-run", is_flag=True, help="Print the words, make no audio: `bulletin script`.")
@json_option
@quiet_option
@click.pass_context
def command(
    ctx: click.Context,
    station: str | None,
    output: Path,
    length_s: float | None,
    voice: str | None,
    at: str | None,
    again: bool,
    mood: str | None,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """
    Make a bulletin for STATION now, and publish it.

    \b
    Exit codes: 0 a new bulletin, 3 bad configuration, 4 no story (the last
    bulletin stays), 5 no voice, 6 sound, 7 publishing, here (also where an
    outlet keeps a newer bulletin) or by one of [[deliveries]] (which is
    retried), 8 archive, 9 quality check failed (the last bulletin stays).
    """
    if dry_run:
        from bulletin.cli.making.script import command as script

        names = ("station", "output", "length_s", "voice", "at", "again", "mood", "as_json")
        ctx.invoke(script, **{name: ctx.params[name] for name in names})
        return

    from datetime import UTC, datetime

    from bulletin.archive.sealed_kill_list import LOOK_THROUGH
    from bulletin.cli.output.deliveries import send_now, sent_data, undelivered_code
    from bulletin.cli.output.json_output import as_data
    from bulletin.config.doubtful_options import INVENTED
    from bulletin.config.load_profile import load_profile
    from bulletin.errors import BulletinError, OutletError
    from bulletin.pipeline import stage_summaries
    from bulletin.pipeline.changes.file_retention import copy_daily
    from bulletin.pipeline.make_bulletin import make_bulletin
    from bulletin.pipeline.slot_profile import due_between, overrides_by_hand
    from bulletin.schedule.air_time import air_time
    from bulletin.station.station import claim_output, open_station, overrides_from

    is_silent = quiet or as_json
    loaded = load_profile(station)
    now = datetime.now(UTC)
    if at:
        due = air_time(now, zone=loaded.profile.time_zone, at=at)
    else:
        due = due_between(loaded, output=output, now=now)
    overrides = overrides_from(loaded.profile, length_s=length_s, voice=voice, mood=mood)
    overrides |= overrides_by_hand(loaded, due=due)
    with (
        open_station(loaded, output=output, overrides=overrides) as built,
        _listener(is_silent=is_silent) as listener,
    ):
        if doubt := built.archive.doubt:
            click.echo(f"The kill list may be incomplete: {doubt}; {LOOK_THROUGH}", err=True)
        claim_output(loaded, output=output)  # only now, so that a wrong option leaves no folder
        try:
            run = make_bulletin(built, now=now, due=due, again=again, listener=listener)
        except BulletinError:
            _send_rest(built.sender)
            raise
        data = as_data(built, run)
        if loaded.profile.invented_news:
            data["notes"].insert(0, INVENTED)
        sent = send_now(built.sender)
        copy_daily(built.archive, now=now)
        kept_back = stage_summaries.describe_kept_back(run.episodes)
        code = OutletError.exit_code if kept_back else undelivered_code(sent)
        data |= {"deliveries": sent_data(sent), "exit_code": code, "kill_list_doubt": doubt}
    _print_and_exit(data, sent, kept_back, as_json=as_json, quiet=quiet)


def _print_and_exit(
    data: dict[str, Any],
    sent: Sequence[DeliveryResult],
    kept_back: Sequence[str],
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """Print the bulletin and its deliveries. Raises OutletError when an outlet kept a newer bulletin."""
    from bulletin.cli.output.deliveries import exit_if_undelivered
    from bulletin.cli.output.json_output import print_json
    from bulletin.cli.output.text_output import print_run
    from bulletin.errors import OutletError

    if as_json:
        print_json(data)
        sys.exit(data["exit_code"])
    if not quiet:
        print_run(data)
    _print_sent(sent)
    if kept_back:
        raise OutletError("\n".join(kept_back))
    exit_if_undelivered(sent)


def _send_rest(sender: Sender) -> None:
    """Send what waits from earlier bulletins although none was made; the error follows."""
    from bulletin.cli.output.deliveries import send_now
    from bulletin.errors import BulletinError

    with suppress(BulletinError):
        _print_sent(send_now(sender), is_aside=True)


def _print_sent(sent: Iterable[DeliveryResult], *, is_aside: bool = False) -> None:
    from bulletin.cli.output.deliveries import sent_lines

    for line in sent_lines(sent):
        click.echo(line, err=is_aside or line.startswith("not "))


def _listener(*, is_silent: bool) -> AbstractContextManager[Listener]:
    """Progress on the terminal; a silent run, as a scheduler's, does not import rich."""
    if is_silent:
        from bulletin.pipeline.stage_timer import SilentListener

        return nullcontext(SilentListener())
    from bulletin.cli.output.progress import terminal_listener

    return terminal_listener(is_silent=False)
