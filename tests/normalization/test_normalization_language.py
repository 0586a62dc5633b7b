"""A language of a station as a folder of tables: a small German one under a tag that CLDR does not know."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
from bulletin.normalization.normalize_text import make_speakable

NUMBERS = """
cardinal = [
    "0: null", "1: ein", "2: zwei", "3: drei", "4: vier", "5: fünf", "6: sechs", "7: sieben", "8: acht", "9: neun",
    "10: zehn", "11: elf", "12: zwölf", "13: dreizehn", "14: vierzehn", "15: fünfzehn", "16: sechzehn",
    "17: siebzehn", "18: achtzehn", "19: neunzehn", "20: [>>und]zwanzig", "30: [>>und]dreißig", "40: [>>und]vierzig",
    "50: [>>und]fünfzig", "60: [>>und]sechzig", "70: [>>und]siebzig", "80: [>>und]achtzig", "90: [>>und]neunzig",
    "100: <<hundert[>>]", "1000: <<tausend[>>]", "1000000: << Millionen[ >>]",
]
ordinal = ["0: =cardinal=ten", "1: ersten", "3: dritten", "4: =cardinal=ten", "20: =cardinal=sten"]
year = ["0: =cardinal=", "1100/100: <cardinal<hundert[>cardinal>]", "2000: =cardinal="]
"""
WORDS = """
[words]
decimal_mark = ","
point = "Komma"
percent = "Prozent"
minus = "minus"
to = "bis"
and = "und"
score = "zu"
ordinal_marks = "\\\\."

[dates]
day_month = "{day} {month}"
day = "ordinal"
months = { Januar = "Januar", November = "November" }

[times]
print = ["{hour}:{minute} Uhr"]
full = "{hour} Uhr"
minutes = "{hour} Uhr {minute}"

[scales]
"Mio." = ["Million", "Millionen"]

[symbols]
"&" = "und"

[units]
km = ["Kilometer", "Kilometer"]
"km/h" = ["Stundenkilometer", "Stundenkilometer"]

"%" = ["Prozent", "Prozent"]
"°C" = ["Grad Celsius", "Grad Celsius"]

[currencies]
"€" = ["Euro", "Euro", "Cent", "Cent"]

[anywhere]
"z.B." = "zum Beispiel"

[lists]
counted = ["Menschen"]
score_words = ["gewann", "siegte"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wx").mkdir()
    (tmp_path / "wx" / "numbers.toml").write_text(NUMBERS, encoding="utf-8")
    (tmp_path / "wx" / "words.toml").write_text(WORDS, encoding="utf-8")
    (tmp_path / "wx-AT").mkdir()
    (tmp_path / "wx-AT" / "words.toml").write_text(
        '[dates]\nmonths = { "Jänner" = "Jänner" }\n', encoding="utf-8"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Das kostet 3,5 Mio. €.", "Das kostet drei Komma fünf Millionen Euro."),
        ("Das kostet 12 €.", "Das kostet zwölf Euro."),
        ("1.234 Menschen kamen.", "eintausendzweihundertvierunddreißig Menschen kamen."),
        ("Es sind 21,5% mehr.", "Es sind einundzwanzig Komma fünf Prozent mehr."),
        ("am 24. November 2026", "am vierundzwanzigsten November zweitausendsechsundzwanzig"),
        ("am 3. Januar 1989", "am dritten Januar neunzehnhundertneunundachtzig"),
        ("um 19:30 Uhr", "um neunzehn Uhr dreißig"),
        ("um 19:00 Uhr", "um neunzehn Uhr"),
        ("Wind bis 80 km/h bei -3°C", "Wind bis achtzig Stundenkilometer bei minus drei Grad Celsius"),
        ("Köln siegte 3:1, Bonn 2-0", "Köln siegte drei zu ein, Bonn zwei zu null"),
        ("10-15 km", "zehn bis fünfzehn Kilometer"),
        ("Müller & Sohn, z.B. in Köln", "Müller und Sohn, zum Beispiel in Köln"),
        ("Die ARD und das ZDF", "Die A-R-D und das Z-D-F"),
        ("Co Wien, No 5 und St. Pauli", "Co Wien, No fünf und St. Pauli"),
    ],
)
def test_a_folder_of_tables_is_a_language(folder: Path, written: str, spoken: str) -> None:
    assert make_speakable(written, language="wx", folder=folder) == spoken


def test_a_language_variant_extends_its_language(folder: Path) -> None:
    spoken = make_speakable("am 3. Jänner, 5 km", language="wx-AT", folder=folder)

    assert spoken == "am dritten Jänner, fünf Kilometer"


def test_a_new_language_leaves_english_unchanged(folder: Path) -> None:
    assert make_speakable("£3.5bn, No 5", folder=folder) == make_speakable("£3.5bn, No 5")


def test_compass_points_come_from_the_language(folder: Path) -> None:
    winds = '[winds]\nN = "Nord"\n\n[compass]\nbefore = ["Korea"]\n'
    (folder / "wx" / "winds.toml").write_text(winds, encoding="utf-8")

    assert make_speakable("N Korea, 5 km", language="wx", folder=folder) == "Nord Korea, fünf Kilometer"


def test_nothing_english_fills_a_gap_of_a_language(folder: Path) -> None:
    """A sign without a name in the language is left out, as every other sign."""
    assert make_speakable("$5 & 3 kWh", language="wx", folder=folder) == "fünf und drei kWh"


def test_figures_of_a_language_without_their_words_stay_as_printed(folder: Path) -> None:
    words = (folder / "wx" / "words.toml").read_text(encoding="utf-8")
    (folder / "wy").mkdir()
    (folder / "wy" / "words.toml").write_text(words.replace('to = "bis"', ""), encoding="utf-8")
    (folder / "wy" / "numbers.toml").write_text(NUMBERS, encoding="utf-8")

    assert load_tongue("wy", folder=folder).lacking() == ("[words] to",)
    assert (
        make_speakable("am 3. Mai: 3,5 % & 20 €", language="wy", folder=folder) == "am 3. Mai: 3,5 % & 20 €"
    )
