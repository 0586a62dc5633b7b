"""
Users, audit and idempotency keys of the newsroom in the archive.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.delete_old_rows import forget
from bulletin.archive.ledgers.newsroom_api_keys import ApiKeyLedger
from bulletin.archive.ledgers.newsroom_audit import AuditLedger
from bulletin.archive.ledgers.newsroom_users import Session, SessionKind, User, UserLedger
from tests.archive.conftest import Opener
from tests.support.factories import NOW

DAY = timedelta(days=1)


@pytest.fixture
def archive(open_archive: Opener) -> Archive:
    """An archive with a user."""
    opened = open_archive()
    UserLedger(opened).add(
        User(name="ann", password_hash="x", roles={"*": "viewer"}, added_at=NOW, changed_at=NOW)
    )
    return opened


def _session(name: str, *, expires_after: timedelta) -> Session:
    return Session(
        token_sha256=name,
        user="ann",
        kind=SessionKind.BROWSER,
        began_at=NOW,
        seen_at=NOW,
        expires_at=NOW + expires_after,
    )


def test_old_sessions_audit_and_keys_go_with_the_other_old_rows(archive: Archive) -> None:
    users, audit, keys = UserLedger(archive), AuditLedger(archive), ApiKeyLedger(archive)
    users.begin(_session("old", expires_after=DAY))
    users.begin(_session("new", expires_after=30 * DAY))
    for station, at in (("hill", NOW), ("hill", NOW + 20 * DAY), ("", NOW), ("other", NOW)):
        audit.record_change(station=station, user="ann", action="pin", at=at)
    assert keys.is_same_request("hill", "key", "first", now=NOW)
    later = NOW + 10 * DAY
    forget(archive, "hill", articles=later, runs=later, records=later)
    assert [session.token_sha256 for session in users.sessions("ann")] == ["new"]
    assert [record.station for record in audit.changes()] == ["other", "hill"]
    assert keys.is_same_request("hill", "key", "second", now=later)


def test_a_key_is_of_one_request(archive: Archive) -> None:
    keys = ApiKeyLedger(archive)
    assert keys.is_same_request("hill", "key", "first", now=NOW)
    assert keys.is_same_request("hill", "key", "first", now=NOW)
    assert not keys.is_same_request("hill", "key", "second", now=NOW)
    assert keys.is_same_request("other", "key", "second", now=NOW)


def test_a_removed_user_takes_sessions_and_tokens_along(archive: Archive) -> None:
    users = UserLedger(archive)
    users.begin(_session("old", expires_after=DAY))
    assert users.remove("ann")
    assert users.session("old", SessionKind.BROWSER) is None
    assert not users.remove("ann")
