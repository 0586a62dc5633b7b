"""Process limits: file descriptors, and the connections that they allow."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bulletin.service.resources.limit_http_connections import ConnectionLimits
from bulletin.service.resources.process_limits import limits_within


@pytest.mark.parametrize(
    ("descriptors", "connections", "per_client"),
    [(20_000, 512, 64), (1188, 512, 64), (1024, 430, 64), (364, 100, 25), (100, 16, 8)],
)
def test_connections_leave_descriptors_for_files(descriptors: int, connections: int, per_client: int) -> None:
    limits = limits_within(descriptors)

    assert (limits.connections, limits.per_client) == (connections, per_client)


def test_the_unit_grants_enough_for_all_of_them() -> None:
    unit = (Path(__file__).parents[3] / "docs" / "deploy" / "bulletin.service").read_text(encoding="utf-8")
    granted = re.search(r"^LimitNOFILE=(\d+)$", unit, re.MULTILINE)

    assert granted
    assert limits_within(int(granted[1])) == ConnectionLimits()


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_the_soft_limit_of_descriptors_is_raised_to_the_hard_one() -> None:
    program = (
        "import resource as r; hard = min(600, r.getrlimit(r.RLIMIT_NOFILE)[1]);"
        "r.setrlimit(r.RLIMIT_NOFILE, (200, hard));"
        "from bulletin.service.resources.process_limits import raise_descriptor_limit as f;"
        "assert f() == hard == r.getrlimit(r.RLIMIT_NOFILE)[0], r.getrlimit(r.RLIMIT_NOFILE)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


LIVES = """
import ctypes, sys, threading
from bulletin.service.resources.process_limits import use_one_malloc_arena

if sys.argv[1] == "shared":
    assert use_one_malloc_arena()
meet = threading.Barrier(8)

def work():
    meet.wait()
    kept = [bytearray(2000) for _ in range(50)]
    meet.wait()

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


@pytest.mark.slow
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc")
def test_threads_use_one_malloc_arena() -> None:
    assert _heaps("shared") == 1
    assert _heaps("apart") > 1


def _heaps(how: str) -> int:
    done = subprocess.run([sys.executable, "-c", LIVES, how], capture_output=True, text=True, check=True)
    return done.stdout.count("<heap nr=")
