"""Address of a store -> store."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from bulletin.errors import StoreError, explain_os_errors, find_write_remedy
from bulletin.storage.folder_store import FolderStore
from bulletin.storage.object_store import ObjectStore
from bulletin.storage.store_interface import Store, check_key

_KNOWN = ("endpoint", "region")


def open_store(address: str, *, folder: Path | None = None, is_public: bool = False) -> Store:
    """
    The store of an address: "/shared/bulletin" or "s3://bucket/prefix?endpoint=https://s3.example.org&region=eu-west-1".

    A relative path is below `folder`. Endpoint and region may come from the environment instead
    (AWS_ENDPOINT_URL, AWS_REGION), as the credentials do. With `is_public` a folder is for a web server. A missing folder
    is made inside an existing one. Raises StoreError.
    """
    if address.startswith("s3://"):
        return _open_bucket(address)
    if "://" in address:
        raise StoreError(
            f'store {address}: unknown kind; write a folder, or "s3://bucket/prefix"', is_lasting=True
        )
    path = (folder or Path()) / Path(address).expanduser()
    if not path.is_dir() and not path.parent.is_dir():
        raise StoreError(f"store {path}: no such folder; make it, or mount the share")
    with explain_os_errors(StoreError, f"store {path}: cannot be made", find_write_remedy):
        path.mkdir(exist_ok=True, mode=0o755 if is_public else 0o700)
    return FolderStore(path, is_public=is_public)


def _open_bucket(address: str) -> ObjectStore:
    parts = urlsplit(address)
    options = dict(parse_qsl(parts.query))
    if not parts.netloc or "@" in parts.netloc or ":" in parts.netloc:
        raise StoreError(
            'store: write "s3://bucket/prefix", and the key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
            is_lasting=True,
        )
    if unknown := sorted(options.keys() - set(_KNOWN)):
        raise StoreError(
            f"store s3://{parts.netloc}{parts.path}: unknown option {unknown[0]}; known: {', '.join(_KNOWN)}",
            is_lasting=True,
        )
    prefix = parts.path.strip("/")
    return ObjectStore(
        parts.netloc,
        prefix=check_key(prefix) if prefix else "",
        endpoint=options.get("endpoint", ""),
        region=options.get("region", ""),
    )
