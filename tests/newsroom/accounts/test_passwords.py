"""Passwords and tokens."""

from __future__ import annotations

import pytest

from bulletin.errors import BulletinError
from bulletin.newsroom.accounts.passwords import (
    HashCost,
    check_password,
    form_token,
    hash_password,
    is_form_token,
    is_outdated,
    is_password,
    new_token,
)

CHEAP = HashCost(passes=1, memory_kib=64)


@pytest.mark.parametrize(
    "password", ["short", "aaaaaaaaaaaaaa", "Password12345678", "eddie-1234567", "x" * 201]
)
def test_a_password_that_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(BulletinError):
        check_password(password, user="eddie")


def test_one_password_typed_on_two_keyboards_is_the_same() -> None:
    """Macs send "é" as two code points, most others as one."""
    hashed = hash_password("cafe\u0301 harbour lantern", cost=CHEAP)
    assert hashed.startswith("$argon2id$")
    assert is_password("caf\u00e9 harbour lantern", hashed)
    assert not is_password("cafe harbour lantern", hashed)
    assert not is_password("caf\u00e9 harbour lantern", "not a hash")


def test_a_hash_of_another_cost_is_renewed() -> None:
    hashed = hash_password("valley harbour lantern", cost=CHEAP)
    assert not is_outdated(hashed, cost=CHEAP)
    assert is_outdated(hashed)


def test_a_form_token_belongs_to_one_session() -> None:
    first, second = new_token(), new_token()
    assert is_form_token(form_token(first), first)
    assert not is_form_token(form_token(second), first)
    assert first not in form_token(first)
