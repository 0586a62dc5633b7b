from __future__ import annotations

import pytest

from bulletin.language.split_sentences import count_words, likeness, split_sentences, storable, words


@pytest.mark.parametrize(
    "sentences",
    [
        ("Dr. Ann Lee met Mr. Fox on Jan. 5.", "They spoke for an hour."),
        ("It sank at 3.30 pm.", "Ann Fox, who steered it, lost control."),
        ("It sank at 7 p.m. Monday and by 9 a.m. EST it was gone.",),
        ("Profits rose 3.5% to £1.2m.", "Shares fell."),
        ("He lives in the U.S. now.", "The family moved in May."),
        ("The U.S. Senate voted.", "It was close."),
        ("The No. 2 seed lost.", "The answer was no.", "He left."),
        ('"Is it over?" asked Mrs. Brown.', "Nobody answered."),
        ("“It was gone.", "Everything was gone,” she said."),
        ("We waited... and waited.", "Then it came."),
        ("The shop shuts at 5 p.m.", "Police came at 3 a.m. on Monday."),
        ("J. K. Rowling wrote it.", "He took Vitamin C.", "It did not help."),
        ("Pools in St. Mary's Road close.", "Others stay open!"),
    ],
)
def test_sentences_end_where_a_reader_pauses(sentences: tuple[str, ...]) -> None:
    assert split_sentences(" ".join(sentences)) == sentences


def test_a_line_end_always_ends_a_sentence() -> None:
    assert split_sentences("Read more\nThe bridge is closed.") == ("Read more", "The bridge is closed.")


def test_words_are_counted_as_they_are_read() -> None:
    assert words("It's a part-time job, worth £3.5bn.") == ["It's", "a", "part-time", "job", "worth", "3.5bn"]
    assert count_words("") == 0


def test_likeness_runs_from_0_to_1() -> None:
    title = "Bridge over the Wex closes for repairs"

    assert likeness(title, title.upper()) == pytest.approx(1.0)
    assert likeness(title, "Wex bridge closed for repair") > 0.5
    assert likeness(title, "Swimmer wins gold in Lyon") < 0.1
    assert likeness(title, "") == 0.0


@pytest.mark.slow
@pytest.mark.parametrize("piece", [". ", ".", '"', "a.'", "J. ", "(", "a-'", "!?", "No. "])
def test_a_megabyte_of_any_text_takes_linear_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece)) + "x"

    assert split_sentences(text)
    assert count_words(text) >= 1


def test_characters_that_cannot_be_stored_are_removed() -> None:
    assert storable("Fire\0 in \ud83dthe 🔥 mill") == "Fire in the 🔥 mill"
