"""Names of users."""

from __future__ import annotations

import pytest

from bulletin.errors import BulletinError
from bulletin.newsroom.accounts.roles import user_name


@pytest.mark.parametrize(
    "name", ["Ann", "ann.o'neil".replace("'", "-"), "дмитрий", "Zoë", "山田さくら", "bob@valley"]
)
def test_a_name_is_written_in_one_alphabet(name: str) -> None:
    assert user_name(name) == name.casefold()


@pytest.mark.parametrize("name", ["\u0430nn", "b\u03bfb", "..", "a/b", "a\0b", "\u202eann", ""])
def test_a_name_that_looks_like_another_one_is_refused(name: str) -> None:
    with pytest.raises(BulletinError):
        user_name(name)
