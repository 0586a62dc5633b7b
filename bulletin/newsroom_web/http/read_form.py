"""
Form of a request -> Form: fields, and uploads streamed to private temporary files, within limits.

The form token is checked before the first byte of a file is stored. Temporary files are deleted at the end of the
request, also after an upload that was cut off.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import parse_qsl

from starlette.requests import Request

from bulletin.newsroom_web.http.parse_multipart import MultipartReader
from bulletin.newsroom_web.http.web_errors import BadFieldError, SlowUploadError, TooLargeError, WebError

_MOST_FIELDS = 2_000
_NOT_IN_KEY = ("key", "csrf", "seen")
"""Fields that differ when the same request is sent again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLimits:
    """Limits of a request that changes something."""

    form_bytes: int = 512 * 1024
    """All text fields; a bulletin of ten minutes has 10 kB of words."""
    upload_bytes: int = 200 * 1024 * 1024
    """A request with files: an hour of stereo MP3, or twenty minutes of WAV."""
    pause_s: float = 20.0
    """Longest pause between two blocks."""
    total_s: float = 15 * 60.0
    """Longest time from the first byte to the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An uploaded file in a temporary file, which is deleted at the end of the request."""

    name: str
    """The name that the browser gave, without folders; for people only, never for a path."""
    path: Path
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Form:
    """Fields in the order of the form."""

    fields: Sequence[tuple[str, str]] = ()
    uploads: Mapping[str, Sequence[Upload]] = field(default_factory=dict)

    def text(self, name: str, default: str | None = None) -> str:
        """A field's text, with line ends as "\\n". Raises BadFieldError when it is missing and has no default."""
        for key, value in self.fields:
            if key == name:
                return value.replace("\r\n", "\n")
        if default is None:
            raise BadFieldError(f'the field "{name}" is missing; load the page again and repeat it')
        return default

    def with_key(self, user: str, action: str) -> Form:
        """
        The form with the key of its request as the user's own, and of these fields alone.

        The browser's Back button shows a page with its old key; with the user and the fields it is another key.
        """
        given = self.text("key", "")
        if not given:
            return self
        sizes = [(name, str(file.size_bytes)) for name, files in self.uploads.items() for file in files]
        about = [*(pair for pair in self.fields if pair[0] not in _NOT_IN_KEY), *sizes]
        digest = hashlib.sha256(repr((given, action, about)).encode("utf-8", "replace")).hexdigest()[:32]
        fields = [pair for pair in self.fields if pair[0] != "key"]
        return Form([*fields, ("key", f"web {user} {digest}")], self.uploads)

    def texts(self, name: str) -> tuple[str, ...]:
        """All values of a field."""
        return tuple(value.replace("\r\n", "\n") for key, value in self.fields if key == name)

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number. Raises BadFieldError when it is missing or is none."""
        text = self.text(name, None if default is None else str(default)).strip()
        if not text.removeprefix("-").isdecimal() or len(text) > 18:
            raise BadFieldError(f'"{text[:40]}" is not a whole number (field "{name}")')
        return int(text)

    def has(self, name: str) -> bool:
        """Whether a field is there: a checked box."""
        return any(key == name for key, _ in self.fields)

    def upload(self, name: str) -> Upload:
        """An uploaded file. Raises BadFieldError when none was chosen, or it is empty."""
        uploads = self.uploads.get(name, ())
        if not uploads:
            raise BadFieldError("no file was chosen; choose one and send the form again")
        if not uploads[0].size_bytes:
            raise BadFieldError(f'the file "{uploads[0].name}" is empty; choose another')
        return uploads[0]


@asynccontextmanager
async def reading_form(
    request: Request,
    *,
    folder: Path,
    check: Callable[[Mapping[str, str]], None],
    limits: FormLimits,
    with_files: bool = False,
) -> AsyncIterator[Form]:
    """
    The form of a request, while the block runs; `folder` is for uploads.

    `check` gets the fields that stand before the first file, and raises to refuse the request. Without `with_files`
    a file is refused. Raises WebError for a form that is too large, too slow, cut off or unreadable.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        with _upload_folder(folder) as place:
            yield await _read_multipart(request, place, check, limits, with_files)
        return
    if kind not in ("", "application/x-www-form-urlencoded"):
        raise WebError(f'a form of the type "{kind[:60]}" cannot be read; send it from the page')
    data = await read_body(request, limits)
    try:
        text = data.decode("utf-8")
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError as error:  # also UnicodeDecodeError
        raise WebError("the form cannot be read: it is not UTF-8 or has too many fields") from error
    check(dict(reversed(fields)))
    yield Form(fields)


async def read_body(request: Request, limits: FormLimits) -> bytes:
    """The whole body of a request without files. Raises WebError."""
    return b"".join([block async for block in _blocks(request, limits, limits.form_bytes)])


async def _read_multipart(
    request: Request,
    place: Callable[[], Path],
    check: Callable[[Mapping[str, str]], None],
    limits: FormLimits,
    with_files: bool,
) -> Form:
    kind = request.headers["content-type"]
    reader = MultipartReader(kind, place=place, check=check, takes_files=with_files)
    try:
        async for block in _blocks(request, limits, limits.upload_bytes if with_files else limits.form_bytes):
            if reader.has_file:
                await asyncio.to_thread(reader.feed, block)
            else:
                reader.feed(block)
        fields, files = reader.finish()
    finally:
        reader.close()
    uploads: dict[str, list[Upload]] = {}
    for part, name, path in files:
        upload = Upload(name=plain_file_name(name), path=path, size_bytes=path.stat().st_size)
        uploads.setdefault(part, []).append(upload)
    return Form(fields, uploads)


def plain_file_name(name: str) -> str:
    """The last part of a file's name, as POSIX and Windows see it, without signs that cannot be printed."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    return "".join(char for char in last if char.isprintable())[:120] or "upload"


async def _blocks(request: Request, limits: FormLimits, most_bytes: int) -> AsyncIterator[bytes]:
    """Blocks of the request's body. Raises TooLargeError, SlowUploadError, WebError when it was cut off."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most_bytes:
        raise _too_large(most_bytes)
    size, until, goes_on = 0, asyncio.get_running_loop().time() + limits.total_s, True
    while goes_on:
        left = until - asyncio.get_running_loop().time()
        try:
            message = await asyncio.wait_for(request.receive(), min(limits.pause_s, max(left, 0.0)))
        except TimeoutError as error:
            raise SlowUploadError(
                "the form came too slowly, so nothing was changed; send it again over a faster line"
            ) from error
        if message["type"] == "http.disconnect":
            raise WebError("the upload was cut off, so nothing was changed; send it again")
        block, goes_on = message.get("body", b""), message.get("more_body", False)
        size += len(block)
        if size > most_bytes:
            raise _too_large(most_bytes)
        yield block


def _too_large(most_bytes: int) -> TooLargeError:
    size = f"{most_bytes / 1024 / 1024:.0f} MB" if most_bytes >= 1024 * 1024 else f"{most_bytes // 1024} kB"
    return TooLargeError(f"the form is larger than {size}, so nothing was changed; send a shorter file")


class _upload_folder:
    """A folder of its own for the files of a request, deleted at the end."""

    def __init__(self, parent: Path) -> None:
        self._parent = parent

    def __enter__(self) -> Callable[[], Path]:
        self._folder: Path | None = None
        return self._make

    def _make(self) -> Path:
        if self._folder is None:
            self._parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._folder = Path(tempfile.mkdtemp(prefix="upload-", dir=self._parent))
        return self._folder

    def __exit__(self, *error: object) -> None:
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
