"""What was worded is kept between runs, and no file can change what is said."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bulletin.config.profile_options import ScriptOptions
from bulletin.editing import telling_cache
from bulletin.editing.sentences.article_days import Days
from bulletin.editing.telling import Telling
from bulletin.editing.telling_cache import TellingCache, words_kept_in
from bulletin.language.sentence_parser import has_parser
from bulletin.model import Script, Story
from bulletin.normalization.lexicon import Lexicon, Pronunciation
from bulletin.script.write_script import write_script
from tests.support.factories import make_article, make_story, make_words

ARTICLES = Path(__file__).parents[1] / "data" / "script" / "open_articles.jsonl"

AT = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


def news(count: int = 6) -> list[Story]:
    lines = map(json.loads, ARTICLES.read_text(encoding="utf-8").splitlines()[:count])
    return [
        make_story(make_article(id=f"gazette:{number}", title=one["title"], text=one["text"]))
        for number, one in enumerate(lines)
    ]


def test_a_later_run_words_nothing_again_and_says_the_same(tmp_path: Path) -> None:
    first, was_news = _write(tmp_path, news())
    second, is_news = _write(tmp_path, news())

    assert (was_news, is_news) == (True, False)
    assert second == first
    assert second == _plainly(news())
    assert any(told.headline for told in second.stories) or not has_parser()
    assert all(sentence.origins for told in second.stories for sentence in told.cuts[0].sentences[:1])


def test_only_what_is_new_is_worded(tmp_path: Path) -> None:
    _write(tmp_path, news(3))

    more, is_news = _write(tmp_path, news(4))

    assert is_news
    assert more == _plainly(news(4))


def test_nothing_is_written_where_nothing_new_was_worded(tmp_path: Path) -> None:
    _write(tmp_path, news())
    before = (tmp_path / "words" / "demo.json").stat()

    _write(tmp_path, news())
    after = (tmp_path / "words" / "demo.json").stat()

    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_another_day_has_other_words(tmp_path: Path) -> None:
    """ "Today" is another day tomorrow."""
    stories = [
        make_story(
            make_article(text="The pool on Mill Lane was closed today after cracks were found in its roof.")
        )
    ]
    early, later = AT - timedelta(days=1), AT
    _write(tmp_path, stories, at=early)

    script, _ = _write(tmp_path, stories, at=later)

    assert script == _plainly(stories, at=later)
    assert script.stories[0].cuts != _plainly(stories, at=early).stories[0].cuts


def test_a_new_pronunciation_is_said_at_once(tmp_path: Path) -> None:
    lexicon = Lexicon(entries=(Pronunciation(written="Wex", said="Weeks"),))
    _write(tmp_path, [make_story()])

    script, _ = _write(tmp_path, [make_story()], lexicon=lexicon)

    assert "Weeks" in script.stories[0].cuts[0].spoken


def test_the_stations_own_tables_are_heard_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "languages"
    (folder / "en").mkdir(parents=True)
    (folder / "en" / "titles.toml").write_text("", encoding="utf-8")
    station = make_words(languages=folder)
    with words_kept_in(tmp_path / "words.json", station=station, lexicon=Lexicon()) as kept:
        kept.spoken("No 5", lambda: "number five")
    (folder / "en" / "titles.toml").write_text("# another", encoding="utf-8")

    with words_kept_in(tmp_path / "words.json", station=station, lexicon=Lexicon()) as kept:
        said = kept.spoken("No 5", lambda: "another")

    assert said == "another"


@pytest.mark.parametrize(("name", "other"), [("sys.version", "2.7"), ("__version__", "0.0.1")])
def test_another_pythons_or_versions_words_are_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, other: str
) -> None:
    monkeypatch.setattr(f"bulletin.editing.telling_cache.{name}", other)
    _write(tmp_path, [make_story()])
    monkeypatch.undo()

    _, is_news = _write(tmp_path, [make_story()])

    assert is_news


def test_words_of_other_rules_are_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = tmp_path / "program" / "script"
    rules.mkdir(parents=True)
    (rules / "tell.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(telling_cache, "__file__", str(rules / "kept_words.py"))
    _write(tmp_path, [make_story()])
    (rules / "tell.py").write_text("changed", encoding="utf-8")

    _, is_news = _write(tmp_path, [make_story()])

    assert is_news


def test_a_program_without_files_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling_cache, "__file__", str(tmp_path / "program.zip" / "script" / "kept_words.py"))

    _write(tmp_path, [make_story()])

    assert not (tmp_path / "words").exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_bytes(path.read_bytes().replace(b"bridge", b"cattle")),
        lambda path: path.write_bytes(b"\xff\xfe\x00" * 90),
        lambda path: path.write_text("{}\n{}", encoding="utf-8"),
        lambda path: (path.unlink(), path.mkdir()),
    ],
)
def test_a_damaged_file_changes_no_word(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    first, _ = _write(tmp_path, [make_story()])
    damage(tmp_path / "words" / "demo.json")

    again, is_news = _write(tmp_path, [make_story()])

    assert is_news
    assert again == first


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("a file", encoding="utf-8")

    script, _ = _write(tmp_path, [make_story()])

    assert script == _plainly([make_story()])


def test_an_error_within_keeps_nothing_and_comes_out(tmp_path: Path) -> None:
    def word() -> str:
        raise RuntimeError

    path = tmp_path / "words.json"
    with (
        pytest.raises(RuntimeError),
        words_kept_in(path, station=make_words(), lexicon=Lexicon()) as kept,
    ):
        kept.spoken("No 5", word)

    assert not path.exists()


def test_what_nobody_asks_for_any_more_is_let_go() -> None:
    """As much again as was asked stays: a bulletin of other sections may stand between two."""
    known = {f"said {number}": "a word" for number in range(100)}
    kept = TellingCache(known)
    for number in (7, 8, 200):
        kept.spoken(f"{number}", lambda: "a word")

    assert list(kept.to_keep()) == ["said 7", "said 8", "said 200", "said 0", "said 1", "said 2"]


def test_a_sentence_without_spoken_words_is_known_too() -> None:
    kept = TellingCache({"said …": ""})

    assert kept.spoken("…", lambda: "asked again") == ""


def test_where_words_come_from_is_said_of_the_feed_that_brought_them() -> None:
    article = make_article()
    (told,) = _plainly([make_story(article)]).stories
    kept = TellingCache()
    _tell_through(kept, article)

    telling = _tell_through(kept, make_article(id="echo:1", credit="the Echo", link="https://echo.example/"))

    assert {origin.credit for piece in telling.pieces for origin in piece.origins} == {"the Echo"}
    assert {origin.article_id for piece in telling.pieces for origin in piece.origins} == {"echo:1"}
    assert telling.pieces[0].sentences[0] == told.cuts[0].sentences[0].text


def test_half_a_character_is_no_error(tmp_path: Path) -> None:
    with words_kept_in(tmp_path / "words.json", station=make_words(), lexicon=Lexicon()) as kept:
        kept.spoken("\ud83d", lambda: "")
        kept.telling(make_article(text="\ud83d"), None, lambda: Telling(title="\ud83d", pieces=()))

    with words_kept_in(tmp_path / "words.json", station=make_words(), lexicon=Lexicon()) as kept:
        assert kept.spoken("\ud83d", lambda: "asked again") == ""


def _tell_through(kept: TellingCache, article: Any) -> Telling:
    from bulletin.editing.tell_article import tell_article
    from bulletin.language.phrases import load_phrases

    days = Days(written=article.published.date(), on_air=AT.date())
    return kept.telling(
        article, days, lambda: tell_article(article, phrases=load_phrases("en-GB"), days=days)
    )


def _write(
    folder: Path, stories: Sequence[Story], *, at: datetime = AT, lexicon: Lexicon | None = None
) -> tuple[Script, bool]:
    """A script as a run makes it, and whether anything had to be worded."""
    words = make_words()
    names = lexicon or Lexicon()
    with words_kept_in(folder / "words" / f"{words.id}.json", station=words, lexicon=names) as kept:
        script = write_script(
            stories, station=words, at=at, options=ScriptOptions(), lexicon=names, kept=kept
        )
    return script, kept.is_news


def _plainly(stories: Sequence[Story], *, at: datetime = AT) -> Script:
    return write_script(stories, station=make_words(), at=at, options=ScriptOptions(), lexicon=Lexicon())
