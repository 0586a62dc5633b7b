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
        (('"21"', '"21'), r"cases\.toml:10: .*"),
    ],
)
def test_a_mistake_in_a_case_names_file_and_line(change: tuple[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse_language_cases(CASE + CASE.replace(*change), name="cases.toml")
