"""`bulletin backup`: archive, kill list, profiles and what they name, in one file."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.cli.shared_options import json_option, output_option


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("stations", nargs=-1, metavar="[STATION]...")
@output_option
@click.option("--speech", is_flag=True, help="Take the kept speech too: larger, but nothing is spoken twice.")
@json_option
def command(file: Path, stations: tuple[str, ...], output: Path, speech: bool, as_json: bool) -> None:
    """
    Write the archive, the kill list and the profiles of STATIONs, with the files they name, into FILE (tar.gz).

    By default all profiles of your own. A service may be at work meanwhile. A secret that stands in a profile in
    plain text is written as "env:NAME" and listed; key files are not taken, and listed too. An older backup is
    replaced, nothing else.
    """
    from datetime import UTC, datetime

    from bulletin.backup.write_backup import write_backup
    from bulletin.cli.output.json_output import print_json
    from bulletin.config.load_profile import SHIPPED, list_profiles, load_profile

    own = [str(path) for path in list_profiles() if path.stem not in SHIPPED]
    loaded = [load_profile(name, only_looks=True) for name in stations or own or (None,)]
    written = write_backup(loaded, output=output, file=file, speech=speech, now=datetime.now(UTC))
    manifest = written.manifest
    if as_json:
        print_json(
            {
                "file": str(file),
                "bytes": written.bytes,
                "stations": list(manifest.stations),
                "files": len(manifest.files),
                "variables": [secret.variable for secret in manifest.secrets],
                "left_out": list(manifest.left_out),
            }
        )
        return
    names = ", ".join(manifest.stations)
    click.echo(f"{file}: {names}, {len(manifest.files)} files, {written.bytes / 1e6:.1f} MB")
    for secret in manifest.secrets:
        key = ".".join(map(str, secret.key))
        click.echo(
            f"Not in it, write it down elsewhere: {secret.profile} {key}, there as env:{secret.variable}"
        )
    for line in manifest.left_out:
        click.echo(f"Not in it, bring it by hand: {line}")
