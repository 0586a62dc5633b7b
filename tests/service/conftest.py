"""Fixtures of the reconciler tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SlotLedger]:
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        yield SlotLedger(archive)
