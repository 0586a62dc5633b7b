"""`bulletin doctor URL`: a published station, as its clients see it."""

from __future__ import annotations

import sys

import click

from bulletin.cli.options import json_option

ILL = 1


@click.command("doctor")
@click.argument("url", metavar="URL")
@click.option("--private", is_flag=True, help="Allow an address of your own network, for trying out.")
@json_option
def command(url: str, private: bool, as_json: bool) -> None:
    """
    Check a published station from outside: URL is its feed, or its folder with a slash at the end.

    Asks as apps, directories and speakers do: rules of the feed, HEAD, lengths, ranges, types, transcripts,
    chapters, artwork, the sound of the newest episode, the speaker's limits, age against the clock.
    Exits 0 when nothing is wrong (warnings allowed), else 1.
    """
    from datetime import UTC, datetime

    from bulletin.cli.data import print_json
    from bulletin.doctor.examine import examine_station
    from bulletin.doctor.finding import Verdict
    from bulletin.told import counted

    if "://" not in url:
        raise click.BadParameter(
            f'"{url}" is no address; write where the station is published, "https://news.example/valley/"'
        )
    findings = examine_station(url, now=datetime.now(UTC), is_private=private)
    errors = [finding for finding in findings if finding.verdict is Verdict.ERROR]
    if as_json:
        rows = [{"part": f.part, "verdict": f.verdict.value, "message": f.message} for f in findings]
        print_json({"url": url, "healthy": not errors, "findings": rows})
    else:
        for finding in findings:
            # what a foreign feed says must not colour the terminal
            told = "".join(sign if sign.isprintable() else " " for sign in finding.message)
            click.echo(f"{finding.verdict.value:<8} {finding.part:<8} {told}")
        warnings = sum(finding.verdict is Verdict.WARNING for finding in findings)
        click.echo(f"{counted(len(errors), 'error')}, {counted(warnings, 'warning')}")
    if errors:
        sys.exit(ILL)
