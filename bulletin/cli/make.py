"""`bulletin make`: one bulletin on demand."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulletin.cli.options import (
    json_option,
    mood_option,
    output_option,
    parse_at,
    parse_length,
    quiet_option,
    station_argument,
)

if TYPE_CHECKING:
    from bulletin.watch import Listener


@click.command("make")
@station_argument
@output_option
@click.option(
    "--length", "length_s", callback=parse_length, metavar="M:SS", help="In place of the profile's length."
)
@click.option("--voice", metavar="NAME", help='Only this voice: "hibari", "gtts:co.uk", "bf_emma".')
@click.option("--at", callback=parse_at, metavar="HH:MM", help="The hour that the time check names.")
@click.option("--again", is_flag=True, help="Treat stories that have aired as new.")
@mood_option
@json_option
@quiet_option
def command(
    station: str | None,
    output: Path,
    length_s: float | None,
    voice: str | None,
    at: str | None,
    again: bool,
    mood: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """
    Make a bulletin for STATION now, and publish it.

    \b
    Exit codes: 0 a new bulletin, 3 bad configuration, 4 no story (the last
    bulletin stays), 5 no voice, 6 sound, 7 publishing, 8 archive, 9 not fit to
    go out (the last bulletin stays).
    """
    from datetime import UTC, datetime

    from bulletin.airtime import air_time
    from bulletin.cli.data import as_data, print_json
    from bulletin.cli.outbox import DELIVERIES_WITHIN_S, tell_sent
    from bulletin.config.doubts import INVENTED
    from bulletin.config.load import load_profile
    from bulletin.pipeline import make_bulletin
    from bulletin.service.calendar import due_now
    from bulletin.service.wanted import overrides_by_hand
    from bulletin.station import claim_output, open_station, overrides_from

    is_silent = quiet or as_json
    loaded = load_profile(station)
    now = datetime.now(UTC)
    due = air_time(now, zone=loaded.profile.time_zone, at=at) if at else due_now(loaded, now=now)
    overrides = overrides_from(loaded.profile, length_s=length_s, voice=voice, mood=mood)
    overrides |= overrides_by_hand(loaded, due=due)
    with (
        open_station(loaded, output=output, overrides=overrides) as built,
        _listener(is_silent=is_silent) as listener,
    ):
        claim_output(loaded, output=output)  # not before the parts are there: a wrong option leaves nothing
        run = make_bulletin(built, now=now, due=due, again=again, listener=listener)
        data = as_data(built, run)
        if loaded.profile.invented_news:
            data["notes"].insert(0, INVENTED)
        sent = built.sender.send(within_s=DELIVERIES_WITHIN_S)
        data["deliveries"] = list(tell_sent(sent))
    if as_json:
        print_json(data)
    else:
        if not quiet:
            from bulletin.cli.pages import print_run

            print_run(data)
        for line in data["deliveries"]:
            click.echo(line, err=line.startswith("not "))


def _listener(*, is_silent: bool) -> AbstractContextManager[Listener]:
    """A scheduler's run, which nobody watches, does without rich."""
    if is_silent:
        from bulletin.watch import Silent

        return nullcontext(Silent())
    from bulletin.cli.progress import terminal_listener

    return terminal_listener(is_silent=False)
