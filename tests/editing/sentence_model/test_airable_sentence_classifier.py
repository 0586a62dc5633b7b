"""Rating of a sentence as the opening of a story, or as a sentence after another."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from bulletin.editing.attribution.find_quoted_sentences import Printed
from bulletin.editing.edit_article_for_radio import read_article
from bulletin.editing.headlines.sentence_matches_headline import HeadlineMatch
from bulletin.editing.sentence_model.airable_sentence_classifier import (
    LENIENT,
    THRESHOLDS,
    SentenceModel,
    load_sentence_model,
)
from bulletin.editing.sentence_model.airable_sentence_features import (
    Signals,
    following_signals,
    opening_signals,
)

TITLE = "Warehouse is destroyed by fire in Wexcombe"
NEWS = (
    "A fire destroyed a furniture warehouse in Wexcombe on Monday and closed two streets until the evening."
)
MORE = "The county fire service said it sent sixty firefighters to the warehouse on Mill Lane."


def signals_of(text: str, title: str = TITLE, index: int = 0) -> Signals:
    printed = read_article(title, text)
    sentences = [sentence.text for sentence in printed]
    match = HeadlineMatch.of(title, source=" ".join(sentences), opening=sentences[:5])
    return opening_signals(sentences[index], printed, index, match)


def rate_opening(text: str, title: str = TITLE, index: int = 0) -> float:
    return load_sentence_model().rate_opening(signals_of(text, title, index))


def rate_following(text: str, index: int) -> float:
    printed = read_article(TITLE, text)
    signals = following_signals(printed[index].text, printed, index, told_indexes=[0], heard=printed[0].text)
    return load_sentence_model().rate_following(signals)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (TITLE, NEWS),
        (
            "Council agrees to rebuild pool",
            "Wexcombe council agreed on Monday night to rebuild the pool on Mill Lane.",
        ),
        (
            "Vicar jailed for theft",
            "A vicar from Wexcombe was jailed for three years on Friday for theft from his parish.",
        ),
    ],
)
def test_clear_news_may_open_a_story(title: str, text: str) -> None:
    assert rate_opening(f"{text}\n\n{MORE}", title) > THRESHOLDS[0].opening


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Why talks about the Wex ferry matter", "Negotiations will continue on Wednesday."),
        (TITLE, "Ann Fox was making tea when she smelt something odd."),
        ("A night on the river", "You will never guess what the ferryman of Wexcombe found."),
        ("The river at night", "There is something about a river at night."),
        (TITLE, "She says that it was terrible."),
    ],
)
def test_scenes_teasers_and_dangling_references_never_open_a_story(title: str, text: str) -> None:
    assert rate_opening(f"{text}\n\n{NEWS}", title) < LENIENT.opening


def test_news_after_a_scene_is_rated_above_the_scene() -> None:
    text = f"Ann Fox was making tea when she smelt something odd.\n\n{NEWS}"
    assert rate_opening(text, index=1) > rate_opening(text, index=0)


def test_a_continuation_is_rated_above_a_reference_over_a_gap() -> None:
    omitted = "Ann Fox owns a shop on the quay."
    text = f"{NEWS}\n\n{MORE}\n\n{omitted}\n\nHer sister told her of it."
    assert rate_following(text, 1) > THRESHOLDS[0].next
    assert rate_following(text, 3) < LENIENT.over_gap


def test_signals_and_weights_match() -> None:
    model = load_sentence_model()
    printed = read_article(TITLE, f"{NEWS}\n\n{MORE}")
    following = following_signals(MORE, printed, 1, told_indexes=[0], heard=NEWS)
    for rows, signals in ((model.opening, signals_of(NEWS)), (model.following, following)):
        assert rows
        for row in rows:
            assert set(row) == {*signals, "bias"}


def test_a_signal_without_a_weight_is_an_error() -> None:
    with pytest.raises(KeyError, match="no such signal"):
        load_sentence_model().rate_opening({"no such signal": 1.0})


def test_the_rating_of_a_sentence_is_reproducible() -> None:
    text = (
        resources.files("bulletin.editing.sentence_model")
        .joinpath("sentence_model.json")
        .read_text(encoding="utf-8")
    )
    weights = json.loads(text)
    anew = SentenceModel(opening=tuple(weights["opening"]), following=tuple(weights["following"]))
    signals = signals_of(f"{NEWS}\n\n{MORE}")
    assert signals == signals_of(f"{NEWS}\n\n{MORE}")
    assert anew.rate_opening(signals) == load_sentence_model().rate_opening(signals)


def test_a_rating_is_the_mean_of_two_probabilities() -> None:
    model = SentenceModel(opening=({"bias": 0.0, "day": 5.0}, {"bias": 0.0, "day": 5.0}), following=())
    assert model.rate_opening({"day": 0.0}) == 0.5
    assert 0.99 < model.rate_opening({"day": 1.0}) < 1.0


def test_signals_of_a_sentence_show_day_name_and_speaker() -> None:
    printed = [Printed(text=NEWS, paragraph=0, opens_paragraph=True)]
    match = HeadlineMatch.of(TITLE, source=NEWS, opening=[NEWS])
    signals = opening_signals(NEWS, printed, 0, match)
    assert signals["day"]
    assert signals["names"]
    assert not signals["says"]
