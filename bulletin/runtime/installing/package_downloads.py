"""Downloads of one installation: packages of pip and npm, with the bytes of all of them reported as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bulletin.runtime.installing.npm_packages import NodePackage
from bulletin.runtime.installing.package_clients import download_bundle, download_wheel
from bulletin.runtime.installing.verified_files import Progress


@dataclass(slots=True, kw_only=True)
class PackageDownloads:
    """Each download raises EngineUnavailableError with the remedy."""

    progress: Progress
    stalled_s: float
    """Seconds without a byte after which a download is given up."""
    done_bytes: int = 0
    total_bytes: int = 0

    def wheel(
        self, requirement: str, sha256: Sequence[str], work: Path, *, size: int, compiles: bool = False
    ) -> Path:
        """The wheel of "package==version", of about `size` bytes, in the folder `work`."""
        wheel = download_wheel(
            requirement,
            sha256,
            work,
            received=self._count(requirement, size),
            stalled_s=self.stalled_s,
            compiles=compiles,
        )
        self.arrived(requirement, size)
        return wheel

    def bundle(self, npm: Sequence[str], package: str, work: Path, *, size: int) -> Path:
        """The archive of "package@version", of about `size` bytes, by that command of npm."""
        received = self._count(package, size)
        archive = download_bundle(npm, package, work, received=received, stalled_s=self.stalled_s)
        self.arrived(package, size)
        return archive

    def node(self, node: NodePackage, work: Path) -> Path:
        """The wheel that brings npm for the time of the installation."""
        label = temporary_npm(node)
        received = self._count(label, node.wheel_bytes)
        wheel = download_wheel(
            node.requirement, node.sha256, work, received=received, stalled_s=self.stalled_s
        )
        self.arrived(label, node.wheel_bytes)
        return wheel

    def arrived(self, label: str, size: int) -> None:
        """Report a package as complete."""
        self.done_bytes += size
        self.progress(self.done_bytes, self.total_bytes, label)

    def _count(self, label: str, most: int) -> Callable[[int], None]:
        """Report of the bytes of one package, never more than it has."""
        return lambda received: self.progress(self.done_bytes + min(received, most), self.total_bytes, label)


def temporary_npm(node: NodePackage) -> str:
    """What a user reads while npm comes."""
    return f"npm, from {node.requirement}; it is removed afterwards"
