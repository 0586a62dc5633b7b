"""Language tables of a station: an invented language in a folder beside the profile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from bulletin.cli.making.script import command as script
from bulletin.errors import ConfigError
from bulletin.language.language_folders import shipped_folder, shipped_languages
from bulletin.language.load_station_phrases import load_phrases
from bulletin.script.validate_language_files import check_language

NUMBERS = """
cardinal = ["0: nol", "1: un", "2: du", "3: tir", "4: kar", "5: pem", "6: sis", "7: sef", "8: okt", "9: nau", "10: dek[ >>]", "20: <<dek[ >>]", "100: <<kent[ >>]", "1000: <<mil[ >>]"]
ordinal = ["0: =cardinal=ma"]
year = ["0: =cardinal="]
"""
WORDS = """
[words]
percent = "parkent"
to = "da"
and = "e"
point = "koma"
minus = "min"

[units]
km = ["kilom", "kilomi"]
"%" = ["parkent", "parkent"]
"""
CALENDAR = """
[calendar]
weekdays = ["Munadi", "Tudi", "Vendi", "Torsdi", "Fridi", "Satudi", "Sundi"]
months = ["Jan", "Feb", "Mar", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dek"]

"""
PROFILE = """
name = "Radio Tiro"
language = "wx"
languages = "languages"
[[feeds]]
url = "feed.rss"
recording = { made_at = 2026-11-25T08:00:00Z }
[speech]
chain = ["tone"]
"""
FEED = """<rss version="2.0"><channel><title>Nova</title><language>wx</language><item>
<title>Nova via in Wexum</title><guid>a</guid><pubDate>Wed, 25 Nov 2026 07:00:00 GMT</pubDate>
<description>La nova via in Wexum esta 12 km longa, dis la maror de la burgo, e costa 25% plus da la burgo.
La labro dura 3-5 mesos e la burgo paga por la via, dis la maror sura la radio de la burgo.</description>
</item></channel></rss>"""


@pytest.fixture
def languages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Language folder of this test only, since tables are cached by folder."""
    languages = tmp_path_factory.mktemp("station") / "languages"
    folder = languages / "wx"
    folder.mkdir(parents=True)
    english = (shipped_folder() / "en-GB" / "phrases.toml").read_text(encoding="utf-8")
    head, _, _ = english.partition("[language]")
    phrases = head.replace("Here is the news from", "Iki nova da").replace("Good {daypart}", "Bona {daypart}")
    common = '[language]\ncommon = ["la", "da", "de", "e", "in", "dis", "por", "sura", "esta"]\n'
    (folder / "phrases.toml").write_text(phrases + CALENDAR + common, encoding="utf-8")
    (folder / "numbers.toml").write_text(NUMBERS, encoding="utf-8")
    (folder / "words.toml").write_text(WORDS, encoding="utf-8")
    (folder / "pages.toml").write_text('[words]\nplay = "Lesa"\n', encoding="utf-8")
    (folder / "cases.toml").write_text("case = []\n", encoding="utf-8")
    (folder / "names.toml").write_text('[names]\nWexum = "Veksum"\n', encoding="utf-8")
    return languages


@pytest.mark.slow
def test_a_station_speaks_the_language_of_its_folder(languages: Path) -> None:
    """Figures, station words and names in that language, from feed to script."""
    profile = languages.parent / "tiro.toml"
    profile.write_text(PROFILE, encoding="utf-8")
    (languages.parent / "feed.rss").write_text(FEED, encoding="utf-8")

    result = CliRunner().invoke(script, [str(profile), "--output", str(languages.parent / "out")])

    assert result.exit_code == 0, result.output
    assert "Iki nova da Radio Tiro." in result.output
    assert (
        "La nova via in Veksum esta dek du kilomi longa, dis la maror de la burgo, e costa dudek pem parkent"
        in result.output
    )
    assert "tir da pem mesos" in result.output


def test_a_station_may_override_a_shipped_language(languages: Path) -> None:
    """The station's folder "en" overrides our tables, its phrases replace ours."""
    (languages / "en-GB").mkdir()
    (languages / "wx" / "phrases.toml").rename(languages / "en-GB" / "phrases.toml")

    phrases = check_language("en-GB", folder=languages)

    assert phrases.templates("opening", has_frequencies=False)[-1] == "Iki nova da {station}."


@pytest.mark.parametrize("language", ["en-GB", "en-US"])
def test_the_shipped_languages_are_complete(language: str, tmp_path: Path) -> None:
    """The check of a station folder reads all tables, even where the folder is empty."""
    assert check_language(language, folder=tmp_path).table == load_phrases(language).table
    assert check_language(language, folder=None) == load_phrases(language)


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("words.toml", lambda text: text + '[unit]\nm = "x"\n', 'words.toml:12: [unit] is an unknown table; did you mean "units"?'),
        ("words.toml", lambda text: text + 'mi = ["mila"]\n', 'words.toml:12: [units] "mi" is a list of 1; it must have 2'),
        ("words.toml", lambda text: text + "mi = 5\n", 'words.toml:12: [units] "mi" is a whole number; it must be a list'),
        ("words.toml", lambda text: text + "km\n", "words.toml:12: not valid TOML (Expected '='"),
        ("words.toml", lambda text: text + "km = " + "[" * 100_000, "words.toml:12: brackets within brackets, more than 50 deep"),
        ("phrases.toml", lambda text: ".".join(["a"] * 50_000) + " = 1\n" + text, "phrases.toml:1: a key of more than 50 parts"),
        ("words.toml", lambda text: text + '[dates]\nday_month = "{dag}"\n', 'words.toml:13: [dates] day_month = "{dag}" has an unknown field {dag}; the fields are {day} {month}'),
        ("words.toml", lambda text: text.replace('to = "da"', 'ordinal_marks = "("'), 'words.toml:4: [words] "ordinal_marks" is not a regular expression'),
        ("numbers.toml", lambda text: text.replace("20: ", "twenty: "), 'numbers.toml:2: "cardinal": "twenty: <<dek[ >>]" is not a number rule'),
        ("numbers.toml", lambda text: text.replace("0: =cardinal=ma", "0: =cardnal=ma"), 'numbers.toml:3: rule set "ordinal" cannot spell 0: a rule names the rule set'),
        ("pages.toml", lambda text: text + 'plai = "Lesa"\n', 'pages.toml:3: [words] "plai" is an unknown text; did you mean "play"?'),
        ("pages.toml", lambda text: text + '[dates]\nmonths = ["un"]\n', 'pages.toml:4: [dates] "months" must be a list of 12'),
        ("news.toml", lambda _: '[[harm]]\nvalue = "2"\nwords = "flama"\n', "news.toml:1: [[harm]] value must be a number from 0 to 10"),
        ("news.toml", lambda _: '[[effect]]\nvalue = 1\nwords = "granda fl*"\n', 'news.toml:1: [[effect]] words: "granda fl*" has an asterisk'),
        ("news.toml", lambda _: '[[harms]]\nvalue = 1\nwords = "flama"\n', "news.toml:1: [[harms]] is an unknown table (known: [[harm]], [[effect]])"),
        ("phrases.toml", lambda text: text.replace('and = "and"', "and = 3"), 'phrases.toml:12: [says] "and" is a whole number; it must be a text in quotes'),
        ("phrases.toml", lambda text: text.replace("midnight = ", "midnigth = ", 1), 'phrases.toml:28: [clock] has no "midnight"; did you mean it by "midnigth"?'),
        ("phrases.toml", lambda text: text.replace(CALENDAR, ""), "phrases.toml:1: the table [calendar] is missing, and Unicode CLDR does not know the language"),
        ("names.toml", lambda text: text + "Frome = 3\n", 'names.toml:3: "Frome"'),
        ("cases.toml", lambda _: '[[case]]\nkind = "number"\n', "cases.toml:1: the case has no text"),
        ("phrases.toml", lambda text: text.replace("closing = ", "clossing = "), 'phrases.toml:7: [says] has no "closing"; did you mean it by "clossing"?'),
        ("phrases.toml", lambda text: text + 'labels = "Klip"\n', 'phrases.toml:69: [language] "labels" is a list of texts'),
        ("phrases.toml", lambda text: text + 'page = ["Lesa anke", ""]\n', 'phrases.toml:69: [language] "page" is a list of texts'),
        ("phrases.toml", lambda text: text.replace("{minutes} minutes past {hour}", "{mins} past {hour}"), 'phrases.toml:34: [clock] "past" = "{mins} past {hour}" has an unknown field {mins}'),
        ("phrases.toml", lambda text: text.replace('"eleven",\n]', "]"), 'phrases.toml:30: [clock] "hours" is a list of 23; it must have 24'),
        ("words.toml", lambda text: text.replace("minus =", "minuss ="), 'words.toml:7: [words] "minuss" is an unknown key; did you mean "minus"?'),
        ("words.toml", lambda text: text + '[times]\nprint = ["la {hor}"]\n', 'words.toml:13: [times] print: "la {hor}" has an unknown field {hor}'),
        ("words.toml", lambda text: text + '[dates]\nday_month = "{month}"\n', 'words.toml:13: [dates] day_month = "{month}" lacks the field {day}'),
        ("words.toml", lambda text: text + '[dates]\nday = "thirds"\n', 'words.toml:13: [dates] day = "thirds" must be "cardinal" or "ordinal"'),
        ("words.toml", lambda text: text + '[nouns]\nq = ["via"]\n', 'words.toml:13: [nouns] "q" is an unknown key (known: f, m, n)'),
        ("words.toml", lambda text: text + 'km = ["a", "b"]\n', "words.toml:12: not valid TOML: a key or table of this name is there already"),
        ("numbers.toml", lambda text: text.replace('"6: sis", ', ""), 'numbers.toml:2: rule set "cardinal" says 5 and 6 alike, "pem"'),
        ("phrases.toml", lambda text: text.replace("{credit} reports", "Reports"), 'phrases.toml:11: [says] "credit" = "Reports that {sentence}" lacks the field {credit}'),
        ("phrases.toml", lambda text: text.replace("[calendar]", '[daypart.x]\n[calendar]'), 'phrases.toml:63: [daypart] "x" is no hour'),
        ("cases.toml", lambda _: '[[case]]\nkind = "clock"\ntext = "18.30"\nsays = "x"\nsource = "y"\n', 'cases.toml:1: the case has the text "18.30"'),
    ],
)  # fmt: skip
def test_a_mistake_in_a_folder_names_file_and_line(
    languages: Path, file: str, change: Callable[[str], str], message: str
) -> None:
    path = languages / "wx" / file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    path.write_text(change(text), encoding="utf-8")

    with pytest.raises(ConfigError) as error:
        check_language("wx", folder=languages)

    assert f"{languages}/wx/{message}" in str(error.value)


def test_text_in_another_encoding_is_named_with_its_line(languages: Path) -> None:
    path = languages / "wx" / "words.toml"
    path.write_bytes(path.read_bytes() + 'm = ["mät", "mät"]\n'.encode("latin-1"))

    with pytest.raises(ConfigError, match=r"words\.toml:12: the language table is not UTF-8 text"):
        check_language("wx", folder=languages)


@pytest.mark.slow
@pytest.mark.parametrize("language", [tag for tag in shipped_languages() if tag != "en"])
def test_the_shipped_languages_pass_the_check_of_a_station_folder(language: str) -> None:
    assert check_language(language, folder=shipped_folder()).table


def test_a_missing_folder_is_named_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"languages: .*nowhere is not a folder"):
        check_language("wx", folder=tmp_path / "nowhere")


def test_a_language_without_phrases_names_the_missing_file(languages: Path) -> None:
    with pytest.raises(ConfigError, match=r'language "zz" has no phrase file .*zz/phrases\.toml is missing'):
        check_language("zz", folder=languages)
