"""What expressions need is kept between processes, and no file can change what they find."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bulletin.script import kept_needs, needs, rare
from bulletin.script.kept_needs import needs_kept_in
from bulletin.script.rare import Rare

_WRITE = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from bulletin.config.options import ScriptOptions
from bulletin.script.kept_needs import needs_kept_in
from bulletin.script.lexicon import Lexicon
from bulletin.script.write import write_script
from tests.factories import make_article, make_story, make_words
from tests.script.test_rare import ARTICLES

lines = map(json.loads, ARTICLES.read_text(encoding="utf-8").splitlines()[:4])
stories = [make_story(make_article(title=one["title"], text=one["text"])) for one in lines]
now = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
with needs_kept_in(Path(sys.argv[1])):
    write_script(stories, station=make_words(), at=now, options=ScriptOptions(), lexicon=Lexicon())
"""

TEXTS = ("The road is shut.", "THE ROAD is shut.", "The bridge is shut.", "")


@pytest.fixture(autouse=True)
def new_process(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """As if nothing had been asked yet; called, the same again."""

    def forget() -> None:
        monkeypatch.setattr(rare, "_KNOWN", {})
        monkeypatch.setattr(rare, "_ASKING", [])

    forget()
    return forget


def test_a_later_process_knows_what_an_earlier_one_found_out(
    tmp_path: Path, new_process: Callable[[], None]
) -> None:
    _ask(tmp_path / "state" / "needs.json")
    new_process()

    seldom = _ask(tmp_path / "state" / "needs.json", TEXTS[2:])

    assert not _is_compiled(seldom)
    assert seldom.search(TEXTS[0])
    assert _is_compiled(seldom)


def test_nothing_is_written_where_nothing_new_was_asked(
    tmp_path: Path, new_process: Callable[[], None]
) -> None:
    path = tmp_path / "needs.json"
    _ask(path)
    path.touch()
    before = path.stat()
    new_process()

    _ask(path)

    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def test_what_was_kept_stays_when_more_is_asked(tmp_path: Path, new_process: Callable[[], None]) -> None:
    path = tmp_path / "needs.json"
    _ask(path)
    new_process()

    _ask(path, pattern=r"\bbridge\b")

    assert sorted(_kept(path)) == [f"{int(re.IGNORECASE)} \\bbridge\\b", f"{int(re.IGNORECASE)} \\broads?\\b"]
    assert [found.name for found in tmp_path.iterdir()] == ["needs.json"]


def test_expressions_are_the_same_in_every_process(tmp_path: Path) -> None:
    """Sets of words have another order in each; an expression made of one would never be found again."""
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", _WRITE, str(tmp_path / f"{seed}.json")],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
        )

    first, second = (_kept(tmp_path / f"{seed}.json") for seed in ("1", "2"))

    assert len(first) > 300
    assert first == second


def test_a_list_that_has_grown_makes_another_expression(
    tmp_path: Path, new_process: Callable[[], None]
) -> None:
    """What was kept of the shorter list says nothing of the longer one, so a word that is added is found at once."""
    path = tmp_path / "needs.json"
    with needs_kept_in(path):
        assert not Rare(r"\b(?:road|street) is shut").search("The bridge is shut.")
    new_process()

    with needs_kept_in(path):
        assert Rare(r"\b(?:bridge|road|street) is shut").search("The bridge is shut.")
        assert not Rare(r"\b(?:road|street) is shut").search("The bridge is shut.")


def test_what_a_killed_process_left_does_not_stay(tmp_path: Path) -> None:
    (tmp_path / "part-needs.json").write_bytes(b"half of i")

    _ask(tmp_path / "needs.json")

    assert [found.name for found in tmp_path.iterdir()] == ["needs.json"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_bytes(path.read_bytes().replace(b'"road"', b'"toad"')),
        lambda path: path.write_bytes(b"\xff\xfe\x00" * 90),
        lambda path: path.write_text("{}\n{}", encoding="utf-8"),
        lambda path: (path.unlink(), path.mkdir()),
    ],
)
def test_a_damaged_file_changes_no_answer(
    tmp_path: Path, new_process: Callable[[], None], damage: Callable[[Path], None]
) -> None:
    path = tmp_path / "needs.json"
    _ask(path)
    damage(path)
    new_process()

    _ask(path)


def test_a_file_of_another_python_or_other_rules_is_made_again(
    tmp_path: Path, new_process: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "needs.json"
    monkeypatch.setattr(kept_needs.sys, "version", "2.7")
    _ask(path)
    monkeypatch.undo()
    new_process()
    old = path.read_bytes()

    seldom = _ask(path, TEXTS[2:])

    assert _is_compiled(seldom)
    assert path.read_bytes() != old


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file", encoding="utf-8")

    _ask(tmp_path / "state" / "needs.json")

    assert rare.is_news({})  # nobody found out in vain


def test_without_its_source_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "__file__", str(tmp_path / "program.zip" / "needs.py"))

    _ask(tmp_path / "needs.json")

    assert not (tmp_path / "needs.json").exists()


def test_an_error_within_keeps_nothing_and_comes_out(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), needs_kept_in(tmp_path / "needs.json"):
        raise RuntimeError

    assert not (tmp_path / "needs.json").exists()


def _ask(path: Path, texts: tuple[str, ...] = TEXTS, pattern: str = r"\broads?\b") -> Rare:
    """Ask as a script does, and see that each answer is the expression's own."""
    seldom, plain = Rare(pattern, re.IGNORECASE), re.compile(pattern, re.IGNORECASE)
    with needs_kept_in(path):
        assert [bool(seldom.search(text)) for text in texts] == [bool(plain.search(text)) for text in texts]
        assert [seldom.sub("-", text) for text in texts] == [plain.sub("-", text) for text in texts]
    return seldom


def _is_compiled(seldom: Rare) -> bool:
    try:
        object.__getattribute__(seldom, "_regex")
    except AttributeError:
        return False
    return True


def _kept(path: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8").partition("\n")[2])
    return found
