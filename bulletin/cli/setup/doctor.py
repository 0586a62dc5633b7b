"""`bulletin doctor URL`: a published station as its clients see it, or a folder before it is published."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import click

from bulletin.cli.output.text_or_json_answer import Answer
from bulletin.cli.shared_options import answer_options
from bulletin.errors import BulletinError
from bulletin.model.diagnostic_findings import Finding, Verdict
from bulletin.pipeline.describe_stage_results import counted
from bulletin.runtime.redact_secrets import one_line

_VERDICTS = {"ok": "good", "warning": "warning", "failure": "error"}
"""Words of this command, in its text and in its JSON."""


@click.command("doctor")
@click.argument("target", metavar="URL|FOLDER")
@click.option("--as", "as_url", metavar="URL", help="Check FOLDER as if published at this address, offline.")
@click.option("--private", is_flag=True, help="Allow an address of your own network, for tests.")
@answer_options
def command(target: str, as_url: str | None, private: bool, answer: Answer) -> None:
    """
    Check a published station from outside: URL is its feed, or its folder with a slash at the end.

    Sends the requests of apps, directories and speakers, and checks feed, HEAD, lengths, ranges, types,
    transcripts, chapters, artwork, the sound of the newest episode, latest.mp3, the speaker's files and limits,
    the listener page and its parts, their agreement, and age. FOLDER with --as URL is checked before it is
    published. Exits 0 without errors (warnings allowed), else 1.
    """
    findings = _examine(target, as_url, private=private, now=datetime.now(UTC))
    errors = [finding for finding in findings if finding.verdict is Verdict.FAILURE]
    rows = [{"part": f.part, "verdict": _VERDICTS[f.verdict], "message": f.message} for f in findings]
    # control characters of a foreign feed must not reach the terminal
    lines = [one_line(f"{row['verdict']:<8} {row['part']:<8} {row['message']}") for row in rows]
    warnings = sum(finding.verdict is Verdict.WARNING for finding in findings)
    lines.append(f"{counted(len(errors), 'error')}, {counted(warnings, 'warning')}")
    answer.print({"url": as_url or target, "healthy": not errors, "findings": rows}, lines)
    if errors:
        sys.exit(1)


def _examine(target: str, as_url: str | None, *, private: bool, now: datetime) -> tuple[Finding, ...]:
    from bulletin.diagnostics.remote.check_published_station import check_published_station, examine_site
    from bulletin.diagnostics.remote.fetch_published_files import Unpublished

    if as_url is None:
        if "://" not in target:
            folder_remedy = 'is a folder on this computer; add the web address at which it will be published: --as "https://news.example/valley/"'
            remedy = 'is not a valid address; write the address of the published station, "https://news.example/valley/"'
            raise BulletinError(f'"{target}" {folder_remedy if Path(target).is_dir() else remedy}')
        return check_published_station(target, now=now, is_private=private)
    folder, parts = Path(target), urlsplit(as_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise click.BadParameter(
            f'"{as_url}" is not a valid address of a folder; write "https://news.example/valley/"',
            param_hint="--as",
        )
    if not folder.is_dir():
        raise BulletinError(f'"{target}" is not a folder; name the folder to be published at {as_url}')
    is_file = "." in parts.path.rpartition("/")[2]
    url = urljoin(as_url, "./") if is_file else as_url.rstrip("/") + "/"
    return examine_site(Unpublished(folder, url), url, now=now)
