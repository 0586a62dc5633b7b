"""`bulletin check`: a self-check of every part, with remedies."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from bulletin.cli.output.text_or_json_answer import StationCall, pick, print_json
from bulletin.cli.shared_options import station_command
from bulletin.model.diagnostic_findings import Verdict


@click.command("check")
@station_command(only_looks=True)
@click.option("--offline", is_flag=True, help="Use no network: no feeds, deliveries, stream, language model.")
def command(call: StationCall, offline: bool) -> None:
    """
    Check every part of STATION: profile, words, jingles, voices, feeds, folders.

    The installation is tried: a small feed and page are read, each offline voice says a sentence, and a second
    of sound is encoded in each format of the profile.

    Environment variables that are not set are named; parts that do not need them are checked. For each of
    [[deliveries]] it logs in, then writes and deletes a small file.
    Exits 0 when a bulletin can be made and delivered (warnings allowed), else with the code of the first
    failure: 3 configuration, 5 no voice, 7 the folder or a delivery.
    """
    from bulletin.cli.output.text_output import print_findings
    from bulletin.diagnostics.run_station_self_checks import check_station

    findings = check_station(call.loaded, output=call.output, now=datetime.now(UTC), asks=not offline)
    if call.as_json:
        rows = [pick(finding, "part", "verdict", "message") for finding in findings]
        print_json({"station": call.id, "findings": rows})
    elif not call.quiet:
        print_findings(findings)
    failed = [finding for finding in findings if finding.verdict is Verdict.FAILURE]
    if failed:
        sys.exit(failed[0].exit_code or 1)
