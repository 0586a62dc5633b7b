"""`bulletin republish`: feeds and pages again, from the archive."""

from __future__ import annotations

import click

from bulletin.cli.output.print_delivery_results import end_change, send_now
from bulletin.cli.output.text_or_json_answer import StationCall
from bulletin.cli.shared_options import station_command
from bulletin.pipeline.changes.rewrite_feeds_after_rename import renew_outlets
from bulletin.pipeline.describe_stage_results import counted
from bulletin.station.build_station_object import claim_output, open_station


@click.command("republish")
@station_command()
def command(call: StationCall) -> None:
    """
    Rewrite STATION's feed and pages, old ones too: after a change of name, colour, address or words.

    They are written from the archive. Sound and transcripts stay as they aired, and so do their addresses.
    Run the command too when those files were edited or damaged. A second run changes nothing more.
    """
    claim_output(call.loaded, output=call.output)
    with open_station(call.loaded, output=call.output) as station:
        renewed = renew_outlets(station.outlets, station.sender, publishing=station.publishing())
        changed = {outlet.outlet: outlet.changed for outlet in renewed}
        sent = send_now(station.sender)
    lines = [
        f"{outlet}: {counted(files, 'file')} changed" if files else f"{outlet}: unchanged"
        for outlet, files in changed.items()
    ]
    data = {"station": call.id, "folder": str(station.folder), "changed": changed}
    end_change(data, [*lines, f"In {station.folder}/"], sent=sent, answer=call)
