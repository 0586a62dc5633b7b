"""An editor of a group under faults: kills, withdrawals and corrections, each given again until it succeeds."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench.group_history import ALL, FEEDS, History, Kill, Story, read_history
from bench.group_levels import NEWS
from bench.group_processes import Group
from bench.performance.ways.feed_server import entries, story

KILLS = (
    "a story on air killed for all",
    "a story on air killed for one station",
    "a new story killed for all",
    "every story of one station killed",
)
EDITS = ("a story withdrawn", "a story corrected")
_TRIES, _AGAIN_S = 15, 3.0


@dataclass(slots=True, kw_only=True)
class Editor:
    """`failures` are sentences about edits that did not succeed."""

    group: Group
    profiles: Sequence[Path]
    sentences: dict[tuple[str, str], str] = field(default_factory=dict)
    """Words of stories that were withdrawn, by station and entry of the kill list."""
    done: list[tuple[Kill, datetime]] = field(default_factory=list)
    """Kills, and when their commands had ended."""
    corrected: list[tuple[str, str, datetime]] = field(default_factory=list)
    """Station, new sentence, and when the command had ended."""
    failures: list[str] = field(default_factory=list)

    def history(self) -> History:
        return read_history(self.group, sentences=self.sentences)

    def do(self, edit: str, *, hour: int, chance: random.Random) -> str:
        """Do an edit of KILLS or EDITS; what was done, or "" where nothing was on air for it."""
        if edit == KILLS[2]:
            feed = chance.randrange(FEEDS)
            title, _ = story(feed, chance.choice(entries(feed, hour)[:3]))
            return self._kill(title.split()[0], station=ALL)
        profile = chance.choice(self.profiles)
        on_air = self._on_air(profile.stem)
        if not on_air:
            return ""
        if edit == KILLS[3]:
            return " ".join(
                self._kill(town, station=profile.stem) for town in sorted({one.town for one in on_air})
            )
        chosen = chance.choice(on_air)
        if edit in KILLS:
            return self._kill(chosen.town, station=ALL if edit == KILLS[0] else profile.stem)
        return self._withdraw(chosen, profile) if edit == EDITS[0] else self._correct(chosen, profile)

    def _on_air(self, station: str) -> list[Story]:
        """Stories of the station's last news that are not killed yet."""
        history = self.history()
        news = [one for one in history.of_station(station) if one.level in NEWS and one.withdrawn_at is None]
        last = max(news, key=lambda one: (one.due, one.recorded_at), default=None)
        kills = [kill for kill in history.kills if kill.holds_for(station)]
        return [
            one
            for one in (last.stories if last else ())
            if not any(kill.tells(one.all_words) for kill in kills)
        ]

    def _kill(self, town: str, *, station: str) -> str:
        profile = next((path for path in self.profiles if path.stem == station), self.profiles[0])
        command = ["kill", "add", town, str(profile)]
        if self._run(*command, *(["--all-stations"] if station == ALL else [])):
            moment = self.group.sql("SELECT clock_timestamp()")[0][0]
            self.done.append((Kill(station=station, entry=town, at=moment), moment))
        return town

    def _withdraw(self, chosen: Story, profile: Path) -> str:
        before = self._entries()
        if self._run("withdraw", chosen.title, str(profile)):
            sentence = _first_sentence(chosen.words)
            for entry in self._entries() - before:
                self.sentences[entry] = sentence
            moment = self.group.sql("SELECT clock_timestamp()")[0][0]
            self.done.append((Kill(station=profile.stem, entry=sentence, at=moment), moment))
        return chosen.title

    def _correct(self, chosen: Story, profile: Path) -> str:
        sentence = f"The council of {chosen.town} has taken back what it said."
        if self._run("correct", chosen.title, str(profile), "--change", "1", sentence, "--editor", "bench"):
            self.corrected.append((profile.stem, sentence, datetime.now(UTC)))
        return chosen.title

    def _entries(self) -> set[tuple[str, str]]:
        return set(self.group.sql("SELECT station, entry FROM kills"))

    def _run(self, *command: str) -> bool:
        output = str(self.profiles[0].parent.parent / "editor")
        for _ in range(_TRIES):
            done = self.group.run(*command, "--output", output)
            if not done.returncode:
                return True
            time.sleep(_AGAIN_S)
        said = (done.stderr or done.stdout).strip()[-300:]
        self.failures.append(f"`bulletin {' '.join(command[:3])}` failed with {done.returncode}: {said}")
        return False


def uncorrected(editor: Editor, history: History) -> list[str]:
    """Corrections without a bulletin that has the new words."""
    return [
        f"{station}: no bulletin has the correction {sentence!r}"
        for station, sentence, _ in editor.corrected
        if not any(
            sentence.lower() in story.words.lower()
            for one in history.of_station(station)
            for story in one.stories
        )
    ]


def _first_sentence(words: str) -> str:
    head, dot, _ = words.partition(". ")
    return head + "." * bool(dot)


def draw_edits(hours: int, *, seed: int) -> list[tuple[str, str]]:
    """For each hour a kill, and "" or an edit in the quiet time before its work."""
    chance = random.Random(f"edits {seed}")
    kills: list[str] = []
    others: list[str] = []
    drawn = []
    for hour in range(hours):
        kills = kills or chance.sample(KILLS, len(KILLS)) if hour else [KILLS[2]]  # nothing is on air yet
        others = others or chance.sample([*EDITS, ""], len(EDITS) + 1)
        drawn.append((kills.pop(), others.pop() if hour else ""))
    return drawn
