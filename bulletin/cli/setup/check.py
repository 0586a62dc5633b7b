"""`bulletin check`: a self-check of every part, with remedies."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bulletin.cli.output.answer import Answer
from bulletin.cli.shared_options import answer_options, output_option, station_argument


@click.command("check")
@station_argument
@output_option
@click.option("--offline", is_flag=True, help="Use no network: no feeds, deliveries, stream, language model.")
@answer_options
def command(station: str | None, output: Path, offline: bool, answer: Answer) -> None:
    """
    Check every part of STATION: profile, words, jingles, voices, feeds, folders.

    The installation is tried: a small feed and page are read, each offline voice says a sentence, and a second
    of sound is encoded in each format of the profile.

    Environment variables that are not set are named; parts that do not need them are checked. For each of
    [[deliveries]] it logs in, then writes and deletes a small file.
    Exits 0 when a bulletin can be made and delivered (warnings allowed), else with the code of the first
    failure: 3 configuration, 5 no voice, 7 the folder or a delivery.
    """
    from datetime import UTC, datetime

    from bulletin.cli.output.json_output import print_json
    from bulletin.cli.output.text_output import print_findings
    from bulletin.config.load_profile import load_profile
    from bulletin.diagnostics.self_check import check_station
    from bulletin.model.findings import Verdict

    loaded = load_profile(station, only_looks=True)
    findings = check_station(loaded, output=output, now=datetime.now(UTC), asks=not offline)
    if answer.as_json:
        rows = [{"part": f.part, "verdict": f.verdict.value, "message": f.message} for f in findings]
        print_json({"station": loaded.id, "findings": rows})
    elif not answer.quiet:
        print_findings(findings)
    failed = [finding for finding in findings if finding.verdict is Verdict.FAILURE]
    if failed:
        sys.exit(failed[0].exit_code or 1)
