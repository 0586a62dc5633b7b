"""`bulletin republish`: feeds and pages again, from what is kept."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.cli.shared_options import output_option, station_argument


@click.command("republish")
@station_argument
@output_option
def command(station: str | None, output: Path) -> None:
    """
    Write STATION's feed and pages again, old ones too: after another name, colour, address or words.

    From the archive and from what lies beside the pages. Sound and transcripts stay as they aired, and so do
    their addresses. Also the remedy where somebody has edited or damaged those files. Asking twice changes nothing.
    """
    from bulletin.cli.running.outbox import DELIVERIES_WITHIN_S, exit_if_undelivered, tell_sent
    from bulletin.config.load_profile import load_profile
    from bulletin.pipeline.changes.republish import renew_station
    from bulletin.station.station import claim_output, open_station

    loaded = load_profile(station)
    claim_output(loaded, output=output)
    with open_station(loaded, output=output) as built:
        for one in renew_station(built):
            files = "file" if one.changed == 1 else "files"
            click.echo(
                f"{one.outlet}: {one.changed} {files} changed" if one.changed else f"{one.outlet}: as it was"
            )
        sent = built.sender.send(within_s=DELIVERIES_WITHIN_S)
        for line in tell_sent(sent):
            click.echo(line)
        click.echo(f"In {built.folder}/")
    exit_if_undelivered(sent)
