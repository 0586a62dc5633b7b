"""Compose file of a group: read by docker-compose itself, its commands run as processes with a real PostgreSQL."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.delivery_servers.base import wait_for
from tests.support.free_ports import free_port
from tests.support.postgres_server import PostgresServer, find_programs, run_postgres

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "docs" / "deploy" / "group"
PASSWORD = "a password"
RUN = "docker compose run --rm "
STATUS = f"{RUN}planner group status"
PROFILE = (
    'name = "Hill"\ntime_zone = "UTC"\n[speech]\nchain = ["tone"]\n[[clock.slots]]\nat = "00:00-23:00"\n'
)

pytestmark = [
    pytest.mark.clients,
    pytest.mark.skipif(
        not shutil.which("docker-compose"), reason="docker-compose is not installed (.ci/tools)"
    ),
]


def compose(password: str | None = PASSWORD, folder: Path = DEPLOY) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "GROUP_PASSWORD"}
    if password is not None:
        environment["GROUP_PASSWORD"] = password
    command = ["docker-compose", "-f", "compose.yaml", "config", "--format", "json"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def printed_commands() -> list[str]:
    """Commands in the first lines of the Compose file."""
    return re.findall(r"^#   (.+)$", (DEPLOY / "compose.yaml").read_text("utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    done = compose()
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout)["services"])


def test_compose_names_the_missing_password():
    done = compose(None)

    assert done.returncode != 0
    assert "write GROUP_PASSWORD=... into .env" in done.stderr


def test_services_are_restarted_and_restricted(services: dict[str, Any]):
    ours = {name: service for name, service in services.items() if service.get("command")}

    assert set(ours) == {"planner", "worker", "public", "newsroom"}
    for service in ours.values():
        assert (service["restart"], service["read_only"], service["cap_drop"]) == ("always", True, ["ALL"])
        assert {port["host_ip"] for port in service.get("ports", ())} <= {"127.0.0.1"}
        assert service["image"] == "bulletin"
        assert Path(service["build"]["context"]) == ROOT
    assert services["planner"]["deploy"]["replicas"] > 1


def environment_of(service: dict[str, Any], home: Path, database: str) -> dict[str, str]:
    """The service's variables, with `home` for /data."""
    theirs = {
        name: value.replace("/data", str(home), 1) if value.startswith("/data") else value
        for name, value in service["environment"].items()
    }
    return os.environ | theirs | {"GROUP_DATABASE": database, "PYTHONPATH": str(ROOT)}


@contextmanager
def started(service: dict[str, Any], home: Path, database: str, log: Path) -> Iterator[dict[str, str]]:
    """The service's command as a process in `home`, which stands for /data; yields its ports as they are here."""
    ports = {port: str(free_port()) for port in re.findall(r":(80\d\d)\b", " ".join(service["command"]))}
    words = [
        re.sub(r"^:(\d+)$", lambda found: f"127.0.0.1:{ports[found[1]]}", word) for word in service["command"]
    ]
    environment = environment_of(service, home, database)
    with log.open("wb") as output, subprocess.Popen(
        [sys.executable, "-m", "bulletin", *words], cwd=home, env=environment, stdout=output, stderr=output
    ) as process:  # fmt: skip
        try:
            yield ports
            assert process.poll() is None, log.read_text("utf-8")
        finally:
            process.terminate()
            process.wait(60)


def is_healthy(service: dict[str, Any], ports: dict[str, str]) -> bool:
    """Whether the health check of the container succeeds, run as it is written but for the port."""
    kind, program, *words = service["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "python")
    for port, here in ports.items():
        words = [word.replace(port, here) for word in words]
    return subprocess.run([sys.executable, *words], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("name", ["planner", "public", "newsroom"])
def test_a_service_starts_and_its_health_check_succeeds(
    services: dict[str, Any], name: str, group_home: Path, postgres_url: str
):
    log = group_home / f"{name}.log"
    with started(services[name], group_home, postgres_url, log) as ports:
        wait_for(lambda: is_healthy(services[name], ports), within_s=120)


def test_planner_and_worker_are_a_group_that_is_well(
    services: dict[str, Any], group_home: Path, postgres_url: str
):
    (line,) = (line for line in printed_commands() if line.startswith(STATUS))
    service, *words = line.removeprefix(RUN).split()
    environment = environment_of(services[service], group_home, postgres_url)

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bulletin", *words, *options]
        return subprocess.run(
            command, cwd=group_home, env=environment, capture_output=True, text=True, check=False
        )

    def status() -> dict[str, Any]:
        done = run("--json")
        return dict(json.loads(done.stdout)) if done.returncode == 0 else {}

    with (
        started(services["planner"], group_home, postgres_url, group_home / "planner.log"),
        started(services["worker"], group_home, postgres_url, group_home / "worker.log"),
    ):
        wait_for(lambda: bool(status()), within_s=120)
        roles = {worker["role"]: worker["alive"] for worker in status()["workers"]}
        assert (status()["group"], roles) == ("north", {"planner": True, "worker": True})
        done = run()
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.startswith("group north: 1 station")


def test_the_printed_commands_prepare_a_folder_that_compose_reads(tmp_path: Path):
    """Those before `docker compose up`, run in a copy of the checkout's folders."""
    folder = tmp_path / DEPLOY.relative_to(ROOT)
    shutil.copytree(DEPLOY, folder)
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "my-station.toml").write_text(PROFILE, "utf-8")
    lines = printed_commands()
    up = next(number for number, line in enumerate(lines) if line.startswith("docker compose up "))
    before = [
        line for line in lines[:up] if not line.startswith("sudo ")
    ]  # the user of the image is not here
    assert len(before) == up - 1
    subprocess.run(["sh", "-ec", "\n".join(before)], cwd=tmp_path, check=True)
    done = compose(None, folder)

    assert done.returncode == 0, done.stderr
    password = json.loads(done.stdout)["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"]
    assert re.fullmatch("[0-9a-f]{48}", password)
    assert {path.name for path in (folder / "feeds").iterdir()} == {"my-station.toml", "group.toml"}


def test_the_health_check_of_the_database_tells_whether_it_answers(services: dict[str, Any]):
    kind, line = services["postgres"]["healthcheck"]["test"]
    programs = find_programs()

    def is_well(server: PostgresServer) -> bool:
        where = {"PGHOST": str(server.folder), "PGPORT": str(server.port)}
        environment = os.environ | where | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        return (
            subprocess.run(["sh", "-c", line], env=environment, capture_output=True, check=False).returncode
            == 0
        )

    assert kind == "CMD-SHELL"
    with run_postgres(tcp=True) as server:
        assert is_well(server)
        server.stop()
        assert not is_well(server)


@pytest.fixture
def group_home(tmp_path: Path) -> Path:
    """A folder as /data of the image: profiles with the group file of the documentation."""
    (tmp_path / "feeds").mkdir()
    (tmp_path / "store").mkdir()
    (tmp_path / "feeds" / "hill.toml").write_text(PROFILE, "utf-8")
    group = (DEPLOY / "group.toml").read_text("utf-8").replace("/data/store", str(tmp_path / "store"))
    (tmp_path / "feeds" / "group.toml").write_text(group, "utf-8")
    return tmp_path
