"""moto's S3 as a process of its own: one request at a time, so that conditional puts are as atomic as in S3."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest

from bulletin.storage.open_store import open_store
from bulletin.storage.store_interface import Store
from tests.support.delivery_servers.base import answers, wait_for
from tests.support.free_ports import free_port

_SERVER = """
import sys, threading
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, run_simple

app, lock = DomainDispatcherApplication(create_backend_app), threading.Lock()

class Quiet(WSGIRequestHandler):
    def log(self, *_): pass

def one_at_a_time(environ, start_response):
    with lock:
        return [b"".join(app(environ, start_response))]

run_simple("127.0.0.1", int(sys.argv[1]), one_at_a_time, threaded=True, request_handler=Quiet)
"""
BUCKET = "group"


@dataclass(slots=True)
class BucketProcess:
    """A running S3 server with the bucket `group`."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def address(self, prefix: str = "", *, endpoint: str = "", bucket: str = BUCKET) -> str:
        """Address for `open_store`."""
        return f"s3://{bucket}/{prefix}?endpoint={quote(endpoint or self.endpoint, safe='')}&region=us-east-1"

    def client(self, kind: str = "s3") -> Any:
        import boto3

        return boto3.client(
            kind,
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id="id",
            aws_secret_access_key="secret",
        )


@contextmanager
def bucket_process(*, unchecked_requests: int = 0) -> Iterator[BucketProcess]:
    """Run the server; after so many requests, if any, it checks keys and permissions."""
    port = free_port()
    environment = os.environ | {"MOTO_PORT": str(port)}
    if unchecked_requests:
        environment["INITIAL_NO_AUTH_ACTION_COUNT"] = str(unchecked_requests)
    with subprocess.Popen([sys.executable, "-c", _SERVER, str(port)], env=environment) as process:
        try:
            wait_for(lambda: answers(port))
            server = BucketProcess(port, process)
            server.client().create_bucket(Bucket=BUCKET)
            yield server
        finally:
            with suppress(ProcessLookupError):
                process.kill()


def open_target(kind: str, request: pytest.FixtureRequest) -> Store:
    """A new "folder" or "bucket" for a test, whose fixture `bucket` is a running server."""
    name = re.sub(r"\W+", "-", request.node.name)
    if kind == "folder":
        return open_store(name, folder=request.getfixturevalue("tmp_path"), is_public=True)
    server: BucketProcess = request.getfixturevalue("bucket")
    patch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    patch.setenv("AWS_ACCESS_KEY_ID", "id")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    return open_store(server.address(f"p{os.getpid()}/{name}"))
