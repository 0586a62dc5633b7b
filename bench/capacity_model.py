"""Measured costs and a group's plan -> its pieces of work, and what they take, by formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bench.performance.measure_row import medians
from bench.performance.record_results import GROUP

WINDOW_S = 120.0
"""From the plan to the last bulletin; all are due at once."""
_NEEDS_OF_PLAIN_PIECE = 0.5
"""In the measurement of drafts and their mixes: a mix needs its draft."""
ERROR = 0.05
"""Of the CPU seconds of PostgreSQL: the same work takes so much more or less from run to run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """CPU seconds and bytes, as `python -m bench.performance` measured them."""

    feed_s: float
    page_s: float
    draft_s: float
    sentence_s: float
    own_speech_s: float
    """Sentences with a station's own name, and its clips put together."""
    mix_s: float
    joined_s: float
    """A mix around a body that the store has."""
    publish_s: float
    piece_s: float
    """Of the worker, for ledger and queue."""
    server_s: float
    """Of PostgreSQL, for one piece."""
    publication_server_s: float
    planner_s: float
    """Of a planner, for one station; with its share of what the planner takes whether there is work or not."""
    rows: float
    wal_bytes: float
    commits: float
    need_server_s: float
    """Of PostgreSQL, for one piece that waits for another one, beside what the piece itself takes."""
    need_rows: float
    need_wal_bytes: float
    publication_rows: float
    publication_wal_bytes: float
    publication_commits: float
    file_bytes: float
    sentence_bytes: float
    sentences_a_story: float
    stories: float
    """Of a bulletin."""
    length_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A group, and what is assumed of it."""

    stations: int
    most_languages: int = 5
    sharing: float = 0.0
    """Part of the stations that take the running order of their language and voice."""
    voices: int = 2
    """Of each language; every station has one of them."""
    feeds: int = 100
    """Of each language, each read once in the window."""
    feeds_of_station: int = 20
    """Its draft waits for these."""
    pages: int = 30
    """New articles of each language in the window."""
    stories: int = 60
    """Of each language, from which stations choose."""

    @property
    def languages(self) -> int:
        """Languages that some station has."""
        return min(self.most_languages, self.stations)

    @property
    def sharers(self) -> int:
        return round(self.stations * self.sharing)

    @property
    def choosers(self) -> int:
        return self.stations - self.sharers

    @property
    def orders(self) -> int:
        """Shared running orders: one for each voice of each language that at least one station takes."""
        return min(self.sharers, self.languages * self.voices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a plan takes."""

    pieces: float
    waits: float
    """How often a piece waits for another one."""
    work_s: float
    """CPU seconds of workers."""
    chain_s: float
    """Longest chain of pieces that wait for each other."""
    server_s: float
    """CPU seconds of PostgreSQL."""
    planner_s: float
    """CPU seconds of a planner, which one planner does on one core."""
    sentences: float
    rows: float
    wal_bytes: float
    commits: float
    up_bytes: float
    down_bytes: float

    @property
    def cores(self) -> float:
        """Cores with which the last bulletin is ready at the end of the window."""
        return self.work_s / max(1.0, WINDOW_S - self.chain_s / 2)

    @property
    def database_cores(self) -> float:
        return self.server_s / WINDOW_S

    def finish_s(self, cores: int, database_cores: int) -> float:
        """
        Seconds from the plan to the last bulletin on so many cores.

        Work is spread evenly but for its chain: at its two ends half of it leaves the other cores idle.
        """
        idle_s = self.chain_s * (1 - 1 / cores) / 2
        return max(self.work_s / cores + idle_s, self.server_s / database_cores, self.chain_s)


def largest_group(results: Mapping[str, Any]) -> Mapping[str, Any]:
    """The measured group with the most stations."""
    groups: Iterable[Mapping[str, Any]] = results[GROUP].values()
    return max(groups, key=lambda run: float(run["figures"]["pieces"]["mix done"]))


def memory_of_workers(results: Mapping[str, Any]) -> dict[str, float]:
    """Voice -> most megabytes of a worker in a measured group with that voice."""
    memory: dict[str, float] = {}
    for command, run in results[GROUP].items():
        words = command.split()
        voice = words[words.index("--voice") + 1]
        memory[voice] = max(memory.get(voice, 0.0), *run["figures"]["memory_mb"])
    return memory


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitCost:
    """What it takes PostgreSQL that a piece waits for another one, beside the piece itself."""

    server_s: float
    is_below_error: bool
    """The difference was smaller than ERROR, which counts in its place: no wait is free."""
    rows: float
    wal_bytes: float


def read_wait(results: Mapping[str, Any]) -> WaitCost:
    """
    Difference of two measurements, for one wait.

    The same pieces with 25 sentences for each mix and with 250; where the second was not measured, drafts and mixes
    with needs and without.
    """
    database = medians(results["database"]["rounds"])
    few, many = database["needs"], database.get("waits")
    if many:
        more = many["needs_a_piece"] - few["needs_a_piece"]
    else:
        few, many = database["pieces"], few
        more = many["needs_a_piece"] - _NEEDS_OF_PLAIN_PIECE
    difference_ms, error_ms = many["server_ms"] - few["server_ms"], ERROR * few["server_ms"]
    return WaitCost(
        server_s=max(difference_ms, error_ms) / more / 1000,
        is_below_error=difference_ms < error_ms,
        rows=max(0.0, many["rows"] - few["rows"]) / more,
        wal_bytes=max(0.0, many["wal_bytes"] - few["wal_bytes"]) / more,
    )


def read_costs(results: Mapping[str, Any]) -> Costs:
    """Costs of the rows "pieces" and "database", and of the planner of the largest group that was measured."""
    largest = largest_group(results)["figures"]
    made = medians(results["pieces"]["rounds"])
    pieces, shared = made["pieces"], made["shared"]
    database = medians(results["database"]["rounds"])
    ledger, publication = database["pieces"], database["publications"]
    wait = read_wait(results)

    return Costs(
        feed_s=pieces["feed_s"],
        page_s=pieces["page_s"],
        draft_s=pieces["open_s"] + pieces["gather_s"] + pieces["choose_s"] + pieces["write_s"],
        sentence_s=pieces["speech_s"],
        own_speech_s=pieces["speak_s"],
        mix_s=pieces["open_s"] + pieces["mix_s"] + pieces["examine_s"],
        joined_s=pieces["open_s"] + shared["joined_s"],
        publish_s=pieces["publish_s"] + pieces["rest_s"] + publication["client_ms"] / 1000,
        piece_s=ledger["client_ms"] / 1000,
        server_s=ledger["server_ms"] / 1000,
        publication_server_s=publication["server_ms"] / 1000,
        planner_s=largest["planner_s"] / largest["pieces"]["mix done"],
        rows=ledger["rows"],
        wal_bytes=ledger["wal_bytes"],
        commits=ledger["commits"],
        need_server_s=wait.server_s,
        need_rows=wait.rows,
        need_wal_bytes=wait.wal_bytes,
        publication_rows=publication["rows"],
        publication_wal_bytes=publication["wal_bytes"],
        publication_commits=publication["commits"],
        file_bytes=pieces["file_bytes"],
        sentence_bytes=pieces["sentence_bytes"],
        sentences_a_story=pieces["sentences"] / pieces["stories"],
        stories=pieces["stories"],
        length_s=pieces["length_s"],
    )


def count_sentences(plan: Plan, costs: Costs) -> float:
    """Different sentences of all stories that air, counted once for each voice."""
    listeners = plan.choosers / (plan.languages * plan.voices)
    chosen: float = plan.stories * (1 - (1 - costs.stories / plan.stories) ** listeners)
    shared = min(1.0, plan.sharers / (plan.languages * plan.voices)) * costs.stories
    # the shared order is of stories that others choose, too
    stories = chosen + shared * (1 - chosen / plan.stories)
    return plan.languages * plan.voices * stories * costs.sentences_a_story


def sentences_of_bulletin(costs: Costs) -> int:
    return round(costs.stories) * round(costs.sentences_a_story)


def count_waits(plan: Plan, costs: Costs) -> float:
    """Pieces that wait for another one: drafts for feeds, mixes for drafts and sentences, joins for body and words."""
    made = plan.choosers + plan.orders
    return made * (plan.feeds_of_station + 1 + sentences_of_bulletin(costs)) + 2 * plan.sharers


def need_of(plan: Plan, costs: Costs, *, workers: int = 1) -> Need:
    """Sum of all pieces. `workers` machines read each sentence of the store once."""
    feeds, pages = plan.languages * plan.feeds, plan.languages * plan.pages
    sentences = count_sentences(plan, costs)
    drafts, mixes = plan.choosers + plan.orders, plan.choosers + plan.orders
    pieces = feeds + pages + drafts + sentences + plan.choosers + plan.orders + 2 * plan.sharers
    work_s = (
        feeds * costs.feed_s
        + pages * costs.page_s
        + drafts * costs.draft_s
        + sentences * costs.sentence_s
        + plan.stations * (costs.own_speech_s + costs.publish_s)
        + mixes * costs.mix_s
        + plan.sharers * costs.joined_s
        + pieces * costs.piece_s
    )
    last_s = costs.mix_s + costs.own_speech_s + costs.publish_s
    if plan.sharers:
        last_s += costs.joined_s
    chain_s = costs.feed_s + costs.page_s + costs.draft_s + costs.sentence_s + last_s + 6 * costs.piece_s
    waits = count_waits(plan, costs)
    return Need(
        pieces=pieces,
        waits=waits,
        work_s=work_s,
        chain_s=chain_s,
        server_s=pieces * costs.server_s
        + waits * costs.need_server_s
        + plan.stations * costs.publication_server_s,
        planner_s=plan.stations * costs.planner_s,
        sentences=sentences,
        rows=pieces * costs.rows + waits * costs.need_rows + plan.stations * costs.publication_rows,
        wal_bytes=pieces * costs.wal_bytes
        + waits * costs.need_wal_bytes
        + plan.stations * costs.publication_wal_bytes,
        commits=pieces * costs.commits + plan.stations * costs.publication_commits,
        up_bytes=plan.stations * costs.file_bytes + sentences * costs.sentence_bytes,
        down_bytes=workers * sentences * costs.sentence_bytes + plan.sharers * costs.file_bytes,
    )


def most_stations(plan: Plan, costs: Costs, *, fits: Any) -> int:
    """The most stations for which `fits(need)` holds, to three digits; 0: not even one."""
    low, high = 0, 1
    while high < 10_000_000 and fits(need_of(replace(plan, stations=high), costs)):
        low, high = high, 2 * high
    while high - low > max(1, low // 500):
        middle = (low + high) // 2
        if fits(need_of(replace(plan, stations=middle), costs)):
            low = middle
        else:
            high = middle
    return low
