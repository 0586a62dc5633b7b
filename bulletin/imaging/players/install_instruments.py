"""Installation of the soundfont of the shipped jingles and of its player, through npm and pip: no root, any system."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from bulletin.errors import AudioError
from bulletin.imaging.players.find_soundfont import PLAYER
from bulletin.imaging.players.instrument_files import (
    INSTRUMENTS,
    InstrumentPackages,
    instruments_folder,
    player_folder,
)
from bulletin.runtime.files.file_lock import hold
from bulletin.runtime.installing.disk_space import require_writable
from bulletin.runtime.installing.installation_errors import installation_errors
from bulletin.runtime.installing.package_clients import (
    STALLED_S,
    npm_from_wheel,
    npm_of_this_machine,
    require_pip,
)
from bulletin.runtime.installing.package_downloads import PackageDownloads
from bulletin.runtime.installing.verified_files import Progress, fault_of, write_verified

_IMPORTS = "import sys; sys.path.insert(0, sys.argv[1]); import tinysoundfont"
_IMPORT_S = 60.0


def install_instruments(
    folder: Path | None = None,
    *,
    progress: Progress,
    packages: InstrumentPackages = INSTRUMENTS,
    stalled_s: float = STALLED_S,
) -> Path:
    """
    Install soundfont and player in `folder`, by default the user's data folder; repair damaged ones.

    Returns their folder. Needs pip alone: where npm is missing, a package of the Python index brings it for the
    time of the installation. What is installed and sound is kept. Raises AudioError with the remedy.
    """
    target = instruments_folder(folder)
    with installation_errors("instruments", folder=target, needed_mb=250, raises=AudioError):
        target.mkdir(parents=True, exist_ok=True)
        require_writable(target)
        with hold(target / "install.lock"), tempfile.TemporaryDirectory(dir=target, prefix="part-") as name:
            downloads = PackageDownloads(progress=progress, stalled_s=stalled_s)
            _Installation(folder=folder, packages=packages, downloads=downloads, work=Path(name)).run()
    return target


@dataclass(slots=True, kw_only=True)
class _Installation:
    folder: Path | None
    packages: InstrumentPackages
    downloads: PackageDownloads
    work: Path
    """Scratch folder beside the installed files."""

    def run(self) -> None:
        packages, target = self.packages, instruments_folder(self.folder)
        needs_soundfont = any(fault_of(target, file) for file in (packages.soundfont, packages.notice))
        needs_player = not _plays(player_folder(self.folder)) and importlib.util.find_spec(PLAYER) is None
        npm = npm_of_this_machine() if needs_soundfont else ()
        needs_node = needs_soundfont and not npm
        if needs_node or needs_player:
            require_pip()
        total = packages.node.wheel_bytes * needs_node + packages.bundle_bytes * needs_soundfont
        self.downloads.total_bytes = total + packages.player_bytes * needs_player
        if needs_soundfont:
            self._fetch_soundfont(target, npm or self._npm_from_index())
        if needs_player:
            self._fetch_player(player_folder(self.folder))

    def _npm_from_index(self) -> tuple[str, ...]:
        wheel = self.downloads.node(self.packages.node, self.work)
        return npm_from_wheel(wheel, self.work / "node")

    def _fetch_soundfont(self, target: Path, npm: tuple[str, ...]) -> None:
        """The soundfont and the names of its authors; members are read by name, and nothing is extracted."""
        packages = self.packages
        archive = self.downloads.bundle(npm, packages.bundle, self.work, size=packages.bundle_bytes)
        with tarfile.open(archive) as opened:
            for file, member in zip((packages.soundfont, packages.notice), packages.members, strict=True):
                content = opened.extractfile(member)
                if content is None:
                    raise KeyError(member)
                write_verified(file, [content], target)

    def _fetch_player(self, player: Path) -> None:
        packages = self.packages
        wheel = self.downloads.wheel(
            packages.player, packages.player_sha256, self.work, size=packages.player_bytes, compiles=True
        )
        ready = self.work / "player"
        with zipfile.ZipFile(wheel) as opened:
            opened.extractall(ready)
        if not _plays(ready):
            raise AudioError(f"instruments: {wheel.name} does not run with this Python ({sys.executable})")
        shutil.rmtree(player, ignore_errors=True)
        ready.replace(player)


def _plays(player: Path) -> bool:
    """Whether the player in a folder can be imported; in a process of its own, since it is compiled."""
    if not (player / PLAYER).is_dir():
        return False
    try:
        done = subprocess.run(
            [sys.executable, "-c", _IMPORTS, str(player)], check=False, capture_output=True, timeout=_IMPORT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
