"""One recogniser alone: another figure or negation among words that were recognised is reported, and nothing else."""

from __future__ import annotations

import pytest

from bulletin.normalization.normalize_text import make_speakable
from bulletin.recognition.compare_alone import compare_alone
from bulletin.recognition.compare_with_script import ScriptSentence

THE_SAME = (
    ("de", "Am 3. Dezember 2026 kamen 1.200 Menschen mit 2,5 Millionen Euro.", "Am dritten Dezember 2026 kamen zwölfhundert Menschen mit 2,5 Millionen Euro."),
    ("de", "1984 waren es um 18.30 Uhr 3,4 Prozent.", "Neunzehnhundertvierundachtzig waren es um 18 Uhr 30 3,4 Prozent."),
    ("fr", "En 1984, 71 % des 1 200 habitants ont payé 2,5 millions d'euros.", "En mille-neuf-cent-quatre-vingt-quatre, 71% des mille deux cents habitants ont payé 2,5 millions d'euros."),
    ("es", "El 3 de diciembre de 2026 llegaron 31 barcos y 200.000 personas.", "El 3 de diciembre de 2026 llegaron treinta y un barcos y doscientas mil personas."),
    ("it", "Nel 1984 arrivarono 1.200 persone alle 18.30 con 28 barche.", "Nel millenovecentottantaquattro arrivarono milleduecento persone alle 18:30 con ventotto barche."),
    ("pt-BR", "Em 2026 chegaram 1.200 pessoas e 31 barcos às 18h30 de ontem.", "Em dois mil e vinte e seis chegaram mil e duzentas pessoas e 31 barcos às 18h30 de ontem."),
    ("nl", "In 1984 kwamen 1.200 mensen met 21 boten om 18.30 uur aan.", "In negentienhonderdvierentachtig kwamen twaalfhonderd mensen met 21 boten om 18.30 uur aan."),
)  # fmt: skip

OTHERWISE = (
    ("de", "Gestern kamen 15 Menschen mit dem Boot im Hafen an.", "Gestern kamen 50 Menschen mit dem Boot im Hafen an.", "figure", "fünfzehn", "fünfzig"),
    ("de", "Der Rat hat dem Plan gestern nicht zugestimmt, sagte er.", "Der Rat hat dem Plan gestern zugestimmt, sagte er.", "negation", "nicht", ""),
    ("fr", "Hier 60 personnes sont venues au port avec le bateau.", "Hier 70 personnes sont venues au port avec le bateau.", "figure", "soixante", "soixante dix"),
    ("fr", "Le conseil n'a pas voté pour le nouveau plan hier soir.", "Le conseil a voté pour le nouveau plan hier soir.", "negation", "pas", ""),
    ("es", "El consejo votó por el nuevo plan ayer por la tarde.", "El consejo no votó por el nuevo plan ayer por la tarde.", "negation", "", "no"),
    ("nl", "De raad heeft gisteren geen geld voor het plan gegeven.", "De raad heeft gisteren een geld voor het plan gegeven.", "negation", "geen", "een"),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("language", "printed", "heard"), THE_SAME)
def test_two_ways_to_write_a_figure_are_no_miss(language: str, printed: str, heard: str) -> None:
    script = ScriptSentence(spoken=make_speakable(printed, language=language))

    (found,) = compare_alone([script], heard, language=language)

    assert found.misses == ()
    assert found.is_heard


@pytest.mark.slow
@pytest.mark.parametrize(("language", "printed", "heard", "kind", "said", "instead"), OTHERWISE)
def test_another_figure_or_negation_is_a_miss(
    language: str, printed: str, heard: str, kind: str, said: str, instead: str
) -> None:
    script = ScriptSentence(spoken=make_speakable(printed, language=language))

    (found,) = compare_alone([script], heard, language=language)

    assert [(miss.kind, miss.said, miss.heard) for miss in found.misses] == [(kind, said, instead)]


@pytest.mark.slow
def test_nothing_follows_from_a_sentence_that_was_hardly_recognised() -> None:
    script = ScriptSentence(spoken="Gestern kamen fünfzehn Menschen mit dem Boot im Hafen an")

    (found,) = compare_alone([script], "Gestern kam der fünfzig Mensch, mit dem Rot im Haff.", language="de")

    assert not found.is_heard
    assert found.misses == ()
