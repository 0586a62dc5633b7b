"""Container image: its command, its base image and its health check."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import bulletin
from bulletin.cli.running.serve import command
from bulletin.service.start_http_servers import HEALTH
from tests.service.test_start_http_servers_health import NOW, World, address, world  # noqa: F401 - fixtures

DOCKERFILE = (Path(bulletin.__file__).parents[1] / "Dockerfile").read_text(encoding="utf-8")


def last_list(instruction: str) -> list[str]:
    """Last JSON list of an instruction, which may stand on the next line."""
    lists = re.findall(rf"^(?:\s+)?{instruction} (\[.*\])$", DOCKERFILE, re.MULTILINE)
    words: list[str] = json.loads(lists[-1])
    return words


def is_well(address: str) -> bool:
    python, *rest = json.loads(re.findall(r"^    CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)[0])
    assert python == "python"
    port = address.rpartition(":")[2]
    asked = [part.replace(":8036/", f":{port}/") for part in rest]
    assert asked != rest
    return subprocess.run([sys.executable, *asked], capture_output=True, check=False).returncode == 0


def test_the_health_check_tells_a_live_service_from_a_dead_one(address: str, world: World) -> None:
    assert is_well(address)

    world.reconciled_at = NOW - timedelta(minutes=5)
    assert not is_well(address)


def test_the_base_image_tag_names_python_and_debian() -> None:
    assert re.findall(r"^FROM (.*)$", DOCKERFILE, re.MULTILINE) == ["python:3.13-slim-trixie"]
    assert "imagetools inspect python:3.13-slim-trixie" in DOCKERFILE
    assert "FROM python:3.13-slim-trixie@sha256:" in DOCKERFILE


def test_it_installs_only_packages_of_the_lock_file() -> None:
    first, second = re.findall(r"^RUN pip install (.*?)(?: && .*)?$", DOCKERFILE, re.MULTILINE)

    assert "--require-hashes" in first
    assert first.endswith("-r /src/requirements.txt")
    assert {"--no-deps", "--no-build-isolation"} <= set(second.split())


def test_it_serves_where_the_health_check_looks() -> None:
    assert last_list("ENTRYPOINT") == ["bulletin"]
    name, *options = last_list("CMD")
    listen = command.make_context(name, options).params["listen"]

    assert (name, listen.host, listen.port) == ("serve", "0.0.0.0", 8035)
    assert f":{HEALTH.port}/healthz" in DOCKERFILE
    assert "--health" not in options
    assert "EXPOSE 8035" in DOCKERFILE
    assert "\nUSER bulletin\n" in DOCKERFILE
