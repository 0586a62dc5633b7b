"""Varieties of French and Spanish: only what differs from the language's own cases."""

from __future__ import annotations

import pytest

from bulletin.normalization.normalize_text import make_speakable


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("fr-BE", "78 ans, 91 ans, 80 ans", "septante-huit ans, nonante-et-un ans, quatre-vingts ans"),
        ("fr-CH", "78 ans, 91 ans, 80 ans", "septante-huit ans, nonante-et-un ans, huitante ans"),
        ("fr-CH", "12’500 francs", "douze mille cinq cents francs"),
        ("fr-CA", "78 ans", "soixante-dix-huit ans"),
        ("es-MX", "3.5 puntos, 12,500 casas", "tres punto cinco puntos, doce mil quinientas casas"),
        ("es-MX", "el 1 de mayo", "el primero de mayo"),
        ("es-MX", "$500 y US$21", "quinientos pesos y veintiún dólares"),
        ("es-AR", "3,5 puntos", "tres coma cinco puntos"),
    ],
)
def test_a_variety_says_what_differs(language: str, written: str, spoken: str) -> None:
    assert make_speakable(written, language=language) == spoken
