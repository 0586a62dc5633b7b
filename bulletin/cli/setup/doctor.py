"""`bulletin doctor URL`: a published station, as its clients see it; or a folder that is to be one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import click

from bulletin.cli.shared_options import json_option

if TYPE_CHECKING:
    from datetime import datetime

    from bulletin.model.findings import Finding

ILL = 1
_VERDICTS = {"ok": "good", "warning": "warning", "failure": "error"}
"""Words of this command, in its text and in its JSON."""


@click.command("doctor")
@click.argument("place", metavar="URL|FOLDER")
@click.option(
    "--as", "as_url", metavar="URL", help="Where FOLDER is going to stand; nothing is asked of the network."
)
@click.option("--private", is_flag=True, help="Allow an address of your own network, for trying out.")
@json_option
def command(place: str, as_url: str | None, private: bool, as_json: bool) -> None:
    """
    Check a published station from outside: URL is its feed, or its folder with a slash at the end.

    Asks as apps, directories and speakers do: rules of the feed, HEAD, lengths, ranges, types, transcripts,
    chapters, artwork, the sound of the newest episode, latest.mp3, the speaker's files and limits, the listener
    page and all that it loads, whether they agree, age against the clock. FOLDER with --as URL is examined
    before it is published, as if it stood there. Exits 0 when nothing is wrong (warnings allowed), else 1.
    """
    from datetime import UTC, datetime

    from bulletin.cli.output.json_output import print_json
    from bulletin.model.findings import Verdict
    from bulletin.pipeline.stage_summaries import counted

    findings = _examine(place, as_url, private=private, now=datetime.now(UTC))
    errors = [finding for finding in findings if finding.verdict is Verdict.FAILURE]
    if as_json:
        rows = [{"part": f.part, "verdict": _VERDICTS[f.verdict], "message": f.message} for f in findings]
        print_json({"url": as_url or place, "healthy": not errors, "findings": rows})
    else:
        for finding in findings:
            # what a foreign feed says must not colour the terminal
            told = "".join(sign if sign.isprintable() else " " for sign in finding.message)
            click.echo(f"{_VERDICTS[finding.verdict]:<8} {finding.part:<8} {told}")
        warnings = sum(finding.verdict is Verdict.WARNING for finding in findings)
        click.echo(f"{counted(len(errors), 'error')}, {counted(warnings, 'warning')}")
    if errors:
        sys.exit(ILL)


def _examine(place: str, as_url: str | None, *, private: bool, now: datetime) -> tuple[Finding, ...]:
    from bulletin.diagnostics.remote.examine_station import examine_site, examine_station
    from bulletin.diagnostics.remote.local_folder import Unpublished

    if as_url is None:
        if "://" not in place:
            raise click.BadParameter(_no_address(place))
        return examine_station(place, now=now, is_private=private)
    folder, parts = Path(place), urlsplit(as_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise click.BadParameter(
            f'"{as_url}" is no address of a folder; write "https://news.example/valley/"', param_hint="--as"
        )
    if not folder.is_dir():
        raise click.BadParameter(f'"{place}" is no folder; name the one that is to stand at {as_url}')
    is_file = "." in parts.path.rpartition("/")[2]
    url = urljoin(as_url, "./") if is_file else as_url.rstrip("/") + "/"
    return examine_site(Unpublished(folder, url), url, now=now)


def _no_address(place: str) -> str:
    if Path(place).is_dir():
        return f'"{place}" is a folder; say where it is going to stand: --as "https://news.example/valley/"'
    return f'"{place}" is no address; write where the station is published, "https://news.example/valley/"'
