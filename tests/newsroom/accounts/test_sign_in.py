"""Sign-ins: limits, expiry, and what a new password ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.newsroom_users import SessionKind
from bulletin.errors import BulletinError
from bulletin.newsroom.accounts.manage_users import Accounts
from bulletin.newsroom.accounts.roles import Role, parse_roles
from bulletin.newsroom.accounts.sign_in import (
    TRIES_PER_ADDRESS,
    TRIES_PER_USER,
    SignIn,
    SignInRefusedError,
    TooManySignInsError,
)
from tests.support.newsroom_server import CHEAP, PASSWORD, SteppedClock

HOME, STRANGER = "192.0.2.7", "198.51.100.{}"


@dataclass(frozen=True)
class Door:
    clock: SteppedClock
    accounts: Accounts
    sign_in: SignIn

    def enter(self, password: str = PASSWORD, *, name: str = "eddie", address: str = HOME) -> str:
        return self.sign_in.begin(name, password, address=address)

    def is_in(self, token: str, kind: SessionKind = SessionKind.BROWSER) -> bool:
        return self.sign_in.access(token, kind) is not None

    def fail(self, *, name: str = "eddie", address: str = HOME) -> None:
        with pytest.raises(SignInRefusedError):
            self.enter("wrong", name=name, address=address)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    clock = SteppedClock()
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        accounts = Accounts(archive=archive, now=clock, cost=CHEAP)
        accounts.add("eddie", PASSWORD, parse_roles(["demo=editor"]))
        yield Door(clock, accounts, SignIn(archive=archive, now=clock, cost=CHEAP))


def test_a_name_that_many_addresses_try_is_locked_for_a_quarter_of_an_hour(door: Door) -> None:
    for number in range(TRIES_PER_USER):
        door.fail(address=STRANGER.format(number))
    with pytest.raises(TooManySignInsError, match="under this name"):
        door.enter(address=STRANGER.format(99))
    door.clock.move(minutes=16)
    assert door.is_in(door.enter(address=STRANGER.format(99)))


def test_the_user_is_not_locked_out_at_an_address_of_his_own(door: Door) -> None:
    door.enter()
    for number in range(TRIES_PER_USER + 1):
        try:
            door.fail(address=STRANGER.format(number))
        except TooManySignInsError:
            break
    assert door.is_in(door.enter(address=HOME))


def test_an_address_that_tries_many_names_is_locked_and_an_own_account_does_not_help(door: Door) -> None:
    for number in range(TRIES_PER_ADDRESS):
        door.fail(name=f"guess{number}")
        if number == TRIES_PER_ADDRESS - 2:
            door.enter()  # a good sign-in between the others resets nothing
    with pytest.raises(TooManySignInsError, match="from this address"):
        door.enter(name="guess99")


def test_a_stranger_at_the_address_of_an_office_locks_out_nobody_who_works_there(door: Door) -> None:
    """An office, a tunnel and a web server in front share one address; a known user there counts alone."""
    door.enter()
    for number in range(TRIES_PER_ADDRESS):
        door.fail(name=f"guess{number}")
    assert door.is_in(door.enter())
    for _ in range(TRIES_PER_USER):
        door.fail()
    with pytest.raises(TooManySignInsError, match="under this name"):
        door.enter()
    door.clock.move(minutes=16)
    assert door.is_in(door.enter())


def test_all_addresses_of_an_ipv6_network_count_as_one(door: Door) -> None:
    for number in range(TRIES_PER_ADDRESS):
        door.fail(name=f"guess{number}", address=f"2001:db8:1:2::{number:x}")
    with pytest.raises(TooManySignInsError):
        door.enter(address="2001:db8:1:2:ffff::1")
    assert door.is_in(door.enter(address="2001:db8:1:3::1"))


def test_an_unknown_name_is_refused_with_the_words_of_a_wrong_password(door: Door) -> None:
    texts = set()
    for name in ("eddie", "nobody", "<script>alert(1)</script>", "x" * 5000, "\0"):
        with pytest.raises(SignInRefusedError) as caught:
            door.enter("wrong", name=name)
        texts.add(str(caught.value))
    (text,) = texts
    assert "ask an admin or engineer, who sets another password" in text  # an editor has no shell


def test_an_idle_session_ends_and_a_used_one_ends_after_a_week(door: Door) -> None:
    idle, used = door.enter(), door.enter()
    for _ in range(13):
        door.clock.move(hours=11)
        assert door.is_in(used)
    assert not door.is_in(idle)
    door.clock.move(hours=30)
    assert not door.is_in(used)


def test_a_clock_that_was_wrong_locks_nobody_out_and_keeps_no_session(door: Door) -> None:
    door.clock.move(days=365)
    session = door.enter()
    for number in range(TRIES_PER_USER):
        door.fail(address=STRANGER.format(number))
    door.clock.move(days=-365)
    assert not door.is_in(session)
    assert door.is_in(door.enter(address=STRANGER.format(99)))


def test_a_new_password_ends_sessions_and_api_tokens(door: Door) -> None:
    session, token = door.enter(), door.accounts.add_token("eddie", "playout")
    assert door.is_in(token, SessionKind.API)
    door.accounts.set_password("eddie", "another harbour lantern")
    assert not door.is_in(session)
    assert not door.is_in(token, SessionKind.API)
    door.fail()
    assert door.is_in(door.enter("another harbour lantern"))


def test_a_removed_user_is_out_at_once(door: Door) -> None:
    session = door.enter()
    door.accounts.remove("Eddie")
    assert not door.is_in(session)


def test_a_session_is_no_api_token_and_the_reverse(door: Door) -> None:
    session, token = door.enter(), door.accounts.add_token("eddie", "playout")
    assert not door.is_in(session, SessionKind.API)
    assert not door.is_in(token, SessionKind.BROWSER)


def test_a_token_never_has_more_than_its_own_role_or_the_users(door: Door) -> None:
    door.accounts.add("ada", PASSWORD, parse_roles(["admin", "demo=viewer"]))
    limited = door.accounts.add_token("ada", "studio", role=Role.EDITOR)
    access = door.sign_in.access(limited, SessionKind.API)
    assert access is not None
    assert access.role("other") is Role.EDITOR
    assert access.role("demo") is Role.VIEWER
    door.clock.move(days=366)
    assert door.sign_in.access(limited, SessionKind.API) is None


def test_the_archive_holds_no_password_and_no_token(door: Door) -> None:
    session, token = door.enter(), door.accounts.add_token("eddie", "playout")
    path = door.accounts.archive.path
    stored = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert b"eddie" in stored
    for secret in (PASSWORD, session, token):
        assert secret.encode() not in stored


@pytest.mark.parametrize("words", [["boss"], ["nowhere=editor"], []])
def test_a_user_needs_a_known_role_at_a_known_station(door: Door, words: list[str]) -> None:
    with pytest.raises(BulletinError):
        door.accounts.add("bob", PASSWORD, parse_roles(words, stations=["demo"]))


@pytest.mark.parametrize("name", ["", "a b", "<script>", "../x", "-x", "x" * 65])
def test_a_name_with_other_signs_is_refused(door: Door, name: str) -> None:
    with pytest.raises(BulletinError, match="user's name"):
        door.accounts.add(name, PASSWORD, parse_roles(["viewer"]))


def test_every_change_of_a_user_is_in_the_audit(door: Door) -> None:
    door.enter()
    door.fail()
    door.accounts.set_roles("eddie", parse_roles(["viewer"]))
    door.accounts.add_token("eddie", "playout")
    door.accounts.remove_token("eddie", "playout")
    door.accounts.remove("eddie")
    actions = [record.action for record in reversed(door.sign_in.audit.changes())]
    assert actions == [
        "user added",
        "sign-in",
        "sign-in refused",
        "roles changed",
        "API token added",
        "API token removed",
        "user removed",
    ]
