"""Printed commands that cannot run in a test, why, and the nearest command that can."""

from __future__ import annotations

import argparse
import json
import re
import shlex
import shutil
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

import pytest

from tests.support.delivery_servers.base import wait_for
from tests.support.printed_commands import ROOT
from tests.support.station_folder import Done, StationFolder


def _read_arguments(station: StationFolder, command: str) -> Done:
    """A benchmark reads its arguments, and ends there."""
    read = argparse.ArgumentParser.parse_args

    def end(parser: argparse.ArgumentParser, arguments: list[str] | None = None) -> None:
        read(parser, arguments)
        raise SystemExit(0)

    module, *words = shlex.split(command.removeprefix("python -m "))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argparse.ArgumentParser, "parse_args", end)
        patch.setattr(sys, "argv", [module, *words])
        with pytest.raises(SystemExit) as ended:
            (import_module(f"{module}.__main__") if _is_package(module) else import_module(module)).main()
    return Done(code=int(ended.value.code or 0), text="")


def _is_package(module: str) -> bool:
    spec = find_spec(module)
    return spec is not None and spec.submodule_search_locations is not None


def _reload(station: StationFolder, command: str) -> Done:
    """SIGHUP, which systemd sends, as the unit says."""
    profile = station.home / "feeds" / "valley.toml"
    with station.service("bulletin serve") as service:
        profile.write_text(profile.read_text("utf-8").replace("Valley", "Wex"), "utf-8")
        service.process.send_signal(signal.SIGHUP)
        wait_for(lambda: "profile reloaded: station=valley" in service.log)
    return Done(code=0, text=service.log)


def _run_image(station: StationFolder, command: str) -> Done:
    """Start the program that the Dockerfile names, on a free port."""
    lists = re.findall(r"(?m)^(?:ENTRYPOINT|CMD) (\[.*\])$", (ROOT / "Dockerfile").read_text("utf-8"))
    words = [word for each in lists for word in json.loads(each)]
    with station.service(shlex.join(words).replace(":8035", "127.0.0.1:0")) as service:
        service.wait_until_healthy()
    return Done(code=0, text=service.log)


_OPTIONAL = ("systemd-analyze", "ssh-keygen")
"""Programs that a machine may lack."""

ELSEWHERE: dict[str, tuple[str, str | Callable[[StationFolder, str], Done]]] = {
    r"make (\w+)$": ("installs from a package index", rf"make --dry-run -C '{ROOT}' \1"),
    r"pip install (.+)": ("installs from a package index", r"python -m pip install \1 --help"),
    r"python -m bench\.": ("takes minutes to hours, and writes tables of the program", _read_arguments),
    r"pytest -m (\w+)$": (
        "takes minutes",
        rf"cd '{ROOT}' && python -m pytest --markers | grep '^@pytest.mark.\1:'",
    ),
    r"pytest -m (\w+) (\S+)": (
        "takes minutes",
        rf"cd '{ROOT}' && python -m pytest --collect-only -q -m \1 \2",
    ),
    r"(docker|podman) build": ("needs a container engine: `.ci/container` carries out the Dockerfile", ""),
    r"docker run": ("needs a container engine", _run_image),
    r"docker exec CONTAINER (.+)": ("needs a container engine", r"\1"),
    r"radio (.+)": ("needs systemd and root", r"bulletin \1"),
    r"bulletin group (\w+)": (
        "needs a database: tests/docs/test_runbook.py and tests/docs/deploy/test_compose.py run it with one",
        r"bulletin group \1 --help",
    ),
    r"bulletin restore group\.tar\.gz$": (
        "needs the backup of a group: tests/backup has one",
        "bulletin restore --help",
    ),
    r"psql ": ("needs a database: tests/docs/test_runbook.py runs it with one", ""),
    r"(systemctl (start|stop|restart|enable|disable)|journalctl|timedatectl) ": (
        "needs systemd and root",
        "",
    ),
    r"systemctl reload bulletin": ("needs systemd and root", _reload),
    r"systemd-analyze security bulletin": (
        "needs an installed unit",
        f"systemd-analyze --no-pager security --offline=true '{ROOT}/docs/deploy/bulletin.service'",
    ),
    r"ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub": (
        "needs a server's key",
        "ssh-keygen -q -t ed25519 -N '' -f key && ssh-keygen -lf key.pub",
    ),
    r"rdimport ": ("needs Rivendell", ""),
    r"py -m venv (\S+)": ("Windows", r"python -m venv --without-pip new\1"),
    r"\.venv\\Scripts\\pip (.+)": ("Windows, and installs from a package index", r"python -m pip \1 --help"),
    r"\.venv\\Scripts\\bulletin (.+)": ("Windows", r".venv/bin/bulletin \1"),
}
"""Pattern of a command -> why no test runs it as printed, and the nearest command; "": there is none."""


def run_nearest(pattern: str, command: str, station: StationFolder) -> Done:
    """Run the nearest command; skips where there is none, or where its program is not installed."""
    reason, nearest = ELSEWHERE[pattern]
    if callable(nearest):
        return nearest(station, command)
    program = nearest.split()[0] if nearest else ""
    if not program or (program in _OPTIONAL and not shutil.which(program)):
        pytest.skip(f"{command}: {reason}")
    return station.run(re.sub(pattern, nearest, command))
