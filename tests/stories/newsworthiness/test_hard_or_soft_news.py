"""Hard news, soft news and articles that never air: by type, section, headline and lead."""

from __future__ import annotations

from typing import Any

import pytest

from bulletin.config.profile_options import StoriesOptions
from bulletin.model import Article
from bulletin.stories.choose_stories import choose_stories
from bulletin.stories.newsworthiness.find_news_value_signals import find_signals, name_sections
from bulletin.stories.newsworthiness.hard_or_soft_news import (
    NO_HARD_NEWS,
    Judgement,
    NewsWorth,
    judge_article,
)
from bulletin.stories.newsworthiness.load_news_word_lists import read_table
from tests.support.factories import NOW, make_article

FEATURE = {
    "title": "The quiet joy of the men who row the valley's last ferry",
    "text": "How do you keep a ferry alive? For two brothers it is a way of life, and the river is their home.",
}
NEWS = {
    "title": "Council votes to close Corn Bridge after crash",
    "text": "Councillors voted on Monday to close Corn Bridge, where two people were killed, police said.",
}


def judge(language: str = "en-GB", options: StoriesOptions | None = None, **changes: Any) -> Judgement:
    article = make_article(**(NEWS | changes))
    return judge_article(article, options=options or StoriesOptions(), language=language)


def day(*articles: Article, **options: Any) -> list[str]:
    chosen = choose_stories(articles, now=NOW, options=StoriesOptions(**options))
    return [story.title for story in chosen.stories]


def test_an_event_with_an_agent_and_a_day_is_hard_news() -> None:
    assert judge() == Judgement()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"page_type": "OpinionNewsArticle"}, "opinion: the page's type is OpinionNewsArticle"),
        ({"page_type": "LiveBlogPosting"}, "live blog: the page's type is LiveBlogPosting"),
        ({"page_section": "News / Opinion"}, "opinion: it is in the section “opinion”"),
        (
            {"link": "https://gazette.example/comment-is-free/bridge"},
            "opinion: it is in the section “comment is free”",
        ),
        ({"labels": ("Recipes",)}, "recipe: it is in the section “recipes”"),
        ({"link": "https://gazette.example/news/live/uk-1234"}, "live blog: it is in the section “live”"),
        ({"link": "https://gazette.example/storm-live-updates"}, "live blog: its address says so"),
        ({"title": "Town v United – as it happened"}, "live blog: the headline has “as it happened”"),
        ({"title": "What to know about the new bridge"}, "analysis: the headline has “what to know”"),
        ({"title": "Correction: Bridge Closure story"}, "correction: the headline has “correction:”"),
        ({"title": "10 walks for a wet day"}, "list: the headline has “10 walks”"),
        (
            {"title": "Saturday quiz: what do you know of cheese?"},
            "puzzle or horoscope: the headline has “quiz:”",
        ),
        ({"title": "Councillors clash over budget – video"}, "pictures or sound: the headline has “video”"),
        ({"title": "Why I left the valley for good"}, "first person: the headline has “why i”"),
        (
            {"text": "My boat was a tub. I rowed it to Brenford. I was six. I think of it still. I miss it."},
            "first person: its writer says “I”",
        ),
        (
            {"link": "https://gazette.example/the-evening-newsletter-wexcombe/bridge"},
            "the publisher's own: it is in the section “newsletter”",
        ),
        ({"title": "Bridge shut; nurses strike; mayor quits"}, "list: its headline has several events"),
        ({"text": "Cast: Ann Pike. Rating: 2.5/5. A ferryman falls in love."}, "review: it gives a rating"),
    ],
)
def test_an_article_that_never_airs_has_a_reason(changes: dict[str, Any], reason: str) -> None:
    assert judge(**changes) == Judgement(worth=NewsWorth.NEVER, reason=reason)


@pytest.mark.parametrize(
    "title",
    [
        "Live music venue saved by volunteers after council vote",
        "Police review of speed limits ordered after crash",
        "Town's quiz champions arrested in hotel fire",
        "3 men jailed for burglary in Wexcombe",
        "'I thought I was dying': ferryman tells court of attack",
        "Ferryman admits attack in court: 'I knew what I did'",
    ],
)
def test_news_that_only_looks_unfit_passes(title: str) -> None:
    assert judge(title=title).worth is NewsWorth.HARD


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("The bridge is shut. Nobody in the valley is surprised", "the headline is two sentences"),
        ("The bridge that overshadows the valley", "the headline says what it means, not what has happened"),
        ("Bombshell about the beloved bridge", "the headline mocks or alarms"),
    ],
)
def test_signals_against_an_article_are_named(title: str, reason: str) -> None:
    judgement = judge(title=title, text="It is a thing of beauty, and a story for another day.")

    assert judgement.worth is not NewsWorth.HARD
    table = read_table("en")
    meanings = {table.meanings.get(name) for name in find_signals(make_article(title=title), table)}
    assert reason in meanings


def test_an_office_before_a_name_ends_no_sentence() -> None:
    signals = find_signals(make_article(title="Gov. Pike signs bridge law, Sen. Ford says"), read_table("en"))

    assert "title two sentences" not in signals


def test_topics_among_many_labels_are_no_sections() -> None:
    assert judge(labels=("Bridges", "Opinion", "Celebrity", "Councils")).worth is NewsWorth.HARD
    assert judge(labels=("Opinion", "Bridges", "Councils")).worth is NewsWorth.NEVER


def test_a_feature_names_the_signals_against_it() -> None:
    judgement = judge(**FEATURE)

    assert judgement.worth is NewsWorth.SOFT
    assert judgement.reason.startswith("feature: ")
    assert "the headline names a thing, not what has happened" in judgement.reason


def test_stories_of_the_station_are_always_news() -> None:
    assert judge(is_local=True, page_type="Review", **FEATURE) == Judgement()
    assert judge(category="travel", title="A361", text="Queues of ten minutes.") == Judgement()


def test_the_profile_may_admit_one_kind_and_forbid_another() -> None:
    asks = StoriesOptions(airs=("opinion",))
    forbids = StoriesOptions(never=("Corn Bridge",))

    assert judge(options=asks, page_section="Opinion") == Judgement()
    assert judge(options=forbids).reason == "the profile's list: the headline has “corn bridge”"


def test_a_text_that_says_it_is_opinion_never_airs() -> None:
    judgement = judge(text=f"OPINION:\n\n{NEWS['text']}")

    assert judgement == Judgement(worth=NewsWorth.NEVER, reason="opinion: its text begins with “OPINION”")


def test_words_of_the_profile_count() -> None:
    hard = StoriesOptions(hard_words=("ferry",))
    soft = StoriesOptions(soft_words=("votes",))

    assert judge(options=soft).worth is NewsWorth.SOFT
    assert "a soft word of the profile" in judge(options=soft).reason
    assert judge("sv-SE", options=soft).worth is NewsWorth.SOFT
    assert judge(options=hard, title="Smiles on the ferry").worth is NewsWorth.HARD


@pytest.mark.parametrize(
    ("language", "changes"),
    [
        ("de-DE", {"title": "Kommentar: Die Brücke muss bleiben"}),
        ("fr-FR", {"link": "https://gazette.example/idees/tribune/pont"}),
        ("es-ES", {"page_section": "Opinión"}),
        ("nl-NL", {"title": "Recensie: een man en zijn veer"}),
        ("it-IT", {"title": "Blog | Il traghetto e noi"}),
        ("nl-NL", {"link": "https://gazette.example/watuzegt/1/veer-moet-blijven"}),
        ("nl-NL", {"title": "Gazette Veer-podcast #11: de kapitein"}),
    ],
)
def test_other_languages_have_tables(language: str, changes: dict[str, Any]) -> None:
    assert judge(language, **changes).worth is NewsWorth.NEVER


def test_in_another_language_the_word_i_marks_no_first_person() -> None:
    text = "I ministri sono a Roma. I sindaci pagano. Lunedì I traghetti sono fermi. I porti chiudono."

    assert judge("it-IT", title="I ministri a Roma", text=text) == Judgement()


def test_a_language_without_weights_counts_the_rest_as_news() -> None:
    assert judge("sv-SE", **FEATURE) == Judgement()
    assert judge("de-DE", page_section="Panorama / Reportage").worth is NewsWorth.SOFT


def test_a_feature_does_not_air_beside_hard_news() -> None:
    feature = make_article(id="b", feed="herald", **FEATURE)

    assert day(make_article(**NEWS), feature) == [NEWS["title"]]


def test_a_story_with_one_news_article_uses_that_article() -> None:
    news = make_article(id="b", feed="herald", credit="Herald", **NEWS)
    column = make_article(
        id="a", **(NEWS | {"title": "How does the vote to close Corn Bridge feel after the crash?"})
    )

    chosen = choose_stories([column, news], now=NOW, options=StoriesOptions())

    assert chosen.stories[0].best == news


def test_a_day_without_hard_news_says_so_and_airs_the_local_ones() -> None:
    local = make_article(**(FEATURE | {"title": FEATURE["title"] + " at Wexcombe"}))
    other = make_article(
        id="b", title="The secret life of a perfect cheese", text="Is it magic? It is love, and milk is all."
    )

    chosen = choose_stories([local, other], now=NOW, options=StoriesOptions(local_words=("Wexcombe",)))

    assert [story.title for story in chosen.stories] == [local.title]
    assert chosen.notes == (NO_HARD_NEWS,)


DOUBTFUL = {
    "title": "Choir happy with its new home in the old mill",
    "text": "The choir of Wexcombe said on Monday that it has a hall with a stage in the old mill.",
}


def test_a_doubtful_piece_waits_until_no_hard_news_is_left() -> None:
    articles = [make_article(**NEWS), make_article(id="b", feed="herald", credit="Herald", **DOUBTFUL)]

    chosen = choose_stories(articles, now=NOW, options=StoriesOptions())
    either = choose_stories(articles, now=NOW, options=StoriesOptions(only_hard=False))

    assert judge(**DOUBTFUL).worth is NewsWorth.DOUBTFUL
    assert [story.title for story in chosen.stories] == [NEWS["title"]]
    assert [story.title for story in chosen.reserve] == [DOUBTFUL["title"]]
    assert [left.reason for left in chosen.left] == [judge(**DOUBTFUL).reason]
    assert [story.title for story in either.stories] == [NEWS["title"], DOUBTFUL["title"]]


@pytest.mark.parametrize("piece", [DOUBTFUL, FEATURE])
def test_a_feed_of_nothing_but_soft_pieces_airs_them_and_says_so(piece: dict[str, str]) -> None:
    chosen = choose_stories([make_article(**piece)], now=NOW, options=StoriesOptions())

    assert [story.title for story in chosen.stories] == [piece["title"]]
    assert chosen.notes == (NO_HARD_NEWS,)


def test_a_publishers_name_at_the_end_of_a_headline_is_no_part_of_it() -> None:
    assert judge(**(NEWS | {"title": f"{NEWS['title']} - Wexcombe Rumours"})).worth is NewsWorth.HARD
    assert judge(**(NEWS | {"title": f"{NEWS['title']} - Page Six"})).worth is NewsWorth.NEVER


def test_an_obituary_is_recognized_at_any_place_among_the_topics() -> None:
    labels = ("Ships", "Wrecks", "Deaths (Obituaries)", "Families")

    assert "deaths (obituaries)" in name_sections(make_article(labels=labels))


def test_a_feature_of_politics_is_no_light_story() -> None:
    feature = "The bizarre love of a {} and its goat"
    text = "Is it love? It is what keeps them going, day by day, in the hills."

    def closing(title: str) -> list[str]:
        soft = make_article(id="b", feed="herald", title=title, text=text)
        return day(make_article(**NEWS), soft)[1:]

    assert closing(feature.format("village")) == [feature.format("village")]
    assert closing(feature.format("parliament")) == []


@pytest.mark.parametrize(
    "title",
    ["I-40 East reopens after crash at Corn Bridge", "‘You can’t run us over’: council closes Corn Bridge"],
)
def test_road_numbers_and_quotes_make_no_guide_or_column(title: str) -> None:
    assert judge(title=title).worth is not NewsWorth.NEVER


@pytest.mark.parametrize(
    ("language", "summary"),
    [
        ("de", "Die Fähre ist zu laut, schreibt Ann Fox. Sie war Kapitänin."),
        ("fr", "Le ferry est trop bruyant. Tribune de Jean Renard."),
        ("es", "El ferri es ruidoso. Contenido patrocinado."),
        ("it", "Il traghetto è rumoroso. L'editoriale di Anna Volpe."),
        ("pt", "A balsa é ruidosa. Artigo de opinião."),
        ("nl", "De pont is te luid. Een column van Anna Vos."),
    ],
)
def test_a_column_or_an_advertisement_that_says_so_never_airs(language: str, summary: str) -> None:
    article = make_article(title="Wexum", summary=summary, text="")

    judgement = judge_article(article, options=StoriesOptions(), language=language)

    assert judgement.worth is NewsWorth.NEVER
    assert "its summary or text has" in judgement.reason
