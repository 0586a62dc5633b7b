"""hibari's voices that are not in its package: where the library's registry has them, and the record of an installed one."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bulletin.errors import EngineUnavailableError
from bulletin.runtime.installing.data_folder import data_folder
from bulletin.runtime.installing.verified_files import VerifiedFile
from bulletin.runtime.suggest_install_command import command_to_repair

PACKAGE = "hibari-tts"
OTHER_VOICES = ("emma", "fable", "fenrir", "kore")
_HUB = "https://huggingface.co"
_HUB_VARIABLE = "HF_ENDPOINT"
"""Environment variable that names a mirror of the hub, as the hub's own tools read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubVoice:
    """A voice in the hub."""

    file: VerifiedFile
    """With an empty SHA-256 where the library names none."""
    url: str


def hibari_folder(folder: Path | None) -> Path:
    """Folder of hibari's downloaded voices in a data folder, by default the user's."""
    return (folder or data_folder()) / "hibari"


def find_in_registry(name: str) -> HubVoice:
    """
    A voice as the installed library's registry has it: file, size, hash and address.

    Raises EngineUnavailableError where the library is missing or has no such voice.
    """
    try:
        from hibari.voices import BASE_URL, VOICES

        entry = VOICES[name]
        file = VerifiedFile(name=entry["file"], size=int(entry["bytes"]), sha256=str(entry.get("sha256", "")))
    except (ImportError, KeyError, OSError, ValueError) as error:
        remedy = command_to_repair(PACKAGE)
        raise EngineUnavailableError(
            f"hibari: this version has no registry entry for {name} ({error!r}); {remedy}"
        ) from error
    mirror = os.environ.get(_HUB_VARIABLE, "").rstrip("/")
    base = BASE_URL.replace(_HUB, mirror, 1) if mirror else BASE_URL
    return HubVoice(file=file, url=f"{base}{file.name}")


def record_path(folder: Path, name: str) -> Path:
    """The record of an installed voice in hibari's folder."""
    return folder / f"{name}.json"


def read_record(folder: Path, name: str) -> VerifiedFile | None:
    """File, size and hash that were recorded when the voice was installed; None where there is no record."""
    try:
        record = json.loads(record_path(folder, name).read_text(encoding="utf-8"))
        return VerifiedFile(name=str(record["file"]), size=int(record["size"]), sha256=str(record["sha256"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_installed(folder: Path, name: str) -> bool:
    """Whether the voice has a record and its file is there; its content is verified when it is loaded."""
    record = read_record(folder, name)
    return record is not None and (folder / record.name).is_file()


def source_of_hash(voice: HubVoice) -> str:
    """Who named the hash of a voice, for the user."""
    if voice.file.sha256:
        return f"as {PACKAGE} {version(PACKAGE)} names it"
    return "recorded at this first download: the library names none"
