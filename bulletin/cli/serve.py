"""`bulletin serve`: on air by the clock."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.cli.options import output_option


@click.command("serve")
@click.argument("stations", nargs=-1, metavar="[STATION]...")
@output_option
def command(stations: tuple[str, ...], output: Path) -> None:
    """
    Keep STATIONs on air by their clocks, until stopped.

    Every slot of the profile's [clock] has its bulletin in time: the work begins by itself as early as the
    last runs took, and whatever fails, a stand-by lies where the playout looks. One service keeps a station;
    a second one ends with exit code 75. SIGTERM and Ctrl-C stop it when what is being made is done, after
    20 seconds at most; a kill costs nothing but time: the next start goes on from the ledger.
    """
    import logging

    from bulletin.config.load import load_profile
    from bulletin.service.serve import serve

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    serve([load_profile(name) for name in stations or (None,)], output=output)
