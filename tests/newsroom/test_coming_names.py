"""Unknown names of the coming bulletin."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.editing.names import first_respelling as respelling_module
from bulletin.editing.names.first_respelling import first_respelling
from bulletin.editing.names.words_newsreaders_know import load_vocabulary
from bulletin.errors import EngineUnavailableError, UnfitTextError
from bulletin.newsroom import coming_names as names_module
from bulletin.newsroom.actions.respell_names import save_respelling
from bulletin.newsroom.coming_names import coming_names, hear_name
from bulletin.newsroom.hear_coming import open_voices
from tests.support.newsroom_desk import newsroom

SPEECH_TURNS = {"Marlbridge": "mˈɑɹlbɹɪʤ", "Hollinbrook": "hˈɑlɪnbɹˌʊk", "Oakfold": "ˈOkfOld"}


@pytest.fixture(autouse=True)
def _no_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The voice's reading, which takes a second to load, by a table."""
    first_respelling.cache_clear()
    names_module._names_to_hear.cache_clear()
    monkeypatch.setattr(respelling_module, "read_name", lambda word: (SPEECH_TURNS.get(word, "wˈɛks"), False))


@pytest.mark.slow  # the word lists take a second and a half to read
def test_each_unknown_name_has_a_first_respelling_and_its_story(tmp_path: Path) -> None:
    with newsroom(tmp_path, length="3:00") as desk:
        names = coming_names(desk)
        by_word = {hard.word: (hard.respelling, name) for name in names.unknown for hard in name.words}
        word = next(iter(by_word))
        respelling, name = by_word[word]
        save_respelling(desk, name=word, respelling="Wecks")
        later = coming_names(desk)

    assert respelling
    assert word in name.sentence
    assert name.story_id
    assert word not in {hard.word for name in later.unknown for hard in name.words}
    assert [(one.name, one.respelling) for one in later.saved] == [(word, "Wecks")]


def test_a_station_in_another_language_has_no_proposals() -> None:
    assert first_respelling("Marlbridge", language="fr-FR") == ""
    assert first_respelling("Marlbridge", language="en-GB") == "Marl-brij"


def test_without_the_voice_that_reads_names_there_is_no_proposal(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(word: str) -> tuple[str, bool]:
        raise EngineUnavailableError("hibari: cannot be loaded")

    monkeypatch.setattr(respelling_module, "read_name", fail)

    assert first_respelling("Hollinbrook", language="en-GB") == ""


def test_a_name_is_heard_as_it_is_said_now_and_by_another_respelling(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        voices = open_voices(desk)

        assert hear_name(voices, "Alnwick", respelling="Al-nick").spoken == ("Annick.", "Al-nick.")
        assert hear_name(voices, "Oakfold").spoken == ("Oakfold.", "Ohk-fohld.")
        with pytest.raises(UnfitTextError):
            hear_name(voices, "Oakfold", respelling="0ak")


@pytest.mark.slow
def test_the_word_lists_are_loaded_before_anybody_asks_for_names() -> None:
    names_module.load_word_lists()

    assert load_vocabulary.cache_info().currsize == 1
    assert first_respelling.cache_info().currsize == 1
