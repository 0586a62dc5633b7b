"""Weights of words of harm and of public effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.stories.newsworthiness.weigh_effects_on_people import weigh_effects
from tests.support.factories import make_article


def weigh(title: str, text: str = "", **options: object) -> tuple[float, float]:
    terms = weigh_effects([make_article(title=title, summary=text, text=text)], **options)  # type: ignore[arg-type]
    return terms[0].value, terms[1].value


def test_the_strongest_word_of_each_table_counts_once() -> None:
    assert weigh("Two dead and nine injured in ferry crash") == (2.0, 0.0)
    assert weigh("Council approves ban after fatal crash") == (2.0, 1.0)
    assert weigh("Doris the goose gets her own road sign") == (0.0, 0.0)


def test_the_first_words_of_a_text_count_half() -> None:
    assert weigh("Ferry aground", "A passenger has died.") == (1.0, 0.0)
    assert weigh("Ferry aground", "word " * 70 + "A passenger has died.") == (0.0, 0.0)


def test_full_words_match_and_phrases_in_their_order() -> None:
    assert weigh("Diehard fans at the warehouse") == (0.0, 0.0)
    assert weigh("Power cuts across Wexcombe")[1] == 1.5
    assert weigh("Nobody shouts: the Prime’s minister")[1] == 1.0  # "minister" alone


def test_a_station_changes_words_and_adds_its_own() -> None:
    assert weigh("Ferry strike", own_words={"ferry": 1.5, "strike": 0.0}) == (0.0, 1.5)
    assert weigh("Two dead", own_words={"dead": 0.5}) == (0.5, 0.0)


def test_a_language_without_a_table_has_only_the_stations_words() -> None:
    assert weigh("Two dead", language="sv") == (0.0, 0.0)
    assert weigh("Färjan ligger still", language="sv", own_words={"färjan": 1.0}) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("language", "fire", "strike", "fair"),
    [
        (
            "de-AT",
            "Fünf Tote bei Hotelbrand in Wexum",
            "Lokführerstreik beginnt",
            "Die Ausstellung bleibt verboten bunt",
        ),
        (
            "es-MX",
            "Mueren cinco huéspedes en Wexum",
            "La huelga empieza el lunes",
            "La feria abre con música",
        ),
        (
            "fr",
            "L’incendie d’un hôtel : cinq morts",
            "Début d’une grève à Wexum",
            "La foire ouvre en musique",
        ),
        ("it", "Nell’incendio cinque morti", "Lo sciopero parte lunedì", "La fiera apre con la musica"),
        (
            "nl",
            "Vijf doden bij hotelbrand in Wexum",
            "Treinstaking begint maandag: “staking”",
            "Nieuwe methoden op de kermis",
        ),
        ("pt-BR", "Cinco pessoas morreram em Wexum", "Greve começa na segunda", "A feira abre com música"),
    ],
)
def test_each_language_knows_the_words_of_hard_news(language: str, fire: str, strike: str, fair: str) -> None:
    assert weigh(fire, language=language)[0] == 2.0
    assert weigh(strike, language=language)[1] == 1.0
    assert weigh(fair, language=language) == (0.0, 0.0)


def test_a_stations_own_file_goes_before_ours(tmp_path: Path) -> None:
    own = tmp_path / "de" / "news.toml"
    own.parent.mkdir()
    own.write_text(
        '[[effect]]\nvalue = 1\nwords = "Fähr*"\n[[harm]]\nvalue = 0\nwords = "tote"', encoding="utf-8"
    )

    assert weigh("Fünf Tote auf der Fährlinie", language="de", folder=tmp_path) == (0.0, 1.0)


def test_a_term_names_its_word_and_its_place() -> None:
    harm, _ = weigh_effects([make_article(title="Two dead")])

    assert harm.note == '"dead" in the headline'
