"""Words of an editor that cannot air."""

from __future__ import annotations

import pytest

from bulletin.errors import UnfitTextError
from bulletin.newsroom.check_words import MOST_LETTERS, check_words


def never_said(text: str) -> str:
    raise AssertionError("half a megabyte of figures takes a minute of processor")


def test_a_text_that_is_too_long_is_refused_before_it_is_put_into_words() -> None:
    with pytest.raises(UnfitTextError, match="at most 1500"):
        check_words("1" * (MOST_LETTERS + 1), say=never_said, kills=())
    check_words("The bridge is open.", say=str, kills=())
