"""`bulletin republish`: feeds and pages again, from the archive."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.cli.output.answer import Answer
from bulletin.cli.shared_options import answer_options, output_option, station_argument


@click.command("republish")
@station_argument
@output_option
@answer_options
def command(station: str | None, output: Path, answer: Answer) -> None:
    """
    Rewrite STATION's feed and pages, old ones too: after another name, colour, address or words.

    They are written from the archive. Sound and transcripts stay as they aired, and so do their addresses.
    Also the remedy when those files were edited or damaged. Running it twice changes nothing more.
    """
    from bulletin.cli.output.deliveries import end_change, send_now
    from bulletin.config.load_profile import load_profile
    from bulletin.pipeline.changes.republish import renew_station
    from bulletin.pipeline.stage_summaries import counted
    from bulletin.station.station import claim_output, open_station

    loaded = load_profile(station)
    claim_output(loaded, output=output)
    with open_station(loaded, output=output) as built:
        changed = {renewed.outlet: renewed.changed for renewed in renew_station(built)}
        sent = send_now(built.sender)
        folder = built.folder
    lines = [
        f"{outlet}: {counted(files, 'file')} changed" if files else f"{outlet}: unchanged"
        for outlet, files in changed.items()
    ]
    data = {"station": loaded.id, "folder": str(folder), "changed": changed}
    end_change(data, [*lines, f"In {folder}/"], sent=sent, answer=answer)
