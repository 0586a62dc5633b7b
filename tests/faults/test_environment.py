"""With nothing in the environment, with what cron and the unit set, without a home: no traceback, and on air."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
UNIT = (REPO / "docs" / "deploy" / "bulletin.service").read_text(encoding="utf-8")
NOBODY = ("unshare", "--user", "--map-user=12345", "--map-group=12345")
"""A user whom the system does not know, and who may write what this one may."""
CRON = {"LOGNAME": "radio", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}
HILL = 'name = "Hill Radio"\n[speech]\nchain = ["tone"]\n[outputs]\nmake = ["fm"]\n[[clock.slots]]\nat = "00:00-23:00"\n'

pytestmark = pytest.mark.faults


@lru_cache
def may_be_nobody() -> bool:
    if not shutil.which("unshare"):
        return False
    return subprocess.run([*NOBODY, "true"], capture_output=True, check=False).returncode == 0


def command(*args: str, env: Mapping[str, str], as_nobody: bool = True) -> list[str]:
    if as_nobody and not may_be_nobody():
        pytest.skip("no user namespaces here")
    compiled = {name: os.environ[name] for name in ("PYTHONPYCACHEPREFIX",) if name in os.environ}
    given = [f"{name}={value}" for name, value in {"PYTHONPATH": str(REPO), **compiled, **env}.items()]
    who = NOBODY if as_nobody else ()
    return [*who, "/usr/bin/env", "-i", *given, sys.executable, "-m", "bulletin", *args]


def run(
    folder: Path, *args: str, env: Mapping[str, str], as_nobody: bool = True
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*args, env=env, as_nobody=as_nobody),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def read_only_home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir(mode=0o555)
    return home


@pytest.mark.parametrize("env", [{}, CRON, {"HOME": "/nonexistent"}], ids=["empty", "cron", "homeless"])
def test_a_user_whom_the_system_does_not_know_makes_a_bulletin(tmp_path: Path, env: dict[str, str]) -> None:
    done = run(tmp_path, "make", "demo", "--quiet", env=env)

    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "output" / "demo" / "latest.mp3").is_file()


def test_an_empty_environment_of_a_user_who_is_known(tmp_path: Path) -> None:
    done = run(tmp_path, "make", "demo", "--quiet", "--voice", "tone", env={}, as_nobody=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_home_that_cannot_be_written(tmp_path: Path, read_only_home: Path) -> None:
    done = run(tmp_path, "make", "demo", "--quiet", env=CRON | {"HOME": str(read_only_home)})

    assert (done.returncode, done.stderr) == (0, "")
    assert list(read_only_home.iterdir()) == []


def test_nothing_is_reported_to_the_makers_of_a_library(tmp_path: Path) -> None:
    """Onnxruntime 1.32 writes a device id into the cache before it sends."""
    home = tmp_path / "home"
    home.mkdir()

    done = run(
        tmp_path, "make", "demo", "--quiet", "--voice", "hibari", env={"HOME": str(home)}, as_nobody=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert list(home.rglob("*")) == []


@pytest.mark.parametrize("name", ["check", "voices", "status", "clock", "log"])
def test_other_commands_say_what_they_say_elsewhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "hill.toml").write_text(HILL, encoding="utf-8")

    there = run(tmp_path, name, env={"LANG": "C.UTF-8", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    here = run(tmp_path, name, env={})

    assert "Traceback" not in here.stderr
    assert (here.returncode, here.stderr) == (there.returncode, there.stderr)


@pytest.mark.parametrize("args", [("serve",), ("serve", "--listen", "none"), ("make",), ("check",)])
def test_without_a_profile_the_folder_is_named_and_nothing_airs(
    tmp_path: Path, args: tuple[str, ...]
) -> None:
    done = run(tmp_path, *args, env={}, as_nobody=False)

    assert done.returncode == 3
    assert done.stderr.startswith(
        f"bulletin: no station's profile in {tmp_path / 'feeds'}; `bulletin init` writes one"
    )
    assert list(tmp_path.iterdir()) == []


def test_the_demo_is_made_where_it_is_asked_for_and_says_that_it_is_invented(tmp_path: Path) -> None:
    done = run(tmp_path, "make", "demo", "--voice", "tone", env={}, as_nobody=False)

    assert done.returncode == 0
    assert "the news of this station is invented" in done.stdout


def test_what_the_unit_sets_is_enough_to_be_on_air(tmp_path: Path) -> None:
    (tmp_path / "etc" / "feeds").mkdir(parents=True)
    (tmp_path / "etc" / "feeds" / "hill.toml").write_text(HILL, encoding="utf-8")
    state = tmp_path / "lib"
    state.mkdir()
    set_there = dict(
        one.split("=", 1)
        for line in re.findall(r"^Environment=(.*)$", UNIT, re.MULTILINE)
        for one in line.split()
    )
    env = {name: value.replace("/var/lib/bulletin", str(state)) for name, value in set_there.items()}
    env |= {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
        "NOTIFY_SOCKET": str(tmp_path / "notify"),
    }
    (start,) = re.findall(r"^ExecStart=\S+/bulletin (.*)$", UNIT, re.MULTILINE)

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(env["NOTIFY_SOCKET"])
        manager.settimeout(60)
        service = subprocess.Popen(
            command(*start.split(), "--listen", "none", env=env),
            cwd=tmp_path / "etc",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            assert manager.recv(4096).startswith(b"READY=1")
        finally:
            service.send_signal(signal.SIGTERM)
            told, _ = service.communicate(timeout=60)

    assert "Traceback" not in told
    assert service.returncode == 0, told
    assert (state / "hill").is_dir()
    assert [path.name for path in (tmp_path / "etc").iterdir()] == ["feeds"]
