from __future__ import annotations

import pytest

from bulletin.errors import ConfigError
from bulletin.language.read_language_cases import parse_language_cases

CASE = '\n[[case]]\nkind = "number"\ntext = "21"\nsays = "einundzwanzig"\nsource = "CLDR"\n'


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("number", "numbre"), r'cases\.toml:8: the case has the unknown kind "numbre"'),
        (('source = "CLDR"', ""), r"cases\.toml:8: the case has no source"),
        (('source = "CLDR"', 'source = " "'), r"cases\.toml:8: the case needs its text and its source"),
        (("says", "said"), r"cases\.toml:8: the case has no says"),
        (('says = "einundzwanzig"', "says = 21"), r"cases\.toml:8: the case says something else than a text"),
        (("number", "sentences"), r"cases\.toml:8: the case says something else than a list of texts"),
        (
            ('source = "CLDR"', 'source = "CLDR"\nnot_in = "de-CH"'),
            r'cases\.toml:8: the case has a wrong "not_in"',
        ),
        (('"21"', '"21'), r"cases\.toml:10: .*"),
    ],
)
def test_a_mistake_in_a_case_names_file_and_line(change: tuple[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse_language_cases(CASE + CASE.replace(*change), name="cases.toml")


def test_a_case_may_hold_for_some_varieties_only() -> None:
    [swiss] = parse_language_cases(CASE + 'only_in = ["de-CH"]\n', name="cases.toml")
    [others] = parse_language_cases(CASE + 'not_in = ["de-CH"]\n', name="cases.toml")

    assert [case.holds_in("de-CH") for case in (swiss, others)] == [True, False]
    assert [case.holds_in("de") for case in (swiss, others)] == [False, True]
