"""What is particular to Kokoro; the rest is in the contract."""

from __future__ import annotations

from bulletin.speech.engines.kokoro import _clauses


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
