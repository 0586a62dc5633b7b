"""Tables of contents of backups that nobody wrote with `bulletin backup`."""

from __future__ import annotations

import json

import pytest

from bulletin.archive.database.check_revision import REVISIONS
from bulletin.backup.backup_manifest import BackupError, parse_manifest

CONTENTS = {
    "format": 1,
    "bulletin": "1.0",
    "revision": REVISIONS[-1],
    "made": "2026-11-24T08:00:00+00:00",
    "stations": ["demo"],
    "profiles": ["demo.toml"],
    "files": {"state/archive.sqlite": ["0" * 64, 1], "profiles/demo.toml": ["0" * 64, 1]},
}


def test_a_right_one_is_read() -> None:
    assert parse_manifest(json.dumps(CONTENTS).encode(), name="b.tar.gz").stations == ("demo",)


@pytest.mark.parametrize(
    "change",
    [
        {"made": "yesterday"},
        {"made": "0001-01-01T00:00:00+14:00"},
        {"format": None},
        {"profiles": ["../demo.toml"]},
        *(
            {"files": CONTENTS["files"] | {name: ["0" * 64, 1]}}  # type: ignore[operator]
            for name in ("../evil", "/etc/passwd", "state/../../evil", "C:/evil", "a\\b", "a\0b", "", "./a")
        ),
    ],
)
def test_a_hostile_one_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BackupError, match="table of contents is damaged"):
        parse_manifest(json.dumps(CONTENTS | change).encode(), name="b.tar.gz")


def test_one_of_a_million_brackets_is_refused() -> None:
    with pytest.raises(BackupError, match="table of contents is damaged"):
        parse_manifest(b"[" * 1_000_000, name="b.tar.gz")
