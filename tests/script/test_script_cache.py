"""Script cache between runs; a damaged file never changes the script."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.config.profile_options import ScriptOptions
from bulletin.editing.edited_article import Telling
from bulletin.language.english_grammar_parser import has_parser
from bulletin.model import Script, Story
from bulletin.normalization.pronunciation_lexicon import Lexicon, Pronunciation
from bulletin.script import script_cache
from bulletin.script.script_cache import ScriptCache, open_script_cache
from bulletin.script.write_script import write_script
from tests.support.factories import make_article, make_story, make_words

pytestmark = pytest.mark.slow

ARTICLES = Path(__file__).parents[1] / "data" / "script" / "open_articles.jsonl"

AT = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def new_process() -> None:
    """Each test begins without entries in memory."""
    script_cache._shared_of.cache_clear()


def read_stories(count: int = 6) -> list[Story]:
    articles = map(json.loads, ARTICLES.read_text(encoding="utf-8").splitlines()[:count])
    return [
        make_story(make_article(id=f"gazette:{number}", title=article["title"], text=article["text"]))
        for number, article in enumerate(articles)
    ]


def write(
    folder: Path, stories: Sequence[Story], *, at: datetime = AT, lexicon: Lexicon | None = None
) -> tuple[Script, bool]:
    """Script as a run makes it, and whether anything was written again."""
    station, lexicon = make_words(), lexicon or Lexicon()
    with open_script_cache(folder / "words.json", station=station, lexicon=lexicon) as cache:
        script = write_script(
            stories, station=station, at=at, options=ScriptOptions(), lexicon=lexicon, script_cache=cache
        )
    return script, bool(cache.made())


def write_without(stories: Sequence[Story], *, at: datetime = AT) -> Script:
    return write_script(stories, station=make_words(), at=at, options=ScriptOptions(), lexicon=Lexicon())


def test_a_later_run_reuses_the_cached_script(tmp_path: Path) -> None:
    first, was_new = write(tmp_path, read_stories())
    second, is_new = write(tmp_path, read_stories())

    assert (was_new, is_new) == (True, False)
    assert second == first == write_without(read_stories())
    assert any(story.headline for story in second.stories) or not has_parser()


def test_a_new_story_is_written_beside_the_known_ones(tmp_path: Path) -> None:
    write(tmp_path, read_stories(3))

    script, is_new = write(tmp_path, read_stories(4))

    assert is_new
    assert script == write_without(read_stories(4))


def test_stations_of_one_process_write_a_story_once(tmp_path: Path) -> None:
    """The second station's file has the entries, too, for its next process."""
    telling = Telling(pieces=(), title="Bridge closes")
    for name in ("one", "two"):
        with open_script_cache(tmp_path / name, station=make_words(id=name), lexicon=Lexicon()) as cache:
            cache.telling(make_article(), "conditions", {"one": lambda: telling}.get(name, pytest.fail))

    script_cache._shared_of.cache_clear()
    with open_script_cache(tmp_path / "two", station=make_words(id="two"), lexicon=Lexicon()) as cache:
        assert cache.telling(make_article(), "conditions", pytest.fail).title == "Bridge closes"


def test_the_file_is_unchanged_without_new_text(tmp_path: Path) -> None:
    write(tmp_path, read_stories())
    before = (tmp_path / "words.json").stat()

    write(tmp_path, read_stories())

    after = (tmp_path / "words.json").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_another_day_is_written_again(tmp_path: Path) -> None:
    """ "Today" means another day tomorrow."""
    text = "The pool on Mill Lane was closed today after cracks were found in its roof."
    stories = [make_story(make_article(text=text))]
    write(tmp_path, stories, at=AT - timedelta(days=1))

    script, _ = write(tmp_path, stories, at=AT)

    assert script == write_without(stories, at=AT)
    assert script.stories[0].cuts != write_without(stories, at=AT - timedelta(days=1)).stories[0].cuts


def test_a_new_pronunciation_takes_effect_at_once(tmp_path: Path) -> None:
    write(tmp_path, [make_story()])

    lexicon = Lexicon(entries=(Pronunciation(written="Wex", said="Weeks"),))
    script, _ = write(tmp_path, [make_story()], lexicon=lexicon)

    assert "Weeks" in script.stories[0].cuts[0].spoken


def test_the_stations_tables_take_effect_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "languages"
    (folder / "en").mkdir(parents=True)
    (folder / "en" / "titles.toml").write_text("", encoding="utf-8")
    station = make_words(languages=folder)
    with open_script_cache(tmp_path / "words.json", station=station, lexicon=Lexicon()) as cache:
        cache.text("No 5", write=lambda: "number five")
    (folder / "en" / "titles.toml").write_text("# another", encoding="utf-8")

    with open_script_cache(tmp_path / "words.json", station=station, lexicon=Lexicon()) as cache:
        assert cache.text("No 5", write=lambda: "another") == "another"


@pytest.mark.parametrize(("name", "other"), [("sys.version", "2.7"), ("__version__", "0.0.1")])
def test_another_python_or_version_writes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, other: str
) -> None:
    monkeypatch.setattr(f"bulletin.script.script_cache.{name}", other)
    write(tmp_path, [make_story()])
    monkeypatch.undo()

    assert write(tmp_path, [make_story()])[1]


def test_other_rules_write_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("editing", "language", "normalization", "script"):
        (tmp_path / "program" / name).mkdir(parents=True)
    rule = tmp_path / "program" / "editing" / "rule.py"
    rule.write_text("", encoding="utf-8")
    monkeypatch.setattr(script_cache, "__file__", str(tmp_path / "program" / "script" / "script_cache.py"))
    write(tmp_path, [make_story()])
    rule.write_text("changed", encoding="utf-8")

    assert write(tmp_path, [make_story()])[1]


def test_a_program_without_files_stores_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        script_cache, "__file__", str(tmp_path / "program.zip" / "script" / "script_cache.py")
    )

    write(tmp_path, [make_story()])

    assert not (tmp_path / "words.json").exists()


def test_articles_written_without_an_installed_parser_are_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The installation may be repaired tomorrow."""
    monkeypatch.setattr(script_cache, "parser_problem", lambda: "")
    monkeypatch.setattr(script_cache, "has_parser", lambda: False)

    write(tmp_path, [make_story()])

    assert not (tmp_path / "words.json").exists()


def test_a_newly_installed_parser_writes_the_articles_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as missing:
        missing.setattr(script_cache, "parser_problem", lambda: "spaCy is not installed")
        missing.setattr(script_cache, "has_parser", lambda: False)
        write(tmp_path, [make_story()])
    monkeypatch.setattr(script_cache, "parser_problem", lambda: "")

    assert (tmp_path / "words.json").exists()
    assert write(tmp_path, [make_story()])[1]


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
    first, _ = write(tmp_path, [make_story()])
    damage(tmp_path / "words.json")

    again, is_new = write(tmp_path, [make_story()])

    assert is_new
    assert again == first


def test_a_script_is_written_though_the_folder_is_read_only(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file", encoding="utf-8")

    script, _ = write(tmp_path / "folder", [make_story()])

    assert script == write_without([make_story()])


def test_an_error_is_raised_and_stores_nothing(tmp_path: Path) -> None:
    path = tmp_path / "words.json"

    def fail() -> str:
        raise RuntimeError

    with (
        pytest.raises(RuntimeError),
        open_script_cache(path, station=make_words(), lexicon=Lexicon()) as cache,
    ):
        cache.text("No 5", write=fail)

    assert not path.exists()


def test_the_cache_keeps_as_much_of_earlier_runs_as_was_used() -> None:
    """A bulletin of other sections may come between two runs."""
    names = [str(number) for number in range(100)]
    before = ScriptCache()
    for name in names:
        before.text(name, write=lambda: "a word")
    cache = ScriptCache(before.used)
    for name in ("7", "8", "200"):
        cache.text(name, write=lambda: "a word")

    stored = cache.to_store()

    assert len(stored) == 6
    assert stored.keys() > cache.used.keys()


def test_no_address_is_stored(tmp_path: Path) -> None:
    """An address may contain the secret of a private feed."""
    write(tmp_path, [make_story(make_article(id="token-1", link="https://echo.example/?key=token-1"))])

    assert "token-1" not in (tmp_path / "words.json").read_text("utf-8")


def test_the_credited_publisher_is_that_of_the_chosen_article(tmp_path: Path) -> None:
    write(tmp_path, [make_story(make_article())])

    echo = make_article(id="echo:1", credit="the Echo", link="https://echo.example/")
    script, _ = write(tmp_path, [make_story(echo)])

    origins = {origin for sentence in script.stories[0].cuts[0].sentences for origin in sentence.origins}
    assert {(origin.article_id, origin.credit) for origin in origins} == {("echo:1", "the Echo")}


def test_a_lone_surrogate_is_no_error(tmp_path: Path) -> None:
    with open_script_cache(tmp_path / "words.json", station=make_words(), lexicon=Lexicon()) as cache:
        telling = cache.telling(make_article(text="\ud83d"), None, lambda: Telling(title="\ud83d", pieces=()))

    assert telling.title == "\ud83d"
