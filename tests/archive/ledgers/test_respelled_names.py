"""
Names that editors respelled.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.respelled_names import RespelledName, RespelledNames
from tests.support.factories import NOW


class Clock:
    now = NOW


@pytest.fixture
def names(archive: Archive) -> RespelledNames:
    return RespelledNames(archive, now=lambda: Clock.now)


def test_the_last_respelling_of_a_name_counts(names: RespelledNames) -> None:
    names.save("hill", "Siân", "Shan", editor="ann")
    names.save("hill", "Siân", "Sharn", editor="ben")
    names.save("vale", "Siân", "Shahn", editor="ann")

    assert names.names("hill") == (
        RespelledName(name="Siân", respelling="Sharn", editor="ben", saved_at=NOW),
    )
    assert names.respellings("vale") == {"Siân": "Shahn"}


def test_a_removed_name_does_not_count_until_it_is_saved_again(names: RespelledNames) -> None:
    names.save("hill", "Siân", "Sharn", editor="ann")

    assert names.remove("hill", "Siân")
    assert not names.remove("hill", "Siân")
    assert names.respellings("hill") == {}
    names.save("hill", "Siân", "", editor="ann")
    assert names.respellings("hill") == {"Siân": ""}


def test_a_save_and_a_removal_are_changes(names: RespelledNames, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names.changed_at("hill") is None
    names.save("hill", "Siân", "Sharn", editor="ann")
    assert names.changed_at("hill") == NOW
    monkeypatch.setattr(Clock, "now", NOW + timedelta(hours=1))
    names.remove("hill", "Siân")
    assert names.changed_at("hill") == NOW + timedelta(hours=1)
    assert names.changed_at("vale") is None
