"""`bulletin backup`: archive, kill list and profiles, with the files they name, in one file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bulletin.backup.write_backup import write_backup
from bulletin.cli.output.text_or_json_answer import Answer
from bulletin.cli.shared_options import answer_options, file_argument, output_option, stations_argument
from bulletin.config.load_profile import SHIPPED, list_profiles, load_profile


@click.command("backup")
@file_argument()
@stations_argument
@output_option
@click.option(
    "--speech", is_flag=True, help="Include the spoken sentences: a larger file, less work after a restore."
)
@answer_options
def command(file: Path, stations: tuple[str, ...], output: Path, speech: bool, answer: Answer) -> None:
    """
    Write archive, kill list, recorded clips and the profiles of STATIONs, with the files they name, into FILE (tar.gz).

    By default all profiles but the shipped ones. A service may run meanwhile. A backup of a group has the rows of its
    database, and the recorded clips of all its machines; those that are nowhere are listed. A plain-text secret of a
    profile is written as "env:NAME" and listed; key files are listed but not included. FILE may be an older backup,
    which is replaced.
    """
    own = [str(path) for path in list_profiles() if path.stem not in SHIPPED]
    loaded = [load_profile(name, only_looks=True) for name in stations or own or (None,)]
    written = write_backup(loaded, output=output, file=file, speech=speech, now=datetime.now(UTC))
    manifest = written.manifest
    data = {
        "file": str(file),
        "bytes": written.bytes,
        "stations": manifest.stations,
        "files": len(manifest.files),
        "variables": [secret.variable for secret in manifest.secrets],
        "left_out": manifest.left_out,
    }
    names = ", ".join(manifest.stations)
    lines = [f"{file}: {names}, {len(manifest.files)} files, {written.bytes / 1e6:.1f} MB"]
    for secret in manifest.secrets:
        key = ".".join(map(str, secret.key))
        lines.append(f"Secret left out, store it elsewhere: {secret.profile} {key} (env:{secret.variable})")
    lines += [f"Not in the backup, copy it by hand: {line}" for line in manifest.left_out]
    answer.print(data, lines)
