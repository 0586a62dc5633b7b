"""Empty environment, cron's, the systemd unit's, or no home: no traceback, and on air."""

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
"""Command prefix for a user unknown to the system, with this user's rights."""
CRON = {"LOGNAME": "radio", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}
HILL = 'name = "Hill Radio"\n[speech]\nchain = ["tone"]\n[outputs]\nmake = ["fm"]\n[[clock.slots]]\nat = "00:00-23:00"\n'

pytestmark = pytest.mark.faults


@lru_cache
def has_user_namespaces() -> bool:
    if not shutil.which("unshare"):
        return False
    return subprocess.run([*NOBODY, "true"], capture_output=True, check=False).returncode == 0


def command(*args: str, env: Mapping[str, str], as_nobody: bool = True) -> list[str]:
    if as_nobody and not has_user_namespaces():
        pytest.skip("no user namespaces here")
    compiled = {name: os.environ[name] for name in ("PYTHONPYCACHEPREFIX",) if name in os.environ}
    assignments = [f"{name}={value}" for name, value in {"PYTHONPATH": str(REPO), **compiled, **env}.items()]
    namespace = NOBODY if as_nobody else ()
    return [*namespace, "/usr/bin/env", "-i", *assignments, sys.executable, "-m", "bulletin", *args]


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
def test_a_user_unknown_to_the_system_makes_a_bulletin(tmp_path: Path, env: dict[str, str]) -> None:
    done = run(tmp_path, "make", "demo", "--quiet", env=env)

    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "output" / "demo" / "latest.mp3").is_file()


def test_a_known_user_with_an_empty_environment_makes_a_bulletin(tmp_path: Path) -> None:
    done = run(tmp_path, "make", "demo", "--quiet", "--voice", "tone", env={}, as_nobody=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_user_with_a_read_only_home_makes_a_bulletin(tmp_path: Path, read_only_home: Path) -> None:
    done = run(tmp_path, "make", "demo", "--quiet", env=CRON | {"HOME": str(read_only_home)})

    assert (done.returncode, done.stderr) == (0, "")
    assert list(read_only_home.iterdir()) == []


def test_no_library_writes_a_device_id_for_telemetry(tmp_path: Path) -> None:
    """Onnxruntime 1.32 writes a device id into the cache before it sends telemetry."""
    home = tmp_path / "home"
    home.mkdir()

    done = run(
        tmp_path, "make", "demo", "--quiet", "--voice", "hibari", env={"HOME": str(home)}, as_nobody=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert list(home.rglob("*")) == []


@pytest.mark.parametrize("name", ["check", "voices", "status", "clock", "log"])
def test_other_commands_end_alike_in_an_empty_environment(tmp_path: Path, name: str) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "hill.toml").write_text(HILL, encoding="utf-8")

    usual = run(tmp_path, name, env={"LANG": "C.UTF-8", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    bare = run(tmp_path, name, env={})

    assert "Traceback" not in bare.stderr
    assert (bare.returncode, bare.stderr) == (usual.returncode, usual.stderr)


@pytest.mark.parametrize("args", [("serve",), ("serve", "--listen", "none"), ("make",), ("check",)])
def test_without_a_profile_the_folder_is_named_and_no_bulletin_is_made(
    tmp_path: Path, args: tuple[str, ...]
) -> None:
    done = run(tmp_path, *args, env={}, as_nobody=False)

    assert done.returncode == 3
    assert done.stderr.startswith(
        f"bulletin: no station's profile in {tmp_path / 'feeds'}; `bulletin init` writes one"
    )
    assert list(tmp_path.iterdir()) == []


def test_the_demo_says_that_its_news_is_invented(tmp_path: Path) -> None:
    done = run(tmp_path, "make", "demo", "--voice", "tone", env={}, as_nobody=False)

    assert done.returncode == 0
    assert "the news of this station is invented" in done.stdout


def test_the_environment_of_the_systemd_unit_is_enough_to_be_on_air(tmp_path: Path) -> None:
    (tmp_path / "etc" / "feeds").mkdir(parents=True)
    (tmp_path / "etc" / "feeds" / "hill.toml").write_text(HILL, encoding="utf-8")
    state = tmp_path / "lib"
    state.mkdir()
    unit_env = dict(
        assignment.split("=", 1)
        for line in re.findall(r"^Environment=(.*)$", UNIT, re.MULTILINE)
        for assignment in line.split()
    )
    env = {name: value.replace("/var/lib/bulletin", str(state)) for name, value in unit_env.items()}
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
            output, _ = service.communicate(timeout=60)

    assert "Traceback" not in output
    assert service.returncode == 0, output
    assert (state / "hill").is_dir()
    assert [path.name for path in (tmp_path / "etc").iterdir()] == ["feeds"]
