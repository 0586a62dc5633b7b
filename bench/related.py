"""
Labelled events of one day -> pairs that count as one affair: `python -m bench.grouping --related`.

Compared are the stories that the grouping has not joined. As many reports of one event and steps of one story as
possible should be caught (listeners hear a missed pair twice in a bulletin), and few pairs of different events (the
second would not air in that bulletin). Printed for a few thresholds; the thresholds in use are marked *.
The sets: headlines only (gnews, uci, and invented reports of one Games), entries of recorded feeds with their
descriptions (the entries read for `bench.grouping_weights`, and its 150 pairs that share a rare word, `held`), and
invented local news, near misses on purpose, with the steps of its one long affair as different events.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from bench.grouping_weights import DATA, LABELS, lead_of, read_pool
from bench.newsdata import read_time
from bulletin.stories.grouping.find_related_stories import CLOSE, SHARED, Relation, measure_relations
from bulletin.stories.grouping.group_articles import settle
from bulletin.stories.grouping.same_event_probability import find_pairs
from bulletin.stories.grouping.term_vectors import read_articles

INVENTED = Path(__file__).parents[1] / "tests" / "data" / "stories"
THRESHOLDS = (
    (0.0, 0.0),
    (0.20, SHARED),
    (0.24, SHARED),
    (CLOSE, SHARED),
    (0.32, SHARED),
    (CLOSE, 0.0),
    (CLOSE, 2.4),
    (CLOSE, 3.2),
    (CLOSE, 4.0),
    (CLOSE, 5.0),
)
KINDS = ("same", "step", "other")
PATCH = ("Wexcombe", "Wexshire", "Marlbridge", "Thornley", "Ottermead", "Upper Sallow", "A361")
_DAY_S, _MINUTE_S = 24 * 3600.0, 60.0
_DAYS, _EVENTS = 40, 14

Judge = Callable[[int, int], str]
"""(article, article) -> the pair's label, one of `KINDS`; an empty string where nobody has labelled the pair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two groups of one day that the grouping left apart."""

    kind: str
    relation: Relation | None
    """Nothing where they share no rare word."""


def compare(
    titles: Sequence[str],
    times: Sequence[float | None],
    leads: Sequence[str],
    judge: Judge,
    *,
    by_article: bool = False,
    local_words: Sequence[str] = (),
) -> list[Compared]:
    """
    Pairs of groups of one day, each of the kind that most of its pairs of articles are.

    `by_article`: the labelled pairs of articles, without regard to groups.
    """
    reading = read_articles(titles, leads, local_words=local_words)
    pairs, _ = find_pairs(reading, times)
    settled = settle(reading, pairs, times)
    groups = settled.groups
    measured = measure_relations(groups, settled.near, reading=reading, weights=settled.weights)
    relations = {(relation.first, relation.second): relation for relation in measured}
    compared = []
    for a, b in combinations(range(len(groups)), 2):
        kinds = Counter(kind for x in groups[a] for y in groups[b] if (kind := judge(x, y)))
        if kinds and not by_article:
            is_one_day = _is_one_day(times[groups[a][0]], times[groups[b][0]])
            kinds = Counter([_tell_kind(kinds)] if is_one_day else [])
        compared += [Compared(kind=kind, relation=relations.get((a, b))) for kind in kinds.elements()]
    return compared


def read_sets(data: Path = DATA) -> Iterator[tuple[str, list[Compared]]]:
    text = (data / "script" / "clusters_dev.jsonl").read_text("utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    for name in ("gnews", "uci"):
        of_set = [row for row in rows if row["set"] == name]
        times = [read_time(str(row["time"] or "")) for row in of_set]
        stories = [row["story"] for row in of_set]
        yield name, compare([row["title"] for row in of_set], times, [""] * len(of_set), _by_event(stories))
    yield from _read_feeds(data)
    for name in ("local", "games"):
        titles, leads, events = _read_invented(INVENTED / f"{name}.txt", is_described=name == "local")
        yield name, compare(titles, [None] * len(titles), leads, _by_event(events))
    yield "days", list(_draw_days(()))
    yield "patch", list(_draw_days(PATCH))


def print_related(data: Path = DATA) -> None:
    sets = list(read_sets(data))
    print("caught of tellings of one event / of steps of one story / of pairs of different events")
    print(f"{'':14}", *(f"{name:>14}" for name, _ in sets))
    for close, shared in THRESHOLDS:
        figures = []
        for _, compared in sets:
            caught = Counter(
                pair.kind
                for pair in compared
                if not close or (pair.relation and pair.relation.holds(close=close, shared=shared))
            )
            figures.append("/".join(str(caught[kind]) for kind in KINDS))
        mark = "*" if (close, shared) == (CLOSE, SHARED) else " "
        name = f"{close:.2f} and {shared:.1f} {mark}" if close else "of"
        print(f"{name:14}", *(f"{figure:>14}" for figure in figures))


def _read_feeds(data: Path) -> Iterator[tuple[str, list[Compared]]]:
    """The read entries of recorded feeds; and the drawn pairs of the others."""
    labels = json.loads(LABELS.read_text("utf-8"))
    pool = read_pool(data)
    keys = [sample.key for sample in pool]
    titles = [sample.article.title for sample in pool]
    times = [sample.article.published.timestamp() for sample in pool]
    leads = [lead_of(sample) for sample in pool]
    events = {key: number for number, held in enumerate(labels["events"]) for key in held}
    steps: dict[str, set[int]] = defaultdict(set)
    for number, held in enumerate(labels["steps"]):
        for key in held:
            steps[key].add(number)
    read = {*labels["read"], *events}
    drawn = {frozenset(pair.split()): kind for pair, kind in labels["held"].items()}

    def judge(a: int, b: int) -> str:
        first, second = keys[a], keys[b]
        if first not in read or second not in read:
            return ""
        if first in events and events[first] == events.get(second):
            return "same"
        return "step" if steps[first] & steps[second] else "other"

    yield "feeds", compare(titles, times, leads, judge)
    yield (
        "held",
        compare(
            titles, times, leads, lambda a, b: drawn.get(frozenset((keys[a], keys[b])), ""), by_article=True
        ),
    )


def _read_invented(path: Path, *, is_described: bool) -> tuple[list[str], list[str], list[int]]:
    """Headlines, descriptions and the number of the event; the headline stands first or last in its line."""
    blocks = path.read_text("utf-8").split("\n\n")[1:]
    lines = [(line, number) for number, block in enumerate(blocks) for line in block.splitlines()]
    rows = [(line.split(" | "), number) for line, number in lines if line and not line.startswith("affair ")]
    titles = [parts[0] if is_described else parts[-1] for parts, _ in rows]
    leads = [parts[-1] if is_described else "" for parts, _ in rows]
    return titles, leads, [number for _, number in rows]


def _draw_days(local_words: Sequence[str]) -> Iterator[Compared]:
    """Small sets show little of their common words."""
    titles, leads, events = _read_invented(INVENTED / "local.txt", is_described=True)
    for seed in range(_DAYS):
        drawn = set(random.Random(seed).sample(sorted(set(events)), _EVENTS))
        rows = [row for row, event in enumerate(events) if event in drawn]
        judge = _by_event([events[row] for row in rows])
        yield from compare(
            [titles[row] for row in rows],
            [_MINUTE_S * number for number in range(len(rows))],
            [leads[row] for row in rows],
            judge,
            local_words=local_words,
        )


def _by_event(events: Sequence[object]) -> Judge:
    return lambda a, b: "same" if events[a] == events[b] else "other"


def _is_one_day(first_s: float | None, second_s: float | None) -> bool:
    return first_s is None or second_s is None or abs(first_s - second_s) <= _DAY_S


def _tell_kind(kinds: Counter[str]) -> str:
    half = kinds.total() / 2
    if kinds["same"] > half:
        return "same"
    return "step" if kinds["same"] + kinds["step"] > half else "other"
