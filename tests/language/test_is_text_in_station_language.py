"""Detection of texts in another language than the station's."""

from __future__ import annotations

import pytest

from bulletin.language.is_text_in_station_language import is_foreign

ENGLISH = "Sixty firefighters are tackling a large fire at a furniture warehouse, and nobody has been hurt."
FOREIGN = {
    "de": "Sechzig Feuerwehrleute bekämpfen einen großen Brand in einem Möbellager, verletzt wurde nach Angaben niemand.",
    "fr": "Soixante pompiers luttent contre un grand incendie dans un entrepôt de meubles, et personne n'est blessé.",
    "es": "Sesenta bomberos luchan contra un gran incendio en un almacén de muebles, y nadie ha resultado herido.",
    "it": "Sessanta vigili del fuoco sono al lavoro per un grande incendio in un magazzino di mobili, nessun ferito.",
    "nl": "Zestig brandweerlieden bestrijden een grote brand in een meubelmagazijn, en niemand is gewond geraakt.",
    "pl": "Sześćdziesięciu strażaków walczy z dużym pożarem w magazynie mebli, nikt nie został ranny, ale jest groźnie.",
    "cy": "Mae chwe deg o ddiffoddwyr tân yn ymladd tân mawr mewn warws dodrefn, ac nid oes neb wedi cael ei anafu.",
    "ru": "Шестьдесят пожарных тушат большой пожар на складе мебели, никто не пострадал.",
    "ar": "ستون من رجال الإطفاء يكافحون حريقا كبيرا في مستودع للأثاث ولم يصب أحد بأذى",
}


@pytest.mark.parametrize("language", sorted(FOREIGN))
def test_another_language_is_foreign_despite_its_tag(language: str) -> None:
    assert is_foreign(FOREIGN[language], language="en-GB")
    assert is_foreign(FOREIGN[language], language="en-GB", tagged="en-GB")


@pytest.mark.parametrize("language", ["de", "fr", "es", "it", "nl", "pl", "cy"])
def test_a_station_understands_its_own_language(language: str) -> None:
    assert not is_foreign(FOREIGN[language], language=language)
    assert is_foreign(ENGLISH, language=language)


def test_catalan_is_foreign_to_a_spanish_station() -> None:
    text = "Els bombers han apagat el foc que ha cremat un magatzem de mobles, i els veïns han tornat a casa seva amb els fills."
    assert is_foreign(text, language="es-ES")
    assert not is_foreign(text, language="ca")


def test_a_wrong_tag_does_not_make_english_foreign() -> None:
    assert not is_foreign(ENGLISH, language="en-GB", tagged="de-DE")


def test_a_foreign_word_or_name_does_no_harm() -> None:
    text = "The Café de la Gare in Wexcombe, run by Zoë Müller, has won the Prix d'Or for its crème brûlée."

    assert not is_foreign(text, language="en-GB")


def test_the_tag_decides_for_a_few_words() -> None:
    assert not is_foreign("Wexcombe Town 2-1 Marlbridge", language="en-GB")
    assert is_foreign("Wexcombe Town 2-1 Marlbridge", language="en-GB", tagged="de")
    assert not is_foreign("", language="en-GB", tagged="en-US")


def test_the_tag_decides_for_a_station_of_an_unknown_language() -> None:
    assert not is_foreign(ENGLISH, language="mt", tagged="mt")
    assert is_foreign(ENGLISH, language="mt", tagged="en")


def test_the_script_of_most_letters_decides() -> None:
    assert is_foreign("Москва объявила о новых мерах: £3m, 50% — BBC", language="en-GB")
    assert not is_foreign("«Čeština», “naïve” façade: 5 €, 3½ — Москва", language="en-GB")
