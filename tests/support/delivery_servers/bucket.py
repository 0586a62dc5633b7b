"""S3 bucket server."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from typing import Any

from tests.support.delivery_servers.base import Server, answers, wait_for


class BucketServer(Server):
    """moto's S3. It keeps its objects for the life of the process, so each server has its own bucket."""

    kind = "s3"

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.bucket = f"news-{self.port}"

    def start(self) -> None:
        from moto.server import ThreadedMotoServer

        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        self.server.start()
        wait_for(lambda: answers(self.port))
        with contextlib.suppress(Exception):
            self._client().create_bucket(Bucket=self.bucket)

    def stop(self) -> None:
        self.server.stop()

    def _client(self) -> Any:
        import boto3

        return boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            region_name="us-east-1",
            aws_access_key_id="id",
            aws_secret_access_key="secret",
        )

    def files(self) -> dict[str, bytes]:
        client = self._client()
        listed = client.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return {
            item["Key"].removeprefix("radio/"): client.get_object(Bucket=self.bucket, Key=item["Key"])[
                "Body"
            ].read()
            for item in listed
        }

    def headers(self, name: str) -> dict[str, str]:
        head = self._client().head_object(Bucket=self.bucket, Key=f"radio/{name}")
        return {"type": head["ContentType"], "cache": head["CacheControl"]}

    def given(self) -> dict[str, Any]:
        return {
            "bucket": self.bucket,
            "endpoint": f"http://127.0.0.1:{self.door}",
            "key_id": "id",
            "secret": "secret",
            "prefix": "radio",
            "timeout_s": 10.0,
        }

    def lost(self) -> dict[str, str]:
        return {"bucket": "none"}
