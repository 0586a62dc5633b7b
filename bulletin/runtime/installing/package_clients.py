"""pip and npm as downloaders: one package each call, with the bytes that have come, by hash."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bulletin.errors import EngineUnavailableError

_POLL_S = 0.2
STALLED_S = 180.0
"""Longest time in which no byte comes; pip and npm give up by themselves after 15 to 90 s without an answer."""
_TRIES = 3
"""Of a download that was cut off; one that never began is not tried again."""
_BEGUN_BYTES = 65_536
"""More than a client's answer about versions, less than a package."""

_BROKEN = "after connection broken by "
"""In pip's warning before it asks once more."""

Received = Callable[[int], None]
"""Called with the bytes of the present package that have come."""


def require_pip() -> None:
    """Raises EngineUnavailableError with the remedy where this Python has no pip."""
    if importlib.util.find_spec("pip") is None:
        remedy = "python -m ensurepip --upgrade, apt install python3-pip, or uv pip install pip"
        raise EngineUnavailableError(f"pip is missing from this Python ({sys.executable}): {remedy}")


def download_wheel(
    requirement: str,
    sha256: Sequence[str],
    work: Path,
    *,
    received: Received,
    stalled_s: float,
    compiles: bool = False,
) -> Path:
    """
    The wheel of "package==version" whose SHA-256 is one of `sha256`, in the folder `work`.

    Uses pip with the user's mirrors, proxies and certificates. `compiles`: where there is no wheel for this
    Python, pip makes one from the source whose hash is in `sha256`. Raises EngineUnavailableError.
    """
    require_pip()
    hashes = " ".join(f"--hash=sha256:{value}" for value in sha256)
    asked = work / "requirement.txt"
    asked.write_text(f"{requirement} {hashes}\n", encoding="utf-8")
    flags = ["--no-deps", "--no-input", "--disable-pip-version-check", "--quiet"]
    verb = ["wheel"] if compiles else ["download", "--only-binary=:all:"]
    command = [sys.executable, "-m", "pip", *verb, *flags, "--require-hashes", "-r", str(asked)]
    name = requirement.partition("==")[0].replace("-", "_")
    return _download(
        f"pip {verb[0]} {requirement}", command, f"{name}-*.whl", work, received=received, stalled_s=stalled_s
    )


def download_bundle(
    npm: Sequence[str], package: str, work: Path, *, received: Received, stalled_s: float
) -> Path:
    """The archive of "package@version" by npm, in the folder `work`. Raises EngineUnavailableError."""
    command = [*npm, "pack", "--loglevel=error", "--ignore-scripts", package]
    pattern = f"{package.rpartition('@')[0].replace('/', '-').removeprefix('@')}-*.tgz"
    return _download(f"npm pack {package}", command, pattern, work, received=received, stalled_s=stalled_s)


def npm_of_this_machine() -> tuple[str, ...]:
    """Command of the npm on PATH; empty when there is none or it does not start."""
    npm = shutil.which("npm")
    if not npm:
        return ()
    try:
        done = subprocess.run([npm, "--version"], check=False, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return () if done.returncode else (npm,)


def npm_from_wheel(wheel: Path, folder: Path) -> tuple[str, ...]:
    """Unpack Node.js and npm, and nothing else, from their wheel into `folder`; the command of npm."""
    with zipfile.ZipFile(wheel) as opened:
        names = [
            name
            for name in opened.namelist()
            if "/node_modules/npm/" in name or name.rpartition("/")[2] in ("node", "node.exe")
        ]
        opened.extractall(folder, names)
    node = next((folder / name for name in names if name.rpartition("/")[2] in ("node", "node.exe")), None)
    script = next((folder / name for name in names if name.endswith("npm/bin/npm-cli.js")), None)
    if node is None or script is None:
        raise EngineUnavailableError(
            f"{wheel.name} has no npm; install Node.js (nodejs.org, apt install npm, brew install node)"
        )
    node.chmod(0o755)
    return str(node), str(script)


def _download(
    label: str, command: Sequence[str], pattern: str, work: Path, *, received: Received, stalled_s: float
) -> Path:
    for attempt in range(1, _TRIES + 1):
        message, largest = _run(command, work, received=received, stalled_s=stalled_s)
        paths = list(work.glob(pattern))
        if not message and len(paths) == 1:
            return paths[0]
        for path in paths:
            path.unlink()
        if not message:
            raise EngineUnavailableError(f"{label} brought no {pattern}")
        if largest < _BEGUN_BYTES or attempt == _TRIES:
            break
    raise EngineUnavailableError(f"{label} failed ({message}); run that command by hand to see why")


def _run(command: Sequence[str], work: Path, *, received: Received, stalled_s: float) -> tuple[str, int]:
    """Reason of a failure, empty for success, and the bytes that had come."""
    with tempfile.TemporaryDirectory(dir=work, prefix="client-", ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        with (scratch / "messages").open("w+b") as messages:
            try:
                client = subprocess.Popen(
                    command,
                    cwd=work,
                    stdin=subprocess.DEVNULL,
                    stdout=messages,
                    stderr=messages,
                    env=_environment(scratch),
                )
            except OSError as error:
                return f"{command[0]} cannot be run: {error}", 0
            try:
                largest, is_stalled = _watch(client, scratch, received=received, stalled_s=stalled_s)
            finally:
                if client.poll() is None:
                    client.kill()
                client.wait()
            if is_stalled:
                return f"nothing came for {stalled_s:.0f} s", largest
            if client.returncode:
                messages.seek(0)
                return _reason(messages.read()), largest
    return "", largest


def _environment(scratch: Path) -> Mapping[str, str]:
    """The user's environment, with the client's temporary files where they can be counted."""
    folders = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    npm = {"npm_config_cache": str(scratch / "npm"), "npm_config_update_notifier": "false"}
    return {**os.environ, **folders, **npm}


def _watch(
    client: subprocess.Popen[bytes], scratch: Path, *, received: Received, stalled_s: float
) -> tuple[int, bool]:
    """Bytes of the largest file that the client wrote, and whether it stalled."""
    largest, grown_at_s = 0, time.monotonic()
    while True:
        try:
            client.wait(_POLL_S)
            return largest, False
        except subprocess.TimeoutExpired:
            now_s, size = time.monotonic(), _largest_file(scratch)
            if size > largest:
                largest, grown_at_s = size, now_s
                received(largest)
            elif now_s - grown_at_s > stalled_s:
                return largest, True


def _largest_file(folder: Path) -> int:
    """pip writes a download twice, into its cache and a file, so sizes must not be added."""
    largest = 0
    for root, _, names in os.walk(folder):
        for name in names:
            if name != "messages":
                try:
                    largest = max(largest, Path(root, name).stat().st_size)
                except OSError:  # the client has just moved it
                    continue
    return largest


def _reason(messages: bytes) -> str:
    """
    The line of a client's messages that says most.

    >>> _reason(b"npm error code E404\\nnpm error 404 Not Found - GET x\\nnpm error A complete log is in y")
    'npm error 404 Not Found - GET x'
    >>> _reason(b"WARNING: retrying\\nERROR: No matching distribution found for x==1\\n")
    'ERROR: No matching distribution found for x==1'
    >>> _reason(b"WARNING: Retrying (Retry(total=0)) after connection broken by 'no route': /x/\\nERROR: No matching")
    "the index cannot be reached: 'no route': /x/"
    """
    lines = [line.strip() for line in messages.decode(errors="replace").splitlines() if line.strip()]
    of_npm = [
        line for line in lines if re.match(r"npm (error|ERR!) (?!code|errno|syscall|A complete log)", line)
    ]
    broken = [line.partition(_BROKEN)[2] for line in lines if _BROKEN in line]
    if broken and "No matching" in lines[-1]:  # pip found nothing, because nobody answered
        return f"the index cannot be reached: {broken[-1]}"[:300]
    of_pip = [line.removeprefix("× ") for line in reversed(lines) if line.startswith(("ERROR:", "× "))]
    return (of_npm or of_pip or lines[-1:] or ["no message"])[0][:300]
