from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bulletin.normalization.load_pronunciation_lexicon import load_lexicon
from bulletin.normalization.normalize_text import make_speakable

DATA = Path(__file__).parents[1] / "data"
FEEDS = Path(__file__).parents[2] / "feeds"
SHARED = Path(__file__).parents[2].parent / "shared"
CASES = list(csv.DictReader((DATA / "speakable.csv").read_text(encoding="utf-8").splitlines()))
FLOOR = 1.0
"""Least share of the table that is spoken exactly as listed; 1.0 is the maximum."""

SAYABLE = re.compile(r"(?:[^\W\d_]|[ ,.?!;:'-])*")
LONE_CAPITAL = re.compile(r"(?<![\w.])[A-Z]$")
"""Before a name it may be an initial: "Malcolm X. Unesco" can be one sentence or two."""
FRAGMENTS = [row["written"] for row in CASES] + list("£$€%&@#/+=<>()[]{}–—-'\"…°½²₂。٣़1230.,:; \n\tAIVXms") + [
    "A.", "U.S.", "St", "Lt", "No", "No.", "p.m.", "bn", "www.", "http://", ".com", "'s", "😀", "\u200d", "\ufe0f\u20e3",
    "<b>", "&amp;", "&#x1F600;", "东京", "مرحبا", "Zoë", "ﬁ", "Ⅷ", "0800", "999", "1/", "-5C", "ft", "in ", "and ", "the ",
]  # fmt: skip


def test_every_case_of_the_table_is_spoken_as_listed() -> None:
    """Quality gate: each line was read aloud and judged before it entered the table."""
    wrong = [
        f"{row['written']!r} -> {spoken!r}, not {row['spoken']!r}"
        for row in CASES
        if (spoken := make_speakable(row["written"], language=row["language"])) != row["spoken"]
    ]

    assert len(CASES) >= 250
    assert 1 - len(wrong) / len(CASES) >= FLOOR, "\n".join(wrong)


@pytest.mark.slow
def test_speakable_text_is_unchanged() -> None:
    changed = [
        (row["spoken"], spoken)
        for row in CASES
        if (spoken := make_speakable(row["spoken"], language=row["language"])) != row["spoken"]
    ]

    assert changed == []


@pytest.mark.slow
@given(st.text(max_size=200))
@example("İı ﬀ ǅ \u0345 \ud7ff ٣٤ ⅷ ㎞ ℃")
@example("\x00\x1f\x7f\u2028\u200b\ufeff")
@settings(deadline=None)
def test_only_letters_and_sentence_marks_come_out(text: str) -> None:
    assert SAYABLE.fullmatch(make_speakable(text))


@pytest.mark.slow
@given(
    st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join), st.sampled_from(["en-GB", "en-US", "de"])
)
@settings(deadline=None, max_examples=300)
def test_random_fragments_never_leave_a_digit_or_a_symbol(text: str, language: str) -> None:
    assert SAYABLE.fullmatch(make_speakable(text, language=language))


@pytest.mark.slow
@given(
    st.lists(st.sampled_from([row for row in CASES if not LONE_CAPITAL.search(row["written"])]), max_size=5)
)
@example([{"written": "in the U.S."}, {"written": "The COP30"}, {"written": "Co Antrim"}])
@settings(deadline=None)
def test_normalization_is_idempotent(rows: list[dict[str, str]]) -> None:
    spoken = make_speakable(". ".join(row["written"] for row in rows))

    assert make_speakable(spoken) == spoken


@pytest.mark.parametrize("text", ["", " ", "!?", "123", "£", "😀", "東京", "-", "'", "https://t.co/a"])
def test_text_without_words_is_no_error(text: str) -> None:
    assert SAYABLE.fullmatch(make_speakable(text))


def test_the_lexicon_comes_before_every_other_rule() -> None:
    lexicon = load_lexicon({"Wexcombe": "WECKS-cum", "A361": "the old coast road", "M&S": "Marks"})

    spoken = make_speakable("St Mary's, Wexcombe's A361 and M&S on 103.5 FM", lexicon=lexicon)

    assert spoken == "Saint Mary's, WECKS-cum's the old coast road and Marks on one-oh-three point five F-M"


def test_numbers_up_to_trillions_are_words_and_longer_ones_digits() -> None:
    spoken = make_speakable("It cost 999,000,000,000,000 roubles.", language="en-GB")
    by_digits = make_speakable("It cost 1,000,000,000,000,000 roubles.", language="en-GB")

    assert spoken == "It cost nine hundred and ninety-nine trillion roubles."
    assert by_digits.startswith("It cost one oh oh oh")


def test_a_name_in_the_lexicon_still_counts_as_a_name() -> None:
    lexicon = load_lexicon({"Keynes": "Canes", "Frome": "Froom"})

    assert make_speakable("Dr Keynes of St Frome", lexicon=lexicon) == "Doctor Canes of Saint Froom"


def test_figures_of_a_language_without_tables_stay_as_printed() -> None:
    assert make_speakable("5,5 km (20 %)", language="xx") == "5,5 km 20 %"


def test_a_variant_without_a_folder_reads_as_its_language() -> None:
    assert make_speakable("101", language="en-AU") == "one hundred and one"


def test_text_in_capitals_is_not_spelled_letter_by_letter() -> None:
    spoken = make_speakable("COUNCIL TO CLOSE WEXCOMBE LIBRARY AFTER BBC REPORT")

    assert spoken == "Council To Close Wexcombe Library After B-B-C Report"


@pytest.mark.slow
@pytest.mark.parametrize(
    "scrap",
    ["1", "1,111", "A", "AB CD ", "£", "-", "1-1-", "a.a.", "A.A.", "a@", "<", "[a", ".", " ", "a", "1 ", "'", "http://",
     "A1", "1a", "a-", "Lt ", "10:", "1/2/", "&#", "Jan 1 ", "£1-", "(", "IV ", "1.", "é", "999 or ", "x.x-", "www.a.b.",
     ", ", "?", "\u0301", "😀", "between 1-", "6' ", "#a", "St ", "0", "£1½", "5km-", "J1-J", "J1 and ", "Jan-", "1 Jan 2026-", "1-1-20", "11.11.2", "A*-", "Co ",
     "King Charles I and ", "call a b to ", "between 1939-", "p.1"],
)  # fmt: skip
def test_a_long_run_of_any_fragment_takes_linear_time(scrap: str) -> None:
    """A rule that looks ahead from every character would take quadratic time here."""
    text = scrap * (100_000 // len(scrap))

    assert SAYABLE.fullmatch(make_speakable(text))


def _strings(value: object) -> Iterator[str]:
    """Every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _unsayable(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if not SAYABLE.fullmatch(make_speakable(text))]


@pytest.mark.slow
def test_our_own_articles_never_leave_a_digit_or_a_symbol() -> None:
    """Openly licensed articles, messy ones with page furniture, and the demo's feed files with their tags."""
    lines = (DATA / "script" / "open_articles.jsonl").read_text(encoding="utf-8").splitlines()
    messy = tomllib.loads((DATA / "script" / "messy.toml").read_text(encoding="utf-8"))
    feeds = [
        path.read_text(encoding="utf-8")
        for path in FEEDS.rglob("*")
        if path.suffix in (".xml", ".rss", ".json")
    ]
    texts = [*_strings([json.loads(line) for line in lines]), *_strings(messy), *feeds]

    assert len(texts) > 100
    assert _unsayable(texts) == []


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared development data is not here")
def test_real_news_never_leaves_a_digit_or_a_symbol() -> None:
    """Every text of the development sets, and every line of the recorded feeds with its markup."""
    texts = [
        text
        for path in sorted((SHARED / "data" / "script").glob("*.jsonl"))
        if path.name != "pairs_train.jsonl"
        for line in path.read_text(encoding="utf-8").splitlines()
        for text in _strings(json.loads(line))
    ]
    for path in sorted((SHARED / "data" / "feeds" / "recorded").iterdir()):
        texts += path.read_text(encoding="utf-8", errors="replace")[:200_000].splitlines()

    assert len(texts) > 1000
    assert _unsayable(texts) == []
