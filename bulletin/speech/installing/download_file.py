"""Download of one file of a hub over HTTP: resumed after an interruption, verified by its SHA-256."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from pathlib import Path

from bulletin.errors import EngineUnavailableError
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.installing.verified_files import Progress, sha256_of

_BLOCK_BYTES = 1 << 18
_TRIES = 3
_NO_RANGE = 416
_PART_OF_FILE = 206


class _BrokenOffError(Exception):
    """The connection ended early; the bytes that came are kept."""


def download_file(
    url: str,
    part: Path,
    *,
    size: int,
    sha256: str,
    progress: Progress,
    silence_s: float = 30.0,
    within_s: float = 900.0,
) -> str:
    """
    Bring the file at `url` into `part`, whose bytes of an earlier try are kept; its SHA-256.

    A line that breaks is taken up again. Uses the proxies and certificates of the environment (https_proxy,
    SSL_CERT_FILE). An empty `sha256` accepts any content of that size. Raises EngineUnavailableError: after
    `silence_s` seconds without a byte, after `within_s` seconds in all, for another size or checksum; then `part`
    is gone if its content was wrong.
    """
    deadline = Deadline.after(within_s)
    for attempt in range(1, _TRIES + 1):
        had = part.stat().st_size if part.exists() else 0
        try:
            if had != size:
                _fetch(url, part, had, size=size, progress=progress, silence_s=silence_s, deadline=deadline)
        except _BrokenOffError as error:
            if attempt == _TRIES or deadline.is_over:
                raise EngineUnavailableError(
                    f"{url}: {error}; run the command again, it goes on from there"
                ) from error
            continue
        came = sha256_of(part)
        if not sha256 or came == sha256:
            return came
        part.unlink()
        if not had:  # else the old bytes may be the wrong ones
            break
    reason = f"has sha256 {came[:12]}…, not {sha256[:12]}…"
    raise EngineUnavailableError(f"{url} is not the expected file: it {reason}; nothing was installed")


def _fetch(
    url: str, part: Path, had: int, *, size: int, progress: Progress, silence_s: float, deadline: Deadline
) -> None:
    """Append the missing bytes to `part`. Raises _BrokenOffError, EngineUnavailableError."""
    asked = urllib.request.Request(url, headers={"Range": f"bytes={had}-"} if had else {})
    try:
        with urllib.request.urlopen(asked, timeout=silence_s) as answer:
            is_rest = had > 0 and answer.status == _PART_OF_FILE
            announced = (had if is_rest else 0) + int(answer.headers.get("Content-Length") or size)
            if announced != size:
                part.unlink(missing_ok=True)
                raise EngineUnavailableError(
                    f"{url} is not the expected file: it has {announced:,} bytes instead of {size:,}; nothing was "
                    "installed"
                )
            with part.open("ab" if is_rest else "wb") as out:
                done = out.tell()
                while block := answer.read1(_BLOCK_BYTES):
                    out.write(block)
                    done += len(block)
                    progress(min(done, size), size, url.rpartition("/")[2])
                    if done > size:
                        break
                    if deadline.is_over:
                        raise _BrokenOffError(f"too slow, {done:,} of {size:,} bytes came in time")
    except urllib.error.HTTPError as error:
        if error.code == _NO_RANGE:
            part.unlink(missing_ok=True)
            raise _BrokenOffError("the server has a shorter file") from error
        raise EngineUnavailableError(
            f"{url}: the hub answered {error.code} ({error.reason}); see docs/VOICES.md for another way"
        ) from error
    except (TimeoutError, urllib.error.URLError, http.client.HTTPException, ConnectionError) as error:
        done = part.stat().st_size if part.exists() else 0
        reason = getattr(error, "reason", "") or error
        what = f"broke off after {done:,} of {size:,} bytes" if done else "cannot be reached"
        raise _BrokenOffError(f"{what} ({reason})") from error
    if done > size:
        part.unlink()
        raise EngineUnavailableError(
            f"{url} is not the expected file: it has more than {size:,} bytes; nothing was installed"
        )
    if done < size:
        raise _BrokenOffError(f"broke off after {done:,} of {size:,} bytes")
