from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bulletin.errors import OutletError
from bulletin.runtime.files.file_lock import LockedError, hold

HOLDS = """
import sys
from pathlib import Path
from bulletin.runtime.files.file_lock import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_process_is_waited_for_and_then_named(tmp_path: Path) -> None:
    path = tmp_path / "station.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()

        with pytest.raises(LockedError, match=r"station\.lock: in use by another run"), hold(path):
            pass

        other.kill()
        other.wait()
        with hold(path, wait_s=10) as was_left:
            assert was_left
    with hold(path) as was_left:
        assert not was_left


def test_a_missing_folder_cannot_be_locked(tmp_path: Path) -> None:
    with pytest.raises(OutletError, match="cannot be locked"), hold(tmp_path / "nowhere" / "x.lock"):
        pass


def test_an_error_inside_the_lock_is_passed_on(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), hold(tmp_path / "x.lock"):
        (tmp_path / "nothing").read_bytes()
    with hold(tmp_path / "x.lock") as was_left:
        assert not was_left


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_the_lock_is_given_on_a_full_disk_without_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    path.symlink_to("/dev/full")

    with hold(path) as was_left:
        assert not was_left
