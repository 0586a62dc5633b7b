"""Lexicon files, the profile's own pronunciations and the shared names, in their order and with their mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.errors import ConfigError
from bulletin.normalization.load_pronunciation_lexicon import load_lexicon, parse_lexicon
from bulletin.normalization.normalize_text import make_speakable
from bulletin.normalization.pronunciation_lexicon import Pronunciation, unshield


def test_own_pronunciations_come_before_files_and_files_before_the_shared_ones(tmp_path: Path) -> None:
    path = tmp_path / "names.toml"
    path.write_text('[names]\n"Frome" = "Two"\n"Alnwick" = "Three"\n', encoding="utf-8")

    lexicon = load_lexicon({"Frome": "One"}, files=[path])

    assert unshield(*lexicon.shield("Frome, Alnwick, Towcester")) == "One, Three, Toaster"


def test_the_shared_lexicon_is_that_of_the_language() -> None:
    british, american = (load_lexicon({}, language=language) for language in ("en-GB", "en-US"))

    assert unshield(*british.shield("Frome")) == "Froom"
    assert unshield(*american.shield("Frome")) == "Frome"


def test_phonemes_are_kept_for_engines_that_take_them() -> None:
    (entry,) = parse_lexicon('[names]\nFrome = { said = "Froom", phonemes = "fɹˈuːm" }', name="x.toml")

    assert entry == Pronunciation(written="Frome", said="Froom", phonemes="fɹˈuːm")


def test_an_empty_respelling_is_a_comment_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "names.toml"
    path.write_text('[names]\n"Llandeilo" = ""\n"Frome" = ""\n', encoding="utf-8")

    lexicon = load_lexicon({"Siwan": ""}, files=[path])

    assert unshield(*lexicon.shield("Siwan of Llandeilo in Frome")) == "Siwan of Llandeilo in Froom"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[names]\n"Frome" = "Froom\n', r"x\.toml:2: .*"),
        ('[names]\n"Frome" = "Froom"\n"Frome" = "Frome"\n', r"x\.toml:3: .*"),
        ('# names\n[names]\n"Ely" = "Eely"\n"Frome" = "Fr00m"\n', r'x\.toml:4: "Frome" = "Fr00m": write how it is said with .*'),
        ('[names]\n"Frome" = " "\n', r'x\.toml:2: "Frome" = " ": write how it is said with letters.*'),
        ('[names]\n"Frome" = { said = "", phonemes = "fɹuːm" }\n', r'x\.toml:2: "Frome" needs a respelling.*'),
        ('[names]\n"Frome" = 7\n', r'x\.toml:2: "Frome": write it as text in quotes.*'),
        ('[names]\n"Frome" = { sayd = "Froom" }\n', r'x\.toml:2: "Frome": unknown key "sayd"; an entry has said and phonemes.*'),
        ('[names]\n"Frome" = { said = "Froom", phonemes = 5 }\n', r'x\.toml:2: "Frome": write it as text in quotes.*'),
        ('[names]\n"Frome" = { phonemes = "fɹuːm" }\n', r'x\.toml:2: "Frome" needs a respelling.*'),
        ('[names]\nFrome = "Froom"\nFrome = "From"', r"x\.toml:3: not valid TOML: a key or table of this name is there already; delete one.*"),
        ('[names]\n"Frome" = { said = ["Froom"] }\n', r'x\.toml:2: "Frome": write it as text in quotes.*'),
        ('[names]\n"Frome" = { said = "Froom", phonemes = "/fɹuːm/" }\n', r'x\.toml:2: "Frome": phonemes are IPA signs.*'),
        ('[names]\n"!" = "Froom"\n', r'x\.toml:2: "!" holds no letter.*'),
        ('[words]\n"Frome" = "Froom"\n', r'x\.toml:1: unknown table "words"; put the names under \[names\]'),
        ('[names]\n"Frome" = ' + "[" * 100_000, r"x\.toml:2: brackets within brackets, more than 50 deep.*"),
        ('[names]\n"Frome" = ' + "9" * 5_000, r"x\.toml:2: a number of 5000 digits.*"),
        ('"Frome" = "Froom"\n', r'x\.toml:1: unknown table "Frome"; put the names under \[names\]'),
    ],
)  # fmt: skip
def test_a_mistake_names_file_and_line(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=f"^{message}"):
        parse_lexicon(text, name="x.toml")


def test_a_line_is_found_by_its_key_and_not_by_its_text() -> None:
    text = '[names]\n"Bath" = "Ely"\n"Ely" = "3ly"\n'

    with pytest.raises(ConfigError, match=r"^x\.toml:3: "):
        parse_lexicon(text, name="x.toml")


def test_a_mistake_in_the_profile_names_the_name() -> None:
    with pytest.raises(ConfigError, match=r'\[pronunciations\]: "Wexcombe" = "W3x"'):
        load_lexicon({"Wexcombe": "W3x"})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: the lexicon of names cannot be read"):
        load_lexicon({}, files=[tmp_path / "none.toml"])


def test_a_mistake_in_the_profile_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "wex.toml"
    path.write_text('name = "Wex"\n\n[pronunciations]\n"Ely" = "Eely"\n"Frome" = "Fr00m"\n', encoding="utf-8")

    with pytest.raises(
        ConfigError, match=r'wex\.toml:5: \[pronunciations\]: "Frome" = "Fr00m": write how it is said'
    ):
        load_lexicon({"Ely": "Eely", "Frome": "Fr00m"}, profile=path)


def test_phonemes_belong_to_the_respelling_and_the_profile_comes_first() -> None:
    lexicon = load_lexicon({"Frome": {"said": "Froom", "phonemes": "frum"}})

    assert lexicon.phonemes["Froom"] == "frum"
    assert "Alster" not in lexicon.phonemes


def test_names_of_a_further_language_have_a_table_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "names.toml"
    file.write_text('[names]\nFrome = "Froom"\n[names.de]\nFrome = "Frohme"\n', encoding="utf-8")
    own = {"Wexcombe": "WECKS-cum", "de": {"Wexcombe": {"said": "Wexkum", "phonemes": "ˈvɛkskʊm"}}}

    lexicon = load_lexicon(own, files=[file], others=["de", "fr"])

    said = [
        make_speakable("Wexcombe, Frome", lexicon=lexicon.of(language), language=language or "en-GB")
        for language in ("", "de", "fr")
    ]
    assert said == ["WECKS-cum, Froom", "Wexkum, Frohme", "Wexcombe, Frome"]
    assert lexicon.of("de").phonemes == {"Wexkum": "ˈvɛkskʊm"}
    assert lexicon.with_respelled({"Frome": "Frohm"}).of("de") == lexicon.of("de")


def test_a_mistake_in_the_table_of_a_further_language_is_told_with_its_line(tmp_path: Path) -> None:
    profile = tmp_path / "valley.toml"
    profile.write_text(
        '[pronunciations]\nFrome = "Froom"\n[pronunciations.de]\nFrome = "Fr00m"\n', encoding="utf-8"
    )
    own = {"Frome": "Froom", "de": {"Frome": "Fr00m"}}

    with pytest.raises(ConfigError, match=r'valley\.toml:4: \[pronunciations\.de\]: "Frome" = "Fr00m"'):
        load_lexicon(own, profile=profile, others=["de"])
    with pytest.raises(ConfigError, match=r'"de": unknown key "Frome"'):
        load_lexicon(own, profile=profile)
