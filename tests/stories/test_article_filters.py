"""Article filters before the grouping, and their reasons."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bulletin.config.profile_options import StoriesOptions
from bulletin.model import Article
from bulletin.stories.article_filters import ScreenedArticles, screen_articles, settle_breaking
from tests.support.factories import NOW, make_article

OPTIONS = StoriesOptions()


def why(article: Article, options: StoriesOptions = OPTIONS, *, language: str = "en-GB") -> str:
    left = screen_articles([article], now=NOW, options=options, language=language).left
    return left[0].reason if left else ""


def test_a_fresh_local_story_is_fit() -> None:
    assert why(make_article()) == ""


def test_articles_older_than_the_limit_are_left_out() -> None:
    old = make_article(published=NOW - timedelta(hours=25))

    assert why(old) == "older than 24 hours (25 h)"
    assert why(old, StoriesOptions(max_age_h=30)) == ""


def test_an_article_without_a_date_counts_as_new() -> None:
    assert why(make_article(published=NOW - timedelta(days=3), is_dated=False)) == ""


def test_an_embargo_is_kept_and_a_wrong_clock_is_tolerated() -> None:
    assert why(make_article(published=NOW + timedelta(minutes=60))) == ""
    assert why(make_article(published=NOW + timedelta(hours=2))) == "dated in the future"
    assert why(make_article(published=NOW + timedelta(minutes=1), is_local=True)) == "dated in the future"


def test_an_embargo_says_when_it_ends() -> None:
    held = make_article(not_before=NOW + timedelta(hours=3))

    assert why(held) == "under embargo until 24 Nov 10:00 UTC"
    assert why(make_article(not_before=NOW)) == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "EMBARGOED until 00.01: Bridge to close"},
        {"title": "Embargo: bridge to close"},
        {"text": "STRICTLY EMBARGOED FOR 6AM\n\nThe bridge over the River Wex closes on Monday for repairs."},
        {"text": "Not for publication before noon. The bridge over the River Wex closes on Monday."},
    ],
)
def test_a_press_release_under_embargo_is_left_out(changes: dict[str, str]) -> None:
    assert why(make_article(**changes)) == "under embargo by its own words"


def test_news_of_an_embargo_is_news() -> None:
    assert why(make_article(title="Oil embargo agreed by ministers")) == ""
    assert why(make_article(title="Arms embargo until spring, says UN")) == ""


def test_a_story_of_the_station_expires_at_its_own_time() -> None:
    own = make_article(is_local=True, published=NOW - timedelta(days=3), expires=NOW + timedelta(hours=1))

    assert why(own) == ""
    assert why(make_article(expires=NOW)) == "has expired"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": " "}, "no headline"),
        ({"text": "", "summary": ""}, "too few words"),
        ({"text": "Read more", "summary": "Read more"}, "too few words"),
        ({"text": "The bridge closes for repairs on Monday."}, "too few words"),
        ({"title": "Opinion: the bridge must stay"}, "opinion: the headline has “opinion:”"),
        ({"text": "Corn Bridge\nTown Hall\nMill Lane\nStation Road\nWeir Close and the pond"}, "only a list"),
    ],
)
def test_an_article_that_is_no_news_has_a_reason(changes: dict[str, str], reason: str) -> None:
    assert why(make_article(**changes)) == reason


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Bridge closes 🚧🚗 for repairs 😱"},
        {"text": "The mosque, known as مسجد النور, opens its doors on Monday to all who live in the town."},
        {"title": "\u202bBridge closes\u202c for repairs"},
        {"title": "Rabbi reads \u05e9\u05dc\u05d5\u05dd to the town"},
    ],
)
def test_emoji_and_words_from_right_to_left_do_no_harm(changes: dict[str, str]) -> None:
    assert why(make_article(**changes)) == ""


@pytest.mark.parametrize(
    "changes",
    [
        {
            "title": "إغلاق الجسر لستة أسابيع",
            "text": "يغلق الجسر فوق النهر يوم الاثنين لمدة ستة أسابيع للإصلاح.",
        },
        {
            "title": "הגשר ייסגר לשישה שבועות",
            "text": "הגשר מעל הנהר ייסגר ביום שני לשישה שבועות לצורך תיקונים.",
        },
        {"title": "🔥🔥🔥", "text": "大火在家具仓库燃烧,消防员正在努力扑灭火势,目前没有人受伤。"},
    ],
)
def test_right_to_left_text_is_another_language(changes: dict[str, str]) -> None:
    assert why(make_article(**changes)) == "in another language"


def test_eight_words_are_enough() -> None:
    assert why(make_article(text="The old bridge closes for repairs on Monday.")) == ""


def test_terse_travel_news_passes() -> None:
    assert why(make_article(category="travel", title="A361", text="Queues of ten minutes.")) == ""


def test_another_language_is_left_out() -> None:
    german = make_article(
        title="Brücke wird für sechs Wochen gesperrt",
        text="Die Brücke über den Fluss wird von Montag an für sechs Wochen gesperrt, sagte der Sprecher der Stadt.",
    )

    assert why(german) == "in another language"
    assert why(german, language="de-DE") == ""


def test_breaking_news_of_a_feed_is_breaking_for_three_hours() -> None:
    def is_breaking(**changes: object) -> bool:
        [article] = settle_breaking([make_article(is_breaking=True, **changes)], now=NOW)
        return article.is_breaking

    assert is_breaking(published=NOW - timedelta(hours=3))
    assert not is_breaking(published=NOW - timedelta(hours=3, minutes=1))
    assert is_breaking(published=NOW - timedelta(hours=9), is_local=True)


def screen(*articles: Article) -> ScreenedArticles:
    return screen_articles(articles, now=NOW, options=OPTIONS, language="en-GB")


def test_an_article_left_out_is_named() -> None:
    screened = screen(make_article(), make_article(id="b", title="Town live: second half"))

    assert [article.id for article in screened.fit] == ["gazette:1"]
    assert [(item.article_id, item.reason) for item in screened.left] == [
        ("b", "live blog: the headline has “live:”")
    ]


def test_old_articles_up_to_twice_the_limit_may_fill_a_short_bulletin() -> None:
    day, older, live = (
        make_article(id=name, title=title, published=NOW - timedelta(hours=hours))
        for name, title, hours in (
            ("day", "Bridge closes", 47),
            ("older", "Bridge closes", 49),
            ("live", "Town live: 1-0", 30),
        )
    )

    screened = screen(day, older, live)

    assert [article.id for article in screened.stale] == ["day"]
    assert [(item.reason, item.limit) for item in screened.left] == [
        ("older than 24 hours (47 h)", "max_age_h"),
        ("older than 24 hours (49 h)", ""),
        ("older than 24 hours (30 h); live blog: the headline has “live:”", ""),
    ]


@pytest.mark.parametrize(
    ("title", "events"),
    [
        (
            "Corn Bridge shut for six weeks. And, nurses vote to strike",
            ["Corn Bridge shut for six weeks", "nurses vote to strike"],
        ),
        (
            "Corn Bridge shut; nurses vote to strike; mayor resigns",
            ["Corn Bridge shut", "nurses vote to strike", "mayor resigns"],
        ),
    ],
)
def test_a_digest_does_not_air_and_hints_at_important_events(title: str, events: list[str]) -> None:
    screened = screen(
        make_article(title=title),
        make_article(id="b", title="Bridge shut, and nurses strike"),
        make_article(id="c", title="Bridge shut; nurses strike"),
    )

    assert [left.reason for left in screened.left] == ["a digest of several events"]
    assert [article.title for article in screened.hints] == events
