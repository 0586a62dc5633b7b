"""Choice outside English: hard news leads by its words, and by its publishers where a language has no words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bulletin.config.profile_options import StoriesOptions
from bulletin.model import Article, Chosen
from bulletin.stories.choose_stories import choose_stories
from tests.support.factories import NOW, make_article

FIRES = {
    "de": (
        ("Zwölf Tote bei Hotelbrand in Granada", "Beim Brand des Hotels Alhambra in Granada sind zwölf Menschen ums Leben gekommen, wie die Polizei mitteilte."),
        ("Feuer im Hotel Alhambra: zwölf Menschen sterben in Granada", "In Granada sind nach einem Brand im Hotel Alhambra zwölf Menschen tot, 30 sind verletzt worden."),
        ("Der neue Radweg wird am Freitag eröffnet", "Die Stadt hat den neuen Radweg am Fluss fertig gebaut und will ihn am Freitag mit einem Fest eröffnen."),
    ),
    "fr": (
        ("Grenade : douze morts dans l’incendie d’un hôtel", "L’incendie de l’hôtel Alhambra à Grenade a fait douze morts dans la nuit, selon la police et les pompiers."),
        ("Incendie de l'hôtel Alhambra : le bilan monte à douze morts à Grenade", "Douze personnes sont mortes à Grenade dans l'incendie de l'hôtel Alhambra et trente sont blessées."),
        ("La nouvelle piste cyclable ouvre vendredi", "La ville a terminé la nouvelle piste cyclable le long de la rivière et va l'ouvrir vendredi avec une fête."),
    ),
    "es": (
        ("Al menos doce fallecidos en el incendio de un hotel de Granada", "El incendio del hotel Alhambra de Granada deja doce muertos, según ha informado la policía esta mañana."),
        ("El fuego en el hotel Alhambra de Granada causa doce muertos", "Doce personas han muerto en Granada en el incendio del hotel Alhambra y otras treinta están heridas."),
        ("El nuevo carril bici se abre el viernes", "La ciudad ha terminado el nuevo carril bici junto al río y lo va a abrir el viernes con una fiesta."),
    ),
    "it": (
        ("Granada, dodici morti nell’incendio di un hotel", "L’incendio dell’hotel Alhambra di Granada ha provocato dodici morti, secondo la polizia e i vigili del fuoco."),
        ("Rogo all'hotel Alhambra, dodici vittime a Granada", "Dodici persone sono morte a Granada nell'incendio dell'hotel Alhambra e trenta sono rimaste ferite."),
        ("La nuova pista ciclabile apre venerdì", "La città ha finito la nuova pista ciclabile lungo il fiume e la apre venerdì con una festa per tutti."),
    ),
    "nl": (
        ("Twaalf doden bij hotelbrand in Granada", "Bij de brand in hotel Alhambra in Granada zijn twaalf mensen om het leven gekomen, meldt de politie."),
        ("Brand in hotel Alhambra eist twaalf doden in Granada", "Twaalf mensen zijn in Granada overleden bij de brand in hotel Alhambra en dertig raakten er gewond."),
        ("Het nieuwe fietspad gaat vrijdag open", "De stad heeft het nieuwe fietspad langs de rivier klaar en wil het vrijdag met een feest openen."),
    ),
    "pt-BR": (
        ("Doze mortos no incêndio de um hotel em Granada", "O incêndio do hotel Alhambra em Granada deixou doze mortos, segundo a polícia e os bombeiros da cidade."),
        ("Incêndio no hotel Alhambra, em Granada, mata doze pessoas", "Doze pessoas morreram em Granada no incêndio do hotel Alhambra e outras trinta ficaram feridas."),
        ("A nova ciclovia abre na sexta-feira", "A cidade terminou a nova ciclovia ao lado do rio e vai abrir na sexta-feira com uma festa para todos."),
    ),
    "sv": (
        ("Tolv döda i hotellbrand i Granada", "Vid branden på hotell Alhambra i Granada har tolv människor dött, enligt polisen och brandkåren i staden."),
        ("Hotellbranden i Granada: tolv döda på hotell Alhambra", "Tolv människor har dött i Granada vid branden på hotell Alhambra och trettio är skadade."),
        ("Den nya cykelvägen öppnar på fredag", "Staden har byggt den nya cykelvägen vid floden och ska öppna den på fredag med en fest för alla."),
    ),
}  # fmt: skip


def make_article_of(language: str, at: int) -> Article:
    """The fire is told by two publishers, six hours before the newest article; it is the fourth of its feeds."""
    title, text = FIRES[language][at]
    is_fire = at < 2
    return make_article(
        id=f"{at}",
        feed=f"feed{at}",
        credit=f"Paper {at}",
        link=f"https://paper{at}.example/1",
        title=title,
        text=text,
        summary=text,
        language=language,
        position=3 if is_fire else 0,
        published=NOW - timedelta(hours=6 if is_fire else 0),
    )


def choose(language: str, *articles: int) -> Chosen:
    made = [make_article_of(language, at) for at in articles]
    return choose_stories(made, now=NOW, options=StoriesOptions(), language=language)


@pytest.mark.parametrize("language", ["de", "es", "sv"])
def test_two_publishers_outweigh_a_newer_article(language: str) -> None:
    lead, *_ = choose(language, 2, 1, 0).stories

    assert {article.id for article in lead.articles} == {"0", "1"}
    assert lead.reasons[0].name == "sources"


@pytest.mark.parametrize("language", [name for name in FIRES if name != "sv"])
def test_dead_outweigh_a_newer_article_at_the_head_of_its_feed(language: str) -> None:
    chosen = choose(language, 2, 0)

    assert [story.best.id for story in chosen.stories] == ["0", "2"]
    assert [reason.value for reason in chosen.stories[0].reasons if reason.name == "harm"] == [2.0]
