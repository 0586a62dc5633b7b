"""Threads share one heap; glibc's own account of its heaps tells."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

LIVES = """
import ctypes, sys, threading
from bulletin.service.resources.malloc_arena import use_one_malloc_arena

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


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc")
def test_threads_use_one_malloc_arena() -> None:
    assert _heaps("shared") == 1
    assert _heaps("apart") > 1


def _heaps(how: str) -> int:
    told = subprocess.run([sys.executable, "-c", LIVES, how], capture_output=True, text=True, check=True)
    return told.stdout.count("<heap nr=")
