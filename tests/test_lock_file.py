"""The lock file agrees with pyproject.toml and names no package index."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bulletin

ROOT = Path(bulletin.__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")
PINS = [Requirement(line) for line in re.findall(r"^([a-z0-9][^\\\n]+)", LOCK, re.MULTILINE)]

ASKED = [
    *PROJECT["project"]["dependencies"],
    *(requirement for extra in PROJECT["project"]["optional-dependencies"].values() for requirement in extra),
    *PROJECT["dependency-groups"]["build"],
]
HOLES = {
    "jinja2": "3.1.5",
    "h11": "0.14",
    "starlette": "0.49.0",
    "requests": "2.32.3",
    "pillow": "11.2.1",
    "lxml-html-clean": "0.3.1",
}
"""Newest version of each package with a known vulnerability."""


@pytest.mark.parametrize("asked", ASKED)
def test_every_dependency_is_locked_to_an_allowed_version(asked: str) -> None:
    wanted = Requirement(asked)
    pins = [pin for pin in PINS if canonicalize_name(pin.name) == canonicalize_name(wanted.name)]

    assert pins, f"{wanted.name} is not locked: run .ci/lock"
    for pin in pins:
        (version,) = pin.specifier
        assert version.operator == "=="
        assert wanted.specifier.contains(version.version), f"{pin} is not {wanted}: run .ci/lock"


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_no_machine_has_two_versions_of_one_package(python: str, machine: str) -> None:
    here = {"python_version": python, "python_full_version": f"{python}.0", "platform_machine": machine}
    here |= {"sys_platform": "linux", "implementation_name": "cpython", "platform_system": "Linux"}
    names = [pin.name for pin in PINS if pin.marker is None or Marker(str(pin.marker)).evaluate(here)]

    assert len(names) == len(set(names))
    assert {"numpy", "hibari-tts", "spacy"} <= set(names)


def test_every_package_has_the_hash_of_its_files() -> None:
    blocks = re.split(r"^(?=[a-z0-9][^\\\n]+==)", LOCK, flags=re.MULTILINE)[1:]

    assert len(blocks) == len(PINS)
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)


def test_the_lock_file_names_no_index_and_no_address() -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links|@", LOCK)


@pytest.mark.parametrize(("name", "version"), HOLES.items())
def test_a_version_with_a_known_hole_is_not_allowed(name: str, version: str) -> None:
    asked = [Requirement(requirement) for requirement in PROJECT["project"]["dependencies"]]
    (wanted,) = [requirement for requirement in asked if canonicalize_name(requirement.name) == name]

    assert not wanted.specifier.contains(version)


@pytest.mark.parametrize("recipe", ["Dockerfile", "docs/deploy/bulletin.service", "docs/engineer.md"])
def test_documented_installs_use_the_lock_file(recipe: str) -> None:
    text = (ROOT / recipe).read_text(encoding="utf-8")
    from_lock = re.findall(r"pip install[^\n`]* -r \S*requirements\.txt", text)

    assert from_lock
    assert all("--require-hashes --only-binary :all:" in command for command in from_lock)
    assert re.search(r"pip install[^\n`]*--no-deps --no-build-isolation ", text)
