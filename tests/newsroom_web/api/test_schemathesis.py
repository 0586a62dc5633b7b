"""schemathesis reads the OpenAPI document and calls the running server: with right and with wrong requests."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.newsroom_server import ServedNewsroom

MORE_THAN_A_FIELD_SAYS = (
    *("POST next/reword", "POST next/clip", "POST stories/with-clip", "POST names", "POST names/hear"),
    *("POST say", "PUT profile", "POST feeds", "POST feeds/opml", "POST imaging/upload"),
)
"""Operations that refuse right fields: words that no voice can read, a wrong profile or address, no OPML, no sound."""


def _config() -> str:
    parts = ['[parameters]\n"path.station" = "hill"\n']
    for name in MORE_THAN_A_FIELD_SAYS:
        method, path = name.split()
        parts.append(
            f'[[operations]]\ninclude-name = "{method} /stations/{{station}}/{path}"\n'
            "checks.positive_data_acceptance.enabled = false\n"
        )
    return "\n".join(parts)


@pytest.mark.clients
def test_the_server_answers_as_its_document_says(hill: ServedNewsroom, tmp_path: Path) -> None:
    program = shutil.which("schemathesis") or shutil.which(
        "schemathesis", path=str(Path(sys.executable).parent)
    )
    if not program:
        pytest.skip("needs schemathesis: make lint installs it")
    config = tmp_path / "schemathesis.toml"
    config.write_text(_config(), encoding="utf-8")
    token = hill.accounts.add_token("ada", "schemathesis")
    done = subprocess.run(
        [
            program,
            *("--config-file", str(config), "run", f"{hill.address}/api/openapi.json"),
            *("-H", f"Authorization: Bearer {token}", "--mode", "all"),
            *("--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--seed", "1", "--no-color"),
            *("--suppress-health-check", "all", "--exclude-operation-id", "find_feeds"),  # it asks strangers
            *("--request-timeout", "120"),  # a busy machine answers late
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=900,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert f"{len(_operations(hill)) - 1} selected" in done.stdout


def _operations(hill: ServedNewsroom) -> list[object]:
    return [
        operation
        for route in hill.app.routes
        for operation in getattr(getattr(route, "endpoint", None), "operations", {}).values()
    ]
