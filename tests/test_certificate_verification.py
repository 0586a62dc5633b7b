"""No connection switches the verification of the server's certificate off."""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "bulletin"
UNVERIFIED = re.compile(
    r"verify\s*=[^,\n)]*\bFalse\b|CERT_NONE|CERT_OPTIONAL|check_hostname\s*=\s*False|_create_unverified_context"
    r"|_create_stdlib_context|allow_invalid_cert|disable_warnings|\.stream\(\)|write_to_fp|AutoAddPolicy"
)
"""Code that switches verification off in ssl, httpx2, requests, obstore and paramiko, and gTTS's own senders."""


def test_no_line_switches_verification_off() -> None:
    unverified = [
        f"{path.relative_to(SOURCES)}:{number}: {line.strip()}"
        for path in SOURCES.rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if UNVERIFIED.search(line)
    ]

    assert unverified == []
