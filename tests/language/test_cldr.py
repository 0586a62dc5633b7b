from __future__ import annotations

import pytest

from bulletin.language.cldr import cldr_tables, is_singular, load_cldr_numbers


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("en", 1_234_567, "one million two hundred thirty-four thousand five hundred sixty-seven"),
        ("de", 1_234, "eintausendzweihundertvierunddreißig"),
        ("fr", 71, "soixante-et-onze"),
        ("fr-CH", 71, "septante-et-un"),
        ("es", 22, "veintidós"),
        ("it", 23, "ventitré"),
        ("pt-PT", 16, "dezasseis"),
        ("nl", 22, "tweeëntwintig"),
        ("nb", 3, "tre"),
    ],
)
def test_numbers_are_those_of_the_language_or_its_variety(language: str, number: int, words: str) -> None:
    numbers = load_cldr_numbers(language)

    assert numbers is not None
    assert numbers.spell(number, "cardinal") == words


def test_a_rule_set_that_a_language_lacks_is_a_key_error() -> None:
    numbers = load_cldr_numbers("nl")

    assert numbers is not None
    with pytest.raises(KeyError):
        numbers.spell(1, "spellout-cardinal-feminine")


def test_an_unknown_language_has_no_numbers_and_no_tables() -> None:
    assert (load_cldr_numbers("xx"), cldr_tables("xx"), is_singular("xx", "1")) == (None, {}, True)


def test_a_variety_has_its_own_months_and_marks() -> None:
    assert "Jänner" in cldr_tables("de-AT")["dates"]["months"]
    assert cldr_tables("es-MX")["words"]["decimal_mark"] == "."
