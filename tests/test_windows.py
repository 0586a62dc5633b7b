"""Imports work without fcntl, SIGHUP and Unix sockets, which Windows does not have."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]
AS_ON_WINDOWS = """
import importlib, os, pkgutil, signal, socket, sys, types
# third-party modules first, since only ours are imported as on Windows
import alembic, apscheduler.schedulers.background, asyncio, click, feedparser, httpx2, lxml.etree, multiprocessing
import numpy, prometheus_client, pydantic, soundfile, sqlalchemy, starlette.applications, trafilatura, uvicorn

for name in ("fcntl", "grp", "pwd", "resource", "syslog", "termios"):
    sys.modules[name] = None
for kind, names in (
    (signal, ("SIGHUP", "SIGKILL", "SIGUSR1", "SIGALRM")),
    (socket, ("AF_UNIX",)),
    (os, ("fork", "geteuid", "getpgid", "getuid", "killpg", "nice", "sched_getaffinity", "setsid", "statvfs")),
):
    for name in names:
        if hasattr(kind, name):
            delattr(kind, name)
msvcrt = types.ModuleType("msvcrt")
msvcrt.LK_NBLCK, msvcrt.LK_UNLCK, msvcrt.locking = 2, 0, lambda *_: None
sys.modules["msvcrt"] = msvcrt
sys.platform = "win32"

import bulletin

count = 0
for module in pkgutil.walk_packages(bulletin.__path__, "bulletin."):
    if ".migrations." not in module.name and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
        count += 1
print(count)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there the other tests are the proof")
def test_every_module_can_be_imported_on_windows() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", AS_ON_WINDOWS],
        cwd=REPO,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 300
