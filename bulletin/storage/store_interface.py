"""Interface of a store: whole objects under keys, with create-only and conditional puts."""

from __future__ import annotations

import re
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bulletin.errors import StoreError

_PART = re.compile(r"[\w+@=][\w.+@=-]*")
"""Part of a key: no leading dot, no space, no character that a URL or a file system escapes."""
_LONGEST_KEY, _LONGEST_PART = 800, 200
"""Bytes. S3 allows 1,024 for prefix and key, file systems 255 for a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBytes:
    """Content of an object."""

    data: bytes
    tag: str
    """Entity tag of this content, for a conditional put."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObject:
    """Entry of a listing."""

    key: str
    size_bytes: int
    changed_at: datetime
    """By the clock of the store."""
    tag: str
    """Entity tag of the content."""


class Store(ABC):
    """
    Objects that several machines read and write at the same time.

    An object is complete or missing; readers never see a part. Every method raises StoreError, which names the
    store, the key and the remedy; `is_lasting` says whether another try fails, too. Requests are repeated for
    a bounded time.
    """

    label: str
    """Address for messages, without credentials."""

    @abstractmethod
    def put_new(self, key: str, data: bytes, *, headers: Mapping[str, str] | None = None) -> bool:
        """
        Store an object unless the key exists; False if it does. Of several writers exactly one gets True.

        A writer whose first answer was lost on the way may get False for its own object.
        `headers` ("Content-Type", "Cache-Control") are for the readers of a public bucket.
        """

    @abstractmethod
    def put(
        self,
        key: str,
        data: bytes,
        *,
        if_unchanged: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """
        Store or replace an object; return its new tag.

        "" where its tag is not `if_unchanged` any more, or it is gone: nothing was written.
        """

    @abstractmethod
    def get_with_tag(self, key: str) -> StoredBytes | None:
        """Content and tag of an object, or None if it does not exist."""

    def get(self, key: str) -> bytes | None:
        """Content of an object, or None if it does not exist."""
        stored = self.get_with_tag(key)
        return stored.data if stored else None

    @abstractmethod
    def exists(self, key: str) -> bool:
        """Whether the object exists, without reading it."""

    @abstractmethod
    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Objects below a folder of keys, "speech/ab" for "speech/ab/…"; all by default."""

    @abstractmethod
    def delete(self, key: str) -> None:
        """Delete an object, if it exists."""

    def path_of(self, key: str) -> Path | None:
        """File of the object if the store keeps each object as a file of this machine; else None."""
        check_key(key)
        return None

    def check(self) -> None:
        """Write, read and delete a small object: raises StoreError if the store cannot be used."""
        key = f"check/{uuid.uuid4().hex}"  # of its own: many processes check at the same time
        self.put(key, b"check")
        if self.get(key) is None:
            raise StoreError(f"store {self.label}: a new object cannot be read back; use another store")
        self.delete(key)


def check_key(key: str) -> str:
    """
    The key, if every store can hold it: parts with "/" between them, no "..", no absolute path.

    >>> check_key("objects/ab/abc.mp3")
    'objects/ab/abc.mp3'
    >>> check_key("../secret")
    Traceback (most recent call last):
    ...
    bulletin.errors.StoreError: key '../secret' is not possible in a store; rename the file: letters, digits and . _ - + @ =
    """
    parts = key.split("/")
    fits = len(key.encode(errors="replace")) <= _LONGEST_KEY and all(
        _PART.fullmatch(part) and len(part.encode()) <= _LONGEST_PART for part in parts
    )
    if not fits:
        short = key if len(key) <= 100 else f"{key[:100]}…"
        raise StoreError(
            f"key {short!r} is not possible in a store; rename the file: letters, digits and . _ - + @ =",
            is_lasting=True,
        )
    return key
