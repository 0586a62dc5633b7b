"""`bulletin group restore`: a backup into the empty database of a group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from bulletin.cli.output.text_or_json_answer import Answer
from bulletin.cli.shared_options import answer_options, file_argument, output_option, stations_argument
from bulletin.errors import ConfigError

_SHOWN = 5


@click.command("restore")
@file_argument()
@stations_argument
@output_option
@answer_options
def command(file: Path, stations: tuple[str, ...], output: Path, answer: Answer) -> None:
    """
    Load the archive of FILE, written by `bulletin backup`, into the empty database of the group.

    FILE is a backup of a group, or of one machine whose stations join a group. All rows are loaded or none.
    The group is that of STATIONs, by default of any station here. `bulletin restore` restores the profiles. Recorded
    clips of the backup are put into the store where it lacks them. Objects of the store are not in a backup: missing
    ones are listed, and so are recorded clips.
    """
    # late: SQLAlchemy is slow to load
    from bulletin.backup.back_up_group import restore_group, unpack_backup
    from bulletin.config.find_group_options import find_group_options
    from bulletin.station.group_files.check_store_of_group import (
        open_archive_and_store,
        read_identity_of_store,
    )
    from bulletin.station.open_archive import open_group_store

    group = find_group_options(stations)
    if group.is_here:
        raise ConfigError(
            '[group] database = "here" is a group of one process: `bulletin restore` restores its archive; for several, '
            'name a PostgreSQL database ("postgresql://...")'
        )
    with unpack_backup(file) as backup:
        # a store that is away, or another group's, is refused: nothing is written into the database before it was read
        read_identity_of_store(group, open_group_store(group, output=output))
        with open_archive_and_store(group, output=output) as (archive, store):
            restored = restore_group(backup, archive=archive, store=store)
            label = archive.label
    rows = sum(restored.rows.values())
    data = {
        "database": label,
        "made": restored.manifest.made,
        "rows": dict(restored.rows),
        "missing_objects": restored.missing_objects,
        "missing_clips": restored.missing_clips,
    }
    lines = [f"{label}: restored the backup of {restored.manifest.made}, {rows} rows"]
    for what, keys in (("Objects", restored.missing_objects), ("Recorded clips", restored.missing_clips)):
        lines += _missing_lines(what, keys, store=store.label)
    lines.append("Next: start the planners and workers.")
    answer.print(data, lines)


def _missing_lines(what: str, keys: Sequence[str], *, store: str) -> Iterator[str]:
    if keys:
        more = f", and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
        yield f"{what} missing in the store {store}, copy them from its backup: {', '.join(keys[:_SHOWN])}{more}"
