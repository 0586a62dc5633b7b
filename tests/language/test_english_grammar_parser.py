"""Parser of English sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.language import english_grammar_parser
from bulletin.language.english_grammar_parser import has_parser, parse_sentence, read_words

needs_parser = pytest.mark.skipif(
    bool(english_grammar_parser.parser_problem()), reason="the extra [english] is not installed"
)


@needs_parser
def test_a_sentence_with_a_comma_and_a_speaker_is_one_tree() -> None:
    doc = parse_sentence("The bridge at Wexcombe is closed until Friday, Ann Fox said at a meeting.")
    assert [token.text for token in doc if token.head == token] == ["said"]


@needs_parser
def test_the_installed_model_is_the_one_that_was_checked() -> None:
    assert has_parser()
    assert english_grammar_parser.parser_problem() == ""


def test_a_changed_file_changes_the_models_hash(tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"weights")
    before = english_grammar_parser._hash(tmp_path)
    (tmp_path / "model").write_bytes(b"Weights")
    assert english_grammar_parser._hash(tmp_path) != before


@needs_parser
def test_parsed_text_does_not_extend_the_vocabulary() -> None:
    parse_sentence("The Wexcombing of the ferry.")

    assert {"scrutiny", "council"} <= read_words()
    assert not {"Scrutiny", "Wexcombing", "wexcombing"} & read_words()


@needs_parser
def test_a_parsed_sentence_keeps_no_tensors() -> None:
    assert parse_sentence("The bridge is closed.").tensor.size == 0


@pytest.mark.slow
@needs_parser
def test_the_model_is_reloaded_before_its_vocabulary_fills_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    has_parser()
    monkeypatch.setattr(english_grammar_parser, "_MOST_PARSED", 3)
    loaded = {id(parse_sentence(f"Number {number} is met.").vocab) for number in range(7)}

    assert len(loaded) > 1
