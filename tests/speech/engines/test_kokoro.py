"""What is particular to Kokoro; the rest is in the contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.errors import EngineUnavailableError
from bulletin.speech.engines.kokoro import KokoroEngine, _clauses
from bulletin.speech.kokoro_install import STYLES, kokoro_folder


def test_short_phonemes_stay_whole() -> None:
    assert list(_clauses(" həlˈQ. ")) == ["həlˈQ."]
    assert list(_clauses("  ")) == []


def test_long_phonemes_are_cut_after_a_comma() -> None:
    clause = "ðə bɹˈɪʤ klˈQzɪz ɒn mˈʌndA " * 6

    cut = list(_clauses(f"{clause.strip()}, {clause.strip()}, {clause.strip()}."))

    assert [piece[-1] for piece in cut] == [",", "."]
    assert all(len(piece) <= 400 for piece in cut)


def test_a_clause_without_end_is_cut_between_words_and_loses_none() -> None:
    words = ["bɹˈɪʤ"] * 150

    cut = list(_clauses(" ".join(words)))

    assert all(len(piece) <= 400 for piece in cut)
    assert " ".join(cut).split() == words


def test_a_word_without_end_is_cut() -> None:
    assert "".join(_clauses("a" * 1000)) == "a" * 1000


def test_a_voice_has_a_style_for_each_length_that_the_model_takes(tmp_path: Path) -> None:
    """256 numbers for each of up to 510 signs; what is no multiple of that was cut."""
    (path := kokoro_folder(tmp_path) / STYLES["bf_emma"].name).parent.mkdir(parents=True)
    path.write_bytes(bytes(STYLES["bf_emma"].size))
    engine = KokoroEngine(folder=tmp_path)

    assert engine._style("bf_emma").shape == (510, 256)

    path.write_bytes(bytes(STYLES["bf_emma"].size - 4 * 128))
    with pytest.raises(EngineUnavailableError, match="voices install kokoro"):
        engine._style("bf_emma")
