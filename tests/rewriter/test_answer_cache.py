from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from bulletin.rewriter.answer_cache import KEPT_S, AnswerCache, make_key


def test_a_stored_answer_is_returned(tmp_path: Path) -> None:
    AnswerCache(tmp_path / "new").put("key", answer="The bridge closes.", reason="“why”")

    assert AnswerCache(tmp_path / "new").get("key") == ("The bridge closes.", "“why”")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["key.json"]


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"answer": 1}', b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_file_is_ignored(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "key.json").write_bytes(data)

    assert AnswerCache(tmp_path).get("key") is None


def test_old_answers_are_deleted(tmp_path: Path) -> None:
    store = AnswerCache(tmp_path)
    store.put("old", answer="Old.")
    past = time.time() - KEPT_S - 60
    os.utime(tmp_path / "old.json", (past, past))

    store.put("new", answer="New.")

    assert store.get("old") is None
    assert store.get("new")


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    store = AnswerCache(tmp_path / "file")

    store.put("key", answer="The bridge closes.")

    assert store.get("key") is None


def test_different_inputs_have_different_keys() -> None:
    assert make_key("ab", "c") != make_key("a", "bc")
    assert make_key("a", ["b", "c"]) != make_key("a", ["bc"])
