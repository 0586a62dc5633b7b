"""Word lists of English in the folder of tables: each list exists once and is used."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest

import bulletin
from bulletin.editing.english.word_list_regexes import any_of, listed, one_of, table

FILES = sorted(Path(str(file)) for file in (resources.files("bulletin.editing.english") / "en").iterdir())
PACKAGE = Path(bulletin.__file__).parent
ROOMS = ("editing", "language", "normalization", "rewriter", "script")
SOURCES = [path for room in ROOMS for path in sorted((PACKAGE / room).rglob("*.py"))]
EDITING = sorted((PACKAGE / "editing").rglob("*.py"))
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
LISTS = [(group, name) for group, names in table().items() for name in names]
KEYED = ("plain", "reworded")
"""Groups that the code reads as a whole."""


def test_each_group_is_in_one_file() -> None:
    groups = [group for path in FILES for group in tomllib.loads(path.read_text(encoding="utf-8"))]

    assert sorted(groups) == sorted(table())


@pytest.mark.parametrize(("group", "name"), [pair for pair in LISTS if pair[0] not in KEYED])
def test_every_list_is_used(group: str, name: str) -> None:
    assert re.search(rf"""['"]{name}['"]|«{group}\.{name}»""", SOURCE)


def test_every_list_used_in_the_code_exists() -> None:
    """Lists are read on demand, so a misspelt name would fail only on air."""
    lists_read = re.findall(r"""(?:listed|one_of)\(\s*['"](\w+)['"],\s*['"](\w+)['"]""", SOURCE)
    lists_read += re.findall(
        r"«([a-z]+)\.(\w+)»", "\n".join(path.read_text(encoding="utf-8") for path in EDITING)
    )
    lists_read += [("headlines", name) for name in re.findall(r"""any_of\("(\w+)"\)""", SOURCE)]

    assert len(lists_read) > 50
    assert set(lists_read) <= set(LISTS)


def test_a_list_holds_words_or_phrases() -> None:
    assert "held" in listed("verbs", "suffered")


def test_a_word_with_an_asterisk_matches_every_ending() -> None:
    marked = re.compile(rf"(?:{one_of('saying', 'of_words')})")

    assert "describ*" in listed("saying", "of_words")
    assert [bool(marked.fullmatch(word)) for word in ("describes", "describing", "called", "caller")] == [
        True,
        True,
        True,
        False,
    ]


def test_a_phrase_matches_whole_words_only() -> None:
    assert any_of("states").search("Ferryman on trial in May")
    assert not any_of("states").search("Ferryman on trials in May")
    assert any_of("claims").search("The mayor is accused of it")


def test_the_guard_of_the_rewriter_uses_every_list_of_its_table() -> None:
    text = (resources.files("bulletin.rewriter") / "en.toml").read_text(encoding="utf-8")
    names = tomllib.loads(text)["guard"]

    assert set(re.findall(r'guarded\("(\w+)"\)', SOURCE)) == set(names)


SMALL = frozenset().union(
    *(listed("words", name) for name in ("determiners", "pronouns", "prepositions", "back_pointing")),
    listed("verbs", "auxiliary"),
    listed("connectives", "light"),
    "and or but nor not who whom whose which what where when while why how if whether though because than".split(),
)
"""Function words, a closed class: rules may name them in the code."""
FEW = 7


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_long_lists_of_words_are_in_tables(path: Path) -> None:
    """A list of over seven content words belongs in a table, where an editor can extend it."""
    lists = [
        call.func.value.value.split()
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Constant)
        and call.func.attr == "split"
    ]

    for words in lists:
        assert len([word for word in words if word.casefold() not in SMALL]) <= FEW, words
