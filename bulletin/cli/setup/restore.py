"""`bulletin restore`: a backup into a folder, all of it or nothing."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.backup.restore_backup import restore_backup
from bulletin.cli.output.text_or_json_answer import Answer, pick
from bulletin.cli.shared_options import answer_options, file_argument, folder_option
from bulletin.runtime.files.file_permissions import keep_private


@click.command("restore")
@file_argument()
@folder_option("--to", default=Path(), help="Folder for feeds/ and output/; by default the current one.")
@folder_option(
    "-o", "--output", envvar="BULLETIN_OUTPUT", help="Output folder; by default output/ beside feeds/."
)
@click.option("--replace", is_flag=True, help="Replace existing files.")
@answer_options
def command(file: Path, to: Path, output: Path | None, replace: bool, answer: Answer) -> None:
    """
    Restore FILE, a backup of `bulletin backup`: profiles into feeds/, the archive into output/.

    Existing files are replaced only with --replace; then a profile keeps its present secrets, and stories that
    were blocked since the backup stay blocked. All of it is restored or nothing. Stop the service first.
    """
    keep_private()
    restored = restore_backup(file, profiles=to / "feeds", output=output or to / "output", replace=replace)
    manifest = restored.manifest
    data = pick(manifest, "made", "stations", "left_out") | pick(restored, "profiles", "missing")
    lines = [f"Restored the backup of {manifest.made}: {', '.join(manifest.stations)}"]
    lines += [f"Missing: {line}" for line in restored.missing]
    lines += [f"Not in the backup, copy it by hand: {line}" for line in manifest.left_out]
    lines.append("Next: bulletin check, then start the service.")
    answer.print(data, lines)
