"""Parcel -> bucket of Amazon S3 or of a store with its protocol (Garage, R2, Ceph)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any, Literal, TypeVar

from bulletin.config.tables.delivery_options import S3Options
from bulletin.delivery.cut_off_slow_deliveries import TimeLimit
from bulletin.delivery.delivery_interface import LastingError
from bulletin.delivery.explain_connection_errors import Explanation, explain
from bulletin.delivery.remote_folder_base_classes import RemoteFolder, Upload
from bulletin.errors import DeliveryError
from bulletin.publishing.media_types import media_type_of
from bulletin.runtime.suggest_install_command import command_for_extra

Result = TypeVar("Result")
_FAULTS = (
    Explanation(  # in the words of Ceph, Garage, Backblaze and others, some of them with 403
        "Quota|StorageFull|InsufficientCapacity|CapExceeded|cap exceeded|507 Insufficient",
        "is full",
        "free some space there, or raise its quota",
    ),
    Explanation(
        "certificate|UnknownIssuer",
        "its certificate is not trusted",
        "correct endpoint, or name your own authority's PEM file in the environment variable SSL_CERT_FILE",
        is_lasting=True,
    ),
    Explanation(
        "PermissionDenied|Unauthenticated|403 Forbidden|InvalidAccessKeyId|AccessDenied|SignatureDoesNotMatch",
        "refuses the key",
        "correct key_id and secret",
        is_lasting=True,
    ),
    Explanation(
        "FileNotFound|NotFoundError", "does not exist", "make it, or correct bucket", is_lasting=True
    ),
)
_CHANGING = ("latest", "flash", "stories", "fm", "speaker")
"""Stems of the sound files whose content changes."""
_FOR_EVER, _A_MINUTE = "public, max-age=31536000, immutable", "public, max-age=60"


class S3(S3Options, Upload):
    """Bucket; each object appears whole, with its type and how long caches may keep it."""

    kind: Literal["s3"] = "s3"

    @contextmanager
    def connect(self, limit: TimeLimit) -> Iterator[RemoteFolder]:
        try:
            import obstore
            from obstore import exceptions
            from obstore.store import S3Store
        except ImportError as error:
            remedy = f"obstore is not installed; {command_for_extra('s3')}"
            raise LastingError(f"delivery {self.name}: {remedy}") from error
        where = f"delivery {self.name}: bucket {self.bucket}"
        endpoint: dict[str, Any] = {"endpoint": self.endpoint} if self.endpoint else {}
        try:
            store = S3Store(
                self.bucket,
                prefix=self.prefix.strip("/") or None,
                region=self.region,
                access_key_id=self.key_id,
                secret_access_key=self.secret,
                virtual_hosted_style_request=False,
                client_options={
                    # time-out of a whole request of any size; `limit` ends it earlier
                    "timeout": timedelta(days=1),
                    "connect_timeout": timedelta(seconds=min(10.0, self.timeout_s)),
                    "allow_http": self.endpoint.startswith("http://"),
                },
                # the outbox tries again, with a growing pause
                retry_config={"max_retries": 0},
                **endpoint,
            )
            yield _Bucket(obstore, store, limit)
        except (exceptions.BaseError, FileNotFoundError, TimeoutError) as error:
            raise _delivery_error(where, error) from error


def _delivery_error(where: str, error: Exception) -> DeliveryError:
    """DeliveryError by the words of the answer: obstore's classes confuse a full bucket with a wrong key."""
    if isinstance(error, TimeoutError):
        return DeliveryError(f"{where}: no answer; is the server up, and is the endpoint right?")
    short = " ".join(str(error).split()).partition(" Debug source")[0][:300]
    remedy = "is the server up, is the bucket full, and is the endpoint right?"
    return explain(where, short, _FAULTS, otherwise=remedy, details=repr(error))


class _Bucket(RemoteFolder):
    def __init__(self, obstore: Any, store: Any, limit: TimeLimit) -> None:
        self._obstore, self._store, self._limit = obstore, store, limit

    def read(self, name: str) -> bytes | None:
        async def get() -> bytes:
            answer = await self._obstore.get_async(self._store, name)
            return bytes(await answer.bytes_async())

        try:
            return self._run(get)
        except FileNotFoundError as error:
            if "NoSuchBucket" in str(error):
                raise
            return None

    def put(self, name: str, source: Path) -> None:
        headers = headers_of(name)
        self.confirm()
        self._run(lambda: self._obstore.put_async(self._store, name, source, attributes=headers))

    def delete(self, name: str) -> None:
        with suppress(FileNotFoundError):
            self._run(lambda: self._obstore.delete_async(self._store, name))

    def names(self, folder: str) -> tuple[str, ...]:
        """No names: a bucket never holds an unfinished file."""
        del folder
        return ()

    def _run(self, request: Callable[[], Awaitable[Result]]) -> Result:
        """Result of a request within the time limit: the sockets of obstore cannot be watched."""

        async def run() -> Result:
            return await asyncio.wait_for(request(), self._limit.left_s)

        return asyncio.run(run())


def headers_of(name: str) -> dict[str, str]:
    """Content type and Cache-Control of a file name."""
    path = PurePosixPath(name)
    kind = media_type_of(name)
    changes = path.suffix in (".xml", ".html", ".json") or path.stem in _CHANGING
    headers = {"Cache-Control": _A_MINUTE if changes else _FOR_EVER}
    return headers | ({"Content-Type": kind} if kind else {})
