"""Tables of words for headlines."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from bulletin.editing import headlines
from bulletin.editing.english.headline_words import any_of

FOLDER = Path(headlines.__file__).parent
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.parent.rglob("*.py"))
NAMES = sorted(
    tomllib.loads(
        (resources.files("bulletin.editing.english") / "headline_words.toml").read_text(encoding="utf-8")
    )
)


@pytest.mark.parametrize("name", NAMES)
def test_every_list_is_asked_for(name: str) -> None:
    assert f'"{name}"' in SOURCE


def test_every_list_that_is_asked_for_is_there() -> None:
    asked = re.findall(r"""(?:word_list|any_of)\("(\w+)"\)""", SOURCE)

    assert set(asked) <= set(NAMES)


def test_a_phrase_is_found_as_whole_words_and_an_asterisk_takes_any_ending() -> None:
    assert any_of("states").search("Ferryman on trial in May")
    assert not any_of("states").search("Ferryman on trials in May")
    assert any_of("claims").search("The mayor is accused of it")
