"""`bulletin check`: a self-check of every part, with remedies."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from bulletin.cli.output.text_or_json_answer import Answer, cut_list, pick, print_json
from bulletin.cli.shared_options import answer_options, folder_option, output_option, station_argument
from bulletin.config.load_profile import load_profile
from bulletin.model.diagnostic_findings import Finding, Verdict


@click.command("check")
@station_argument
@output_option
@answer_options
@click.option("--offline", is_flag=True, help="Use no network: no feeds, deliveries, stream, language model.")
@click.option("--language", metavar="TAG", help="Grade this language instead of a station: de, pt-BR.")
@folder_option("--languages", help="Folder with languages of your own, for --language.")
def command(
    station: str | None,
    output: Path,
    answer: Answer,
    offline: bool,
    language: str | None,
    languages: Path | None,
) -> None:
    """
    Check every part of STATION: profile, words, jingles, voices, feeds, folders.

    The installation is tried: a small feed and page are read, each offline voice says a sentence, and a second
    of sound is encoded in each format of the profile.

    Environment variables that are not set are named; parts that do not need them are checked. For each of
    [[deliveries]] it logs in, then writes and deletes a small file.
    Exits 0 when a bulletin can be made and delivered (warnings allowed), else with the code of the first
    failure: 3 configuration, 5 no voice, 7 the folder or a delivery.

    With --language it grades a language: the parts that are there or missing, the cases of its cases.toml that are
    right or wrong, and the voices that can read it. Exits 3 when a case is wrong.
    """
    from bulletin.cli.output.text_output import print_findings
    from bulletin.diagnostics.run_station_self_checks import check_station

    if languages and not language:
        raise click.UsageError("--languages needs --language")
    if language:
        if station:
            raise click.UsageError("--language grades a language without a station; leave the station out")
        _grade(language, languages, answer)
        return
    loaded = load_profile(station, only_looks=True)
    findings = check_station(loaded, output=output, now=datetime.now(UTC), asks=not offline)
    if answer.as_json:
        rows = [pick(finding, "part", "verdict", "message") for finding in findings]
        print_json({"station": loaded.id, "findings": rows})
    elif answer.is_text:
        print_findings(findings)
    _exit_for(findings)


def _grade(language: str, folder: Path | None, answer: Answer) -> None:
    from bulletin.cli.output.text_output import print_findings
    from bulletin.diagnostics.grade_language import MOST_SHOWN, grade_language
    from bulletin.speech.voice_factory import list_voices

    grade = grade_language(language, folder=folder, voices=list_voices(language=language))
    if answer.as_json:
        rows = [pick(finding, "part", "verdict", "message") for finding in grade.findings]
        print_json({"language": language, "findings": rows, "right": grade.right, "wrong": grade.wrong})
    elif answer.is_text:
        print_findings(grade.findings)
        for line in cut_list(grade.wrong, everything=False, most=MOST_SHOWN):
            click.echo(line)
    _exit_for(grade.findings)


def _exit_for(findings: tuple[Finding, ...]) -> None:
    failed = [finding for finding in findings if finding.verdict is Verdict.FAILURE]
    if failed:
        sys.exit(failed[0].exit_code or 1)
