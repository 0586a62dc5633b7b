from __future__ import annotations

import pytest

from bulletin.articles.markup.html_to_text import plain_text, plain_title
from bulletin.articles.markup.repair_mojibake import is_garbled, repair_mojibake

WORDS = "The café’s “daily” price – £5, naïve, Großmühl – is 5 °C"


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1"])
def test_utf8_that_was_read_as_latin_is_repaired(wrong: str) -> None:
    garbled = WORDS.replace("”", "’").encode().decode(wrong)

    assert repair_mojibake(garbled) == WORDS.replace("”", "’")


@pytest.mark.parametrize(
    "text", [WORDS, "IRMÔ, “AMANHÔ", "São Paulo, ÅR 2026, l’âge, Hôtel Dieu", "“Å” is a river", ""]
)
def test_sound_text_stays(text: str) -> None:
    assert repair_mojibake(text) == text


def test_a_lost_apostrophe_is_put_back() -> None:
    assert repair_mojibake("It doesn\ufffdt sink") == "It doesn’t sink"


def test_a_paragraph_whose_words_have_lost_letters_is_left_out() -> None:
    assert is_garbled("The caf\ufffd opens")
    assert plain_text("It doesn\ufffdt sink.\n\nThe caf\ufffd opens.\n\nIt is \ufffd here.") == (
        "It doesn’t sink.\n\nIt is here."
    )


def test_titles_are_repaired_too() -> None:
    assert plain_title("Wexcombeâ€™s cafÃ© opens") == "Wexcombe’s café opens"


@pytest.mark.parametrize("wrong", ["cp1250", "cp437", "mac_roman"])
def test_utf8_that_was_read_as_another_encoding_is_repaired(wrong: str) -> None:
    text = "Die Bürger von Großmühl wählen über die Brücke"

    assert repair_mojibake(text.encode().decode(wrong)) == text


def test_text_that_was_wrong_twice_is_repaired() -> None:
    assert repair_mojibake("The cafÃƒÂ© doesnÃ¢â‚¬â„¢t open") == "The café doesn’t open"


def test_a_text_of_lost_letters_alone_is_kept_for_the_reason_against_it() -> None:
    assert plain_text("Die F\ufffdhre sinkt.") == "Die F\ufffdhre sinkt."
