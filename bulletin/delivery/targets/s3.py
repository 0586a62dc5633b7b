"""Parcel -> a bucket of Amazon S3 or anything that speaks like it (Garage, R2, Ceph)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from bulletin.delivery.time_limit import Limit
from bulletin.delivery.upload import Far, Upload
from bulletin.errors import DeliveryError
from bulletin.runtime.installation import command_for_extra

_TYPES = {
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".opus": "audio/ogg",
    ".xml": "application/rss+xml; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".srt": "application/x-subrip; charset=utf-8",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
Result = TypeVar("Result")
_FULL = re.compile(
    r"Quota|StorageFull|InsufficientCapacity|CapExceeded|cap exceeded|507 Insufficient", re.IGNORECASE
)
"""As Ceph, Garage, Backblaze and others say it, some of them with 403."""
_UNTRUSTED = re.compile(r"certificate|UnknownIssuer", re.IGNORECASE)
_NO_LEAVE = re.compile(
    r"PermissionDenied|Unauthenticated|403 Forbidden|InvalidAccessKeyId|AccessDenied|SignatureDoesNotMatch"
)
_CHANGING = ("latest", "flash", "stories", "fm", "speaker")
_FOR_EVER, _A_MINUTE = "public, max-age=31536000, immutable", "public, max-age=60"


class S3(Upload):
    """An object is there whole or not at all by itself; each gets its type and how long caches may keep it."""

    def __init__(
        self,
        *,
        name: str,
        bucket: str,
        endpoint: str = "",
        region: str = "us-east-1",
        key_id: str,
        secret: str,
        prefix: str = "",
        names: Sequence[str] = (),
        timeout_s: float = 30.0,
        within_s: float = 0.0,
    ) -> None:
        super().__init__(name=name, connect=self._open, names=names, timeout_s=timeout_s, within_s=within_s)
        self._bucket, self._endpoint, self._region = bucket, endpoint, region
        self._key_id, self._secret, self._prefix = key_id, secret, prefix.strip("/")
        self._timeout_s = timeout_s

    @contextmanager
    def _open(self, limit: Limit) -> Iterator[Far]:
        try:
            import obstore
            from obstore import exceptions
            from obstore.store import S3Store
        except ImportError as error:
            remedy = f"obstore is not installed; {command_for_extra('s3')}"
            raise DeliveryError(f"{self.name}: {remedy}", is_lasting=True) from error
        where = f"{self.name}: bucket {self._bucket}"
        endpoint: dict[str, Any] = {"endpoint": self._endpoint} if self._endpoint else {}
        try:
            store = S3Store(
                self._bucket,
                prefix=self._prefix or None,
                region=self._region,
                access_key_id=self._key_id,
                secret_access_key=self._secret,
                virtual_hosted_style_request=False,
                client_options={
                    # of the whole of a request, however large: the limit sees to that
                    "timeout": timedelta(days=1),
                    "connect_timeout": timedelta(seconds=min(10.0, self._timeout_s)),
                    "allow_http": self._endpoint.startswith("http://"),
                },
                # the outbox tries again, with a growing pause
                retry_config={"max_retries": 0},
                **endpoint,
            )
            yield _Bucket(obstore, store, limit)
        except (exceptions.BaseError, FileNotFoundError, TimeoutError) as error:
            raise _told(where, error) from error


def _told(where: str, error: Exception) -> DeliveryError:
    """By the words of the answer: what obstore's own errors are called does not tell a full bucket from a wrong key."""
    said = " ".join(str(error).split())
    short = said.partition(" Debug source")[0][:300]
    if isinstance(error, TimeoutError):
        return DeliveryError(f"{where}: no answer; is it up, and is the endpoint right?")
    if _FULL.search(said):
        return DeliveryError(f"{where}: is full ({short}); free some space there, or raise its quota")
    if _UNTRUSTED.search(said + repr(error)):
        return DeliveryError(
            f"{where}: its certificate is not trusted ({short}); correct endpoint, or name your own authority's "
            "PEM file in the environment variable SSL_CERT_FILE",
            is_lasting=True,
        )
    if _NO_LEAVE.search(said + type(error).__name__):
        return DeliveryError(
            f"{where}: refuses the key ({short}); correct key_id and secret", is_lasting=True
        )
    if isinstance(error, FileNotFoundError):
        return DeliveryError(f"{where}: there is none ({short}); make it, or correct bucket", is_lasting=True)
    return DeliveryError(f"{where}: {short}; is it up, is it full, and is the endpoint right?")


class _Bucket:
    def __init__(self, obstore: Any, store: Any, limit: Limit) -> None:
        self._obstore, self._store, self._limit = obstore, store, limit

    def read(self, name: str) -> bytes | None:
        async def read() -> bytes:
            answer = await self._obstore.get_async(self._store, name)
            return bytes(await answer.bytes_async())

        try:
            return self._run(read)
        except FileNotFoundError as error:
            if "NoSuchBucket" in str(error):
                raise
            return None

    def put(self, name: str, source: Path) -> None:
        async def put() -> None:
            await self._obstore.put_async(self._store, name, source, attributes=headers_of(name))

        self._run(put)

    def delete(self, name: str) -> None:
        async def delete() -> None:
            await self._obstore.delete_async(self._store, name)

        try:
            self._run(delete)
        except FileNotFoundError:
            return

    def names(self, folder: str) -> tuple[str, ...]:
        """Nothing unfinished lies in a bucket under any name."""
        del folder
        return ()

    def _run(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """obstore's lines cannot be watched, but what waits for them can be dropped."""

        async def run() -> Result:
            return await asyncio.wait_for(work(), self._limit.left_s)

        return asyncio.run(run())


def headers_of(name: str) -> dict[str, str]:
    """Content type, and how long caches may keep it. Pure."""
    path = PurePosixPath(name)
    kind = "application/json+chapters" if name.endswith(".chapters.json") else _TYPES.get(path.suffix, "")
    changes = path.suffix in (".xml", ".html", ".json") or path.stem in _CHANGING
    headers = {"Cache-Control": _A_MINUTE if changes else _FOR_EVER}
    return headers | ({"Content-Type": kind} if kind else {})
