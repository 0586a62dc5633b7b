"""multipart/form-data, block by block -> fields in memory and files on disk (python-multipart, RFC 7578)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bulletin.errors import BulletinError, find_write_remedy
from bulletin.newsroom_web.http.web_errors import DiskFullError, TooLargeError, WebError
from bulletin.runtime.suggest_install_command import command_for_extra

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_FIELDS_BYTES = 512 * 1024
_MOST_PARTS = 2_000
_MOST_FILES = 20
_UNREADABLE = "the form cannot be read: it is cut off or not multipart/form-data; send it again from the page"


class MultipartReader:
    """Reads one request. Nothing of a file is stored before `check` has accepted the fields in front of it."""

    def __init__(
        self,
        content_type: str,
        *,
        place: Callable[[], Path],
        check: Callable[[Mapping[str, str]], None],
        takes_files: bool,
    ) -> None:
        """`place` makes the folder for files. Raises WebError for a content type without a boundary."""
        try:
            from python_multipart.exceptions import FormParserError
            from python_multipart.multipart import MultipartParser, parse_options_header
        except ImportError as error:
            raise BulletinError(
                f"uploads need python-multipart, which is not installed; run: {command_for_extra('newsroom')}"
            ) from error
        logging.getLogger("python_multipart").setLevel(logging.ERROR)  # a stranger could fill the log
        self._parse_options = parse_options_header
        self._parser_error = FormParserError
        self._place, self._check, self._takes_files = place, check, takes_files
        self._is_checked = self._has_ended = False
        self._fields: list[tuple[str, bytearray]] = []
        self._files: list[tuple[str, str, Path]] = []
        self._file: BinaryIO | None = None
        self._name, self._value = b"", b""
        self._headers: dict[str, bytes] = {}
        self._size = self._parts = 0
        boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
        try:
            self._parser = MultipartParser(boundary or b"-", self._callbacks())
        except FormParserError as error:
            raise WebError(_UNREADABLE) from error
        if not boundary:
            raise WebError(_UNREADABLE)

    @property
    def has_file(self) -> bool:
        """Whether a file has begun: the next block may wait for the disk."""
        return bool(self._files)

    def feed(self, block: bytes) -> None:
        """Read a block. Raises WebError; the caller closes the file and deletes the folder."""
        try:
            self._parser.write(block)
        except self._parser_error as error:
            raise WebError(_UNREADABLE) from error
        except OSError as error:
            raise DiskFullError(
                f"the upload cannot be stored ({error.strerror or error}), so nothing was changed; "
                f"on the station's machine: {find_write_remedy(error)}"
            ) from error

    def finish(self) -> tuple[list[tuple[str, str]], list[tuple[str, str, Path]]]:
        """Fields, and files as field, name, path. Raises WebError when the end is missing."""
        self.close()
        if not self._has_ended:
            raise WebError(_UNREADABLE)
        self._check_once()
        return self._texts(), self._files

    def _callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin_part,
            "on_header_field": self._add_name,
            "on_header_value": self._add_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._begin_data,
            "on_part_data": self._add_data,
            "on_part_end": self._end_part,
            "on_end": self._end,
        }

    def _begin_part(self) -> None:
        self._headers = {}
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise TooLargeError(f"the form has more than {_MOST_PARTS} fields")

    def _add_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._name.decode("latin-1").lower()] = self._value
        self._name, self._value = b"", b""

    def _begin_data(self) -> None:
        header = self._headers.get("content-disposition", b"").decode("latin-1")
        kind, options = self._parse_options(header)
        if kind != b"form-data" or b"name" not in options:
            raise WebError(_UNREADABLE)
        name = options[b"name"].decode("utf-8", "replace")
        if b"filename" not in options:
            self._fields.append((name, bytearray()))
            return
        if not options[b"filename"]:  # a file field in which nothing was chosen
            self._fields.append(("", bytearray()))
            return
        self._begin_file(name, options[b"filename"].decode("utf-8", "replace"))

    def _begin_file(self, field: str, name: str) -> None:
        self._check_once()
        if not self._takes_files or len(self._files) >= _MOST_FILES:
            raise TooLargeError("this form takes no file, or fewer files; send it from the page")
        path = self._place() / f"{len(self._files)}"
        self._file = path.open("xb")
        self._files.append((field, name, path))

    def _add_data(self, data: bytes, start: int, end: int) -> None:
        if self._file:
            self._file.write(data[start:end])
            return
        self._size += end - start
        if self._size > _FIELDS_BYTES:
            raise TooLargeError(f"the texts of the form are longer than {_FIELDS_BYTES // 1024} kB")
        self._fields[-1][1].extend(data[start:end])

    def _end(self) -> None:
        self._has_ended = True

    def close(self) -> None:
        """Close a file whose end has not come."""
        with suppress(OSError):
            self._end_part()

    def _end_part(self) -> None:
        file, self._file = self._file, None
        if file:
            file.close()  # raises OSError where the last bytes find no room

    def _check_once(self) -> None:
        if not self._is_checked:
            self._is_checked = True
            self._check(dict(reversed(self._texts())))

    def _texts(self) -> list[tuple[str, str]]:
        try:
            return [(name, bytes(value).decode("utf-8")) for name, value in self._fields if name]
        except UnicodeDecodeError as error:
            raise WebError("the form cannot be read: a field is not UTF-8 text") from error
