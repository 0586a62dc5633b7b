"""`bulletin restore`: a backup into a folder, all of it or nothing."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.cli.shared_options import json_option
from bulletin.runtime.files.file_permissions import keep_private


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="DIR",
    help="Folder that gets feeds/ and output/; by default this one.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="BULLETIN_OUTPUT",
    metavar="DIR",
    help="Folder for bulletins, where it is not output/ below --to.",
)
@click.option("--replace", is_flag=True, help="Replace what is there already.")
@json_option
def command(file: Path, to: Path, output: Path | None, replace: bool, as_json: bool) -> None:
    """
    Bring back what `bulletin backup` wrote into FILE: profiles into feeds/, the archive into output/.

    What is there is replaced only with --replace; a profile then keeps the secrets that the one before it has,
    and what was taken off the air since the backup stays off. All of it is restored or nothing. Stop the service
    first.
    """
    from bulletin.backup.restore_backup import restore_backup
    from bulletin.cli.output.json_output import print_json

    keep_private()
    done = restore_backup(file, profiles=to / "feeds", output=output or to / "output", replace=replace)
    if as_json:
        print_json(
            {
                "made": done.manifest.made,
                "stations": list(done.manifest.stations),
                "profiles": [str(path) for path in done.profiles],
                "missing": list(done.missing),
                "left_out": list(done.manifest.left_out),
            }
        )
        return
    click.echo(f"Restored as of {done.manifest.made}: {', '.join(done.manifest.stations)}")
    for line in done.missing:
        click.echo(f"Missing: {line}")
    for line in done.manifest.left_out:
        click.echo(f"Not in the backup, bring it by hand: {line}")
    click.echo("Next: bulletin check, then start the service.")
