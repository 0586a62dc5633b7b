"""Store in a bucket of Amazon S3, or of a server with its protocol and conditional puts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from bulletin.errors import StoreError
from bulletin.runtime.suggest_install_command import command_for_extra
from bulletin.storage.store_interface import Store, StoredBytes, StoredObject, check_key

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

_MOST_RETRIES = 8


class _Fault(NamedTuple):
    """Answer of a server -> words for people."""

    pattern: str
    fault: str
    remedy: str
    is_lasting: bool = True
    has_answer: bool = True
    """The server's own words say more."""


_FAULTS = (
    _Fault(  # in the words of Ceph, Garage, Backblaze and others, some of them with 403
        "Quota|StorageFull|InsufficientCapacity|CapExceeded|cap exceeded|507 Insufficient",
        "the bucket is full",
        "free some space there, or raise its quota",
        is_lasting=False,
    ),
    _Fault(  # obstore then asks the metadata server of Amazon's machines
        r"169\.254\.169\.254|security-credentials",
        "there is no key",
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment",
        has_answer=False,  # it is that of another server
    ),
    _Fault(
        "certificate|UnknownIssuer",
        "its certificate is not trusted",
        "correct the endpoint, or name your own authority's PEM file in the environment variable SSL_CERT_FILE",
    ),
    _Fault(
        "InvalidAccessKeyId|SignatureDoesNotMatch|Unauthenticated|InvalidToken|ExpiredToken|401 Unauthorized",
        "the server refuses the key",
        "correct AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment",
    ),
    _Fault("RequestTimeTooSkewed", "the clock of this machine is wrong", "set it by NTP", is_lasting=False),
    _Fault(
        "AccessDenied|PermissionDenied|403 Forbidden",
        "the key has no permission",
        "allow this key to list, read, write and delete objects of the bucket",
    ),
    _Fault("NoSuchBucket", "the bucket does not exist", "make it, or correct store in [group]"),
    _Fault(
        "501 Not Implemented|NotSupported|NotImplemented",
        "the server has no conditional puts",
        "use a server that answers If-None-Match, or a folder",
    ),
    _Fault(
        "503|SlowDown|ServiceUnavailable|500 Internal|502 Bad|504 Gateway",
        "the server is overloaded or in repair",
        "it is asked again; if this lasts, see its log",
        is_lasting=False,
    ),
    _Fault(
        "timed out|timeout|error sending request|connect|retries",
        "no answer",
        "is the server up, and is the endpoint right?",
        is_lasting=False,
    ),
)


class ObjectStore(Store):
    """
    Objects of a bucket, below a prefix.

    `timeout_s` is the limit of one request, `patience_s` the time after which no request is repeated.
    Credentials come from the environment, as for other programs: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.
    Raises StoreError if obstore is not installed.
    """

    def __init__(
        self,
        bucket: str,
        *,
        prefix: str = "",
        endpoint: str = "",
        region: str = "",
        timeout_s: float = 30.0,
        patience_s: float = 25.0,
    ) -> None:
        self.label = f"s3://{bucket}/{prefix}" if prefix else f"s3://{bucket}"
        try:
            import obstore
            from obstore import exceptions
            from obstore.store import S3Store
        except ImportError as error:
            remedy = f"obstore is not installed; {command_for_extra('s3')}"
            raise StoreError(f"store {self.label}: {remedy}", is_lasting=True) from error
        self._obstore, self._errors = obstore, exceptions
        client: ClientConfig = {
            "timeout": timedelta(seconds=timeout_s),
            "connect_timeout": timedelta(seconds=min(5.0, timeout_s)),
            "allow_http": True,
        }
        retries: RetryConfig = {
            "max_retries": _MOST_RETRIES if patience_s else 0,
            "retry_timeout": timedelta(seconds=patience_s),
            "backoff": {
                "init_backoff": timedelta(seconds=min(0.2, patience_s)),
                "max_backoff": timedelta(seconds=min(5.0, max(patience_s, 0.1))),
            },
        }
        config: S3Config = {"virtual_hosted_style_request": False, "conditional_put": "etag"}
        if endpoint:
            config["endpoint"] = endpoint
        if region:
            config["region"] = region
        try:
            self._store = S3Store(
                bucket, prefix=prefix or None, config=config, client_options=client, retry_config=retries
            )
        except exceptions.BaseError as error:
            raise self._error("", error) from error

    def put_new(self, key: str, data: bytes, *, headers: Mapping[str, str] | None = None) -> bool:
        with self._explained(key):
            try:
                self._put(key, data, mode="create", headers=headers)
            except self._errors.AlreadyExistsError:
                return False
        return True

    def put(
        self,
        key: str,
        data: bytes,
        *,
        if_unchanged: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        with self._explained(key):
            try:
                mode = "overwrite" if if_unchanged is None else {"e_tag": if_unchanged}
                return self._put(key, data, mode=mode, headers=headers)
            except self._errors.PreconditionError:
                return ""
            except (FileNotFoundError, self._errors.NotFoundError) as error:
                if if_unchanged is None or "NoSuchBucket" in str(error):
                    raise
                return ""

    def _put(self, key: str, data: bytes, *, mode: Any, headers: Mapping[str, str] | None) -> str:
        # one request: a multipart upload takes no condition
        result = self._obstore.put(
            self._store,
            check_key(key),
            data,
            mode=mode,
            attributes=dict(headers) if headers else None,
            use_multipart=False,
        )
        return result["e_tag"] or "unknown"

    def get_with_tag(self, key: str) -> StoredBytes | None:
        with self._explained(key):
            try:
                answer = self._obstore.get(self._store, check_key(key))
                tag = answer.meta["e_tag"] or ""
                return StoredBytes(data=bytes(answer.bytes()), tag=tag)
            except (FileNotFoundError, self._errors.NotFoundError) as error:
                if "NoSuchBucket" in str(error):
                    raise
                return None

    def exists(self, key: str) -> bool:
        with self._explained(key):
            try:
                self._obstore.head(self._store, check_key(key))
            except (FileNotFoundError, self._errors.NotFoundError):
                return False
        return True

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        with self._explained(prefix):
            for page in self._obstore.list(self._store, prefix=check_key(prefix) if prefix else None):
                for item in page:
                    yield StoredObject(
                        key=item["path"],
                        size_bytes=item["size"],
                        changed_at=item["last_modified"],
                        tag=item["e_tag"] or "",
                    )

    def delete(self, key: str) -> None:
        with self._explained(key):
            try:
                self._obstore.delete(self._store, check_key(key))
            except (FileNotFoundError, self._errors.NotFoundError) as error:
                if "NoSuchBucket" in str(error):
                    raise

    @contextmanager
    def _explained(self, key: str) -> Iterator[None]:
        """Errors of obstore as StoreError."""
        try:
            yield
        except (self._errors.BaseError, OSError) as error:
            raise self._error(key, error) from error

    def _error(self, key: str, error: Exception) -> StoreError:
        """The error by the words of the answer: obstore's classes confuse a full bucket with a wrong key."""
        whole = f"{error} {error!r}"
        short = " ".join(str(error).split()).partition(" Debug source")[0][:300]
        where = f"store {self.label}: {key}: " if key else f"store {self.label}: "
        for fault in _FAULTS:
            if re.search(fault.pattern, whole, re.IGNORECASE):
                answer = f" ({short})" if fault.has_answer else ""
                return StoreError(
                    f"{where}{fault.fault}{answer}; {fault.remedy}", is_lasting=fault.is_lasting
                )
        return StoreError(f"{where}{short}; is the server up, and is the endpoint right?")
