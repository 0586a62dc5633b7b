"""`bulletin check`: every part checks itself and names the remedy."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bulletin.cli.shared_options import json_option, output_option, station_argument


@click.command("check")
@station_argument
@output_option
@click.option(
    "--offline",
    is_flag=True,
    help="Ask no feed, no place of [[deliveries]], no stream and no language model.",
)
@json_option
def command(station: str | None, output: Path, offline: bool, as_json: bool) -> None:
    """
    Let every part of STATION check itself: profile, words, jingles, voices, feeds, folders.

    The installation is tried: a small feed and page are read, each voice that needs no network says a sentence,
    a second is encoded in each format of the profile.

    What comes from the environment and is not set there is named, and all that does not need it is checked.
    Each place of [[deliveries]] is logged in to, and a small file written and deleted there.
    Exits 0 when a bulletin can be made and brought to its places (warnings allowed), else with the code of the
    first failure: 3 configuration, 5 no voice, 7 the folder or a delivery.
    """
    from datetime import UTC, datetime

    from bulletin.cli.output.json_output import print_json
    from bulletin.cli.output.text_output import print_findings
    from bulletin.config.load_profile import load_profile
    from bulletin.diagnostics.self_check import check_station
    from bulletin.model.findings import Verdict

    loaded = load_profile(station, only_looks=True)
    findings = check_station(loaded, output=output, now=datetime.now(UTC), asks=not offline)
    if as_json:
        rows = [{"part": f.part, "verdict": f.verdict.value, "message": f.message} for f in findings]
        print_json({"station": loaded.id, "findings": rows})
    else:
        print_findings(findings)
    failed = [finding for finding in findings if finding.verdict is Verdict.FAILURE]
    if failed:
        sys.exit(failed[0].exit_code or 1)
