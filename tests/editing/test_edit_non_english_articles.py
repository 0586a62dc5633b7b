"""Station in an invented language: sentences stay as printed, without any rule of English."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulletin.config.profile_options import ScriptOptions
from bulletin.config.tables.rewriter_options import RewriterOptions
from bulletin.editing.title_as_printed import with_short_names
from bulletin.language.language_folders import shipped_folder
from bulletin.model import Article, Script
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.rewriter.rewriter_factory import build_rewriting
from bulletin.script.write_script import write_script
from tests.rewriter.chat_server import ChatServer
from tests.support.factories import make_article, make_story, make_words

OPEN = Path(__file__).parents[1] / "data" / "script" / "open_articles.jsonl"
AT = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
END = " La maror dis ke la via esta bona, e naviga a la insula kon la granda ferry da Wexum."
HEAD = "La maror de Wexum dis ne a la via"


@pytest.fixture
def languages(tmp_path: Path) -> Path:
    """Folder of a language whose common words include the English ones, so that English text passes as this language."""
    folder = tmp_path / "languages" / "wx"
    folder.mkdir(parents=True)
    english = (shipped_folder() / "en-GB" / "phrases.toml").read_text(encoding="utf-8")
    own = 'common = [\n    "la", "de", "da", "esta", "dis", "ke", "e", "por",\n'
    own = 'labels = ["Nova hor", "Klip"]\npage = ["Lesa anke"]\n' + own
    calendar = f"[calendar]\nweekdays = {['Lundi'] * 7}\nmonths = {['Jan'] * 12}\n"
    text = calendar + english.replace("common = [\n", own)
    (folder / "phrases.toml").write_text(text, encoding="utf-8")
    return tmp_path / "languages"


def write(languages: Path, *articles: Article) -> Script:
    return write_script(
        [make_story(article) for article in articles],
        station=make_words(language="wx", languages=languages),
        at=AT,
        options=ScriptOptions(headlines=6),
        lexicon=Lexicon(),
    )


def edit(languages: Path, text: str, *, title: str = HEAD) -> tuple[str, str]:
    """Headline and words of an article; a second article is added, as a single story has no headline."""
    other = make_article(summary="", id="other", title=HEAD, text=END.strip())
    script = write(languages, make_article(summary="", id="it", title=title, text=text), other)
    story_script = next(item for item in script.stories if item.story.best.id == "it")
    return story_script.headline.text.removesuffix(".") if story_script.headline else "", story_script.cuts[
        -1
    ].text


@pytest.mark.parametrize(
    "printed",
    [
        # each case looks like a slip, a label, a day or an age to a rule of English
        "Also: la via de la burgo esta clusa por tri mesos.",
        "La burgoIn paga la via de la burgo, e la homos anke.",
        "18.11 kronos costa la pano da la maror de la burgo.",
        "La maror va a a Wexum por la nova via de la burgo.",
        "Joan Pike, 54, dis ke la via de la burgo esta bona.",
        "La via esta clusa, dis la maror, said la homos de Wexum.",
        "La via, which esta longa, costa la burgo approximately dek kronos.",
        "But la via de la burgo esta clusa yesterday por la homos.",
        "He dis ke la via de la burgo esta clusa in order to Wexum.",
        "Follow la maror e la homos de la burgo a la nova via here.",
        "La maror told la homos ke I esta bona por la burgo.",
        "La via esta clusa de la burgo of .Wexum e costa dek.",
    ],
)
def test_a_sentence_is_read_as_printed(languages: Path, printed: str) -> None:
    assert edit(languages, printed + END)[1] == printed + END


@pytest.mark.parametrize(
    "title",
    [
        "Two held for la via de Wexum",
        "Maror, 54, killed a la via",
        "La via esta clusa, says Pike",
        "La via esta bona: Pike",
        "Live: la via de Wexum esta clusa",
        "How la via de Wexum esta clusa",
        "La via de Wexum to lose la homos",
        "Their via de Wexum esta clusa",
        "La maror purchased la via amid la homos",
        "La via de la burgo esta clusa report",
        "La via and",
        "iPonto de la burgo esta clusa",
    ],
)
def test_a_headline_is_the_title_as_printed(languages: Path, title: str) -> None:
    expected = title if len(title.split()) > 3 else ""

    assert edit(languages, END.strip() + " E la burgo paga.", title=title)[0] == expected


@pytest.mark.parametrize(
    "title",
    [
        "Ke dis la maror de Wexum?",
        'La maror: "La via esta clusa"',
        "La via esta clusa … e la homos",
        "La maror e la via de Wexum...",
        "La maror dis ‘bona’ a la via",
        "[Klip] La maror e la via de Wexum",
        END.strip(" ."),
        " ".join(["via"] * 13),
    ],
)
def test_a_title_that_cannot_be_read_as_printed_is_no_headline(languages: Path, title: str) -> None:
    assert edit(languages, END.strip(), title=title)[0] == ""


def test_labels_and_page_words_come_from_the_language(languages: Path) -> None:
    text = f"Nova hor: La burgo da Wexum paga dek kronos por la via. Lesa anke: la ponto de Wexum.{END}"

    headline, words = edit(languages, text, title="KLIP - La via de Wexum esta bona | Nova Radio")

    assert headline == "La via de Wexum esta bona"
    assert words == f"La burgo da Wexum paga dek kronos por la via.{END}"


def test_a_question_stays_a_question(languages: Path) -> None:
    """In English, "maror to? Marun" counts as a lost character of an archive."""
    assert edit(
        languages, f"Ke dis la maror to? Marun dis ke la via resta, e ke la maror da la burgo vola.{END}"
    )[1] == (f"{HEAD}. Marun dis ke la via resta, e ke la maror da la burgo vola.{END}")


@pytest.mark.parametrize(
    "printed",
    [
        "La maror vola a la burgo a la 3. Marun por la via nova.",
        "La burgo dis a la via no. 12 homos paga la via nova.",
        "La via e. g. De la burgo costa la homos dek kronos.",
        "La maror e Msr. Pike dis ke la via esta bona.",
        "La maror J. Pike dis ke la via esta bona por la burgo.",
    ],
)
def test_sentence_ends_follow_the_language(languages: Path, printed: str) -> None:
    """Neither English titles ("no. 5", "Mr.") apply, nor English ordinals, which have no full stop."""
    folder = languages / "wx"
    (folder / "words.toml").write_text('[words]\nordinal_marks = "\\\\."\n', encoding="utf-8")
    phrases = (folder / "phrases.toml").read_text(encoding="utf-8")
    own = phrases.replace("[language]\n", '[language]\nabbreviations = ["e. g.", "Msr."]\n')
    (folder / "phrases.toml").write_text(own, encoding="utf-8")

    script = write(languages, make_article(summary="", title=HEAD, text=printed + END))

    sentences = [sentence.text for sentence in script.stories[0].cuts[-1].sentences]
    assert sentences == [*printed.replace("no. 12", "no.\n12").split("\n"), END.strip()]


def test_quotation_marks_brackets_and_agency_are_removed_in_every_language(languages: Path) -> None:
    text = f'WEXUM (Reuters) - La "nova" via (de la burgo) esta bona por la homos.{END}'

    assert edit(languages, text)[1] == f"La nova via esta bona por la homos.{END}"


@pytest.mark.slow
def test_english_articles_are_unchanged_at_a_station_of_another_language(languages: Path) -> None:
    """Thirty real articles at a station of another language: every sentence stays as printed, word for word."""
    rows = [json.loads(line) for line in OPEN.read_text(encoding="utf-8").splitlines()]
    articles = [make_article(summary="", id=row["id"], title=row["title"], text=row["text"]) for row in rows]
    titles = {row["title"] for row in rows}

    stories = [
        item
        for six in (articles[at : at + 6] for at in range(0, len(articles), 6))
        for item in write(languages, *six).stories
    ]

    assert len(stories) > 20
    for sentence in (edited for item in stories for edited in item.cuts[-1].sentences):
        (origin,) = sentence.origins
        # initials that are used again, "(KSC)", stand between commas
        initials = [
            name for name in re.findall(r"\(([A-Z]{2,8})\)", origin.text) if f", {name}" in sentence.text
        ]
        printed = re.sub(r" [(\[][^()\[\]]*[)\]]|[\"“”]", "", with_short_names(origin.text, initials))
        # a title that begins its story has its full stop from us
        assert " ".join(printed.split()) == sentence.text.removesuffix("." if origin.text in titles else "")
    headlines = {item.headline.text.removesuffix(".") for item in stories if item.headline}
    assert headlines
    assert headlines <= titles


def test_no_model_rewrites_a_language_unknown_to_its_guard(languages: Path, tmp_path: Path) -> None:
    with ChatServer(model=lambda messages: "Never asked.") as server:
        options = RewriterOptions(base_url=server.base_url, model="m")
        script = write_script(
            [make_story(make_article(summary="", title=HEAD, text=END.strip() * 3))],
            station=make_words(language="wx", languages=languages),
            at=AT,
            options=ScriptOptions(),
            lexicon=Lexicon(),
            rewriting=build_rewriting(options, folder=tmp_path / "kept"),
        )

    assert server.asked == []
    assert script.stories[0].rewrite is None


def told(languages: Path, **article: str) -> str:
    (story,) = write(languages, make_article(**{"title": HEAD, "summary": ""} | article)).stories
    return story.cuts[-1].text


def test_the_sentence_with_more_of_the_title_comes_first(languages: Path) -> None:
    """The summary or the text's own first sentence; the title itself where neither says it."""
    paid, fire = "La burgo paga la via nova por dek kronos.", "Pike trova la homos sub la granda ponto."

    assert told(languages, summary=END.strip(), text=paid) == f"{END.strip()} {paid}"
    assert told(languages, summary=paid, text=END.strip()) == END.strip()
    assert told(languages, summary=END.strip(), text=END.strip()) == END.strip()
    title = "Granda flamo brula multas casas"
    assert edit(languages, fire, title=title)[1] == f"{title}. {fire}"


def test_a_title_begins_a_story_whose_first_sentence_cannot_be_read(languages: Path) -> None:
    assert told(languages, text=f"[Dek] marors de Wexum esta clusa.{END}") == f"{HEAD}.{END}"


def test_a_summary_without_a_mark_at_its_end_is_cut_off(languages: Path) -> None:
    summary = "Nova ferri sinka a Porto e la maror dis ke la homos de la"
    article = make_article(title="Nova ferri sinka a Porto", summary=summary, text=END.strip())

    assert (
        "homos de la." in write(languages, replace(article, summary=f"{summary}.")).stories[0].cuts[-1].text
    )
    assert "homos de la" not in write(languages, article).stories[0].cuts[-1].text


def test_a_live_page_is_told_by_its_summary(languages: Path) -> None:
    summary = "La burgo da Wexum paga la via nova por dek kronos."
    entries = [
        f"9h0{minute} - La maror da Wexum dis {what} a la homos de la burgo."
        for minute, what in enumerate("abc")
    ]

    assert told(languages, summary=summary, text="\n".join(entries)) == summary


LONG = f"Pike dis ke {'la via da Wexum esta longa e ' * 7}la nova paga."
TOO_LONG = f"Pike dis ke {'la via da Wexum esta longa e ' * 9}la nova paga."


@pytest.mark.parametrize(
    ("text", "title", "words"),
    [
        (f"{LONG}{END}", HEAD, f"{HEAD}.{END}"),  # a first sentence of over 40 words
        (f"{LONG}{END}", "Ke dis la maror de Wexum?", f"{LONG}{END}"),
        (f"{TOO_LONG} {TOO_LONG}", HEAD, f"{HEAD}."),
        ("La burgo da Wexum dis ke la via esta ...", HEAD, f"{HEAD}."),
    ],
)
def test_no_story_falls_out_for_its_length(languages: Path, text: str, title: str, words: str) -> None:
    assert edit(languages, text, title=title)[1] == words


def test_a_story_without_its_beginning_is_left_out(languages: Path) -> None:
    script = write(
        languages,
        make_article(id="it", summary="", title="Ke dis la maror de Wexum?", text=f"{TOO_LONG}{END}"),
        make_article(id="other", summary="", title=HEAD, text=END.strip()),
    )

    assert [story.story.best.id for story in script.stories] == ["other"]
    assert "neither its first sentence nor its title" in " ".join(left.reason for left in script.left)


def test_a_sentence_that_refers_to_an_untold_one_is_not_told(languages: Path) -> None:
    file = languages / "wx" / "phrases.toml"
    lists = '[language]\nback = ["ila", "ista"]\ntimes = ["semana"]\n'
    file.write_text(file.read_text(encoding="utf-8").replace("[language]\n", lists), encoding="utf-8")
    first = "La via da Wexum esta clusa por la homos ke vola a la ponto de la granda porto."
    untold, lost = "La maror va a {Wexum} da la burgo.", "Ila dis ke la via esta bona por la nova casa."
    after = "Ista semana Wexum paga la via."

    assert edit(languages, f"{first} {untold} {lost}\n{after}")[1] == f"{first} {after}"
    assert edit(languages, f"{first} {lost} {after}")[1] == f"{first} {lost} {after}"


def test_a_telling_ends_at_a_gap_that_its_next_sentence_needs(languages: Path) -> None:
    """What is told then is a whole story; a few words before the gap are none."""
    untold = "Pike trova {dek} kasas sub la ponto."
    behind = "La kasas da Wexum esta bona por la homos."

    assert edit(languages, f"{HEAD}.{END} {untold}\n{behind}")[1] == f"{HEAD}.{END}"
    other = make_article(id="other", summary="", title=HEAD, text=END.strip())
    short = make_article(id="it", summary="", title=HEAD, text=f"La via da Wexum. {untold}\n{behind}")
    (left,) = write(languages, short, other).left
    assert "too few without a gap" in left.reason
