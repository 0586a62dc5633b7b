"""Discrete-event simulation of a group's window: pieces with needs, cores of workers, cores of PostgreSQL."""

from __future__ import annotations

import heapq
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.capacity_model import Costs, Plan, sentences_of_bulletin

FEED, PAGE, DRAFT, SPEAK, MIX, JOIN = range(6)
"""Kinds of pieces in the order of their priority, as in the ledger."""


@dataclass(slots=True)
class SimulatedPiece:
    """A piece of work: what it takes, and what waits for it."""

    kind: int
    work_s: float
    server_s: float
    open_needs: int = 0
    followers: list[SimulatedPiece] = field(default_factory=list)

    def needs(self, other: SimulatedPiece) -> None:
        self.open_needs += 1
        other.followers.append(self)


class Group:
    """The pieces of a window, station by station, with stories drawn by lot."""

    def __init__(self, plan: Plan, costs: Costs, *, seed: int = 1) -> None:
        self._plan, self._costs = plan, costs
        self._lot = random.Random(seed)
        self.pieces: list[SimulatedPiece] = []
        self._sentences: dict[tuple[int, int, int], list[SimulatedPiece]] = {}
        """Language, voice and story -> its sentences."""
        self._pages = [self._read(language) for language in range(plan.languages)]
        for number in range(plan.choosers):
            self._add_chooser(number % plan.languages, self._lot.randrange(plan.voices))
        self._add_sharers()

    def _piece(self, kind: int, work_s: float, server_s: float = 0.0) -> SimulatedPiece:
        costs = self._costs
        piece = SimulatedPiece(kind, work_s + costs.piece_s, server_s + costs.server_s)
        self.pieces.append(piece)
        return piece

    def _read(self, language: int) -> SimulatedPiece:
        """Feeds and pages of a language; the last page stands for all in what drafts wait for."""
        plan, costs = self._plan, self._costs
        feeds = [self._piece(FEED, costs.feed_s) for _ in range(plan.feeds)]
        pages = [self._piece(PAGE, costs.page_s) for _ in range(plan.pages)]
        for number, page in enumerate(pages):
            page.needs(feeds[number % len(feeds)])
        # drafts wait for every page: the last one is what the others are gathered in
        for page in pages[:-1]:
            pages[-1].needs(page)
        return pages[-1]

    def _draft(self, language: int) -> SimulatedPiece:
        needs_s = self._plan.feeds_of_station * self._costs.need_server_s
        draft = self._piece(DRAFT, self._costs.draft_s, needs_s)
        draft.needs(self._pages[language])
        return draft

    def _speech(
        self, language: int, voice: int, story: int, draft: SimulatedPiece
    ) -> Iterator[SimulatedPiece]:
        """Sentences of a story; the first draft that has them brings them."""
        key = (language, voice, story)
        if key not in self._sentences:
            count = round(self._costs.sentences_a_story)
            self._sentences[key] = [self._piece(SPEAK, self._costs.sentence_s) for _ in range(count)]
            for sentence in self._sentences[key]:
                sentence.needs(draft)
        yield from self._sentences[key]

    def _add_chooser(self, language: int, voice: int) -> None:
        plan, costs = self._plan, self._costs
        draft = self._draft(language)
        work_s = costs.own_speech_s + costs.mix_s + costs.publish_s
        mix = self._piece(MIX, work_s, costs.publication_server_s + self._mix_needs_s())
        mix.needs(draft)
        for story in self._lot.sample(range(plan.stories), round(costs.stories)):
            for sentence in self._speech(language, voice, story, draft):
                mix.needs(sentence)

    def _mix_needs_s(self) -> float:
        """PostgreSQL's time for what a mix waits for."""
        return (1 + sentences_of_bulletin(self._costs)) * self._costs.need_server_s

    def _add_sharers(self) -> None:
        plan, costs = self._plan, self._costs
        bodies = []
        for order in range(plan.orders):
            language, voice = order % plan.languages, order // plan.languages
            draft = self._draft(language)
            body = self._piece(MIX, costs.mix_s, self._mix_needs_s())
            body.needs(draft)
            for story in range(round(costs.stories)):
                for sentence in self._speech(language, voice, story, draft):
                    body.needs(sentence)
            bodies.append(body)
        for number in range(plan.sharers):
            own = self._piece(DRAFT, 0.0)  # its words: planned, claimed and finished as every piece
            work_s = costs.own_speech_s + costs.joined_s + costs.publish_s
            joined = self._piece(JOIN, work_s, costs.publication_server_s + 2 * costs.need_server_s)
            joined.needs(bodies[number % len(bodies)])
            joined.needs(own)


def simulate(plan: Plan, costs: Costs, *, cores: int, database_cores: int, seed: int = 1) -> float:
    """
    Seconds from the plan to the last bulletin.

    A piece is claimed in PostgreSQL, worked on by one core, and finished in PostgreSQL. A core that waits for the
    database takes another piece.
    """
    pieces = Group(plan, costs, seed=seed).pieces
    ready: list[tuple[int, int, SimulatedPiece]] = []
    """Claimed pieces that wait for a core: kind, order, piece."""
    server = [0.0] * database_cores
    events: list[tuple[float, int]] = []
    free, order, now = cores, 0, 0.0
    at: dict[int, list[tuple[str, SimulatedPiece]]] = defaultdict(list)

    def call_server(began_s: float, work_s: float, what: str, piece: SimulatedPiece) -> None:
        nonlocal order
        ends_s = max(began_s, heapq.heappop(server)) + work_s
        heapq.heappush(server, ends_s)
        order += 1
        at[order].append((what, piece))
        heapq.heappush(events, (ends_s, order))

    for piece in sorted((piece for piece in pieces if not piece.open_needs), key=lambda piece: piece.kind):
        call_server(0.0, piece.server_s / 2, "claimed", piece)
    while events:
        now, number = heapq.heappop(events)
        for what, piece in at.pop(number):
            if what == "claimed":
                heapq.heappush(ready, (piece.kind, number, piece))
            elif what == "worked":
                free += 1
                call_server(now, piece.server_s / 2, "finished", piece)
            else:
                for follower in piece.followers:
                    follower.open_needs -= 1
                    if not follower.open_needs:
                        call_server(now, follower.server_s / 2, "claimed", follower)
        while free and ready:
            _, _, piece = heapq.heappop(ready)
            free -= 1
            order += 1
            at[order].append(("worked", piece))
            heapq.heappush(events, (now + piece.work_s, order))
    return now
