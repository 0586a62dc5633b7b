"""
How good the first respellings of `bulletin names` are: names with known pronunciations that were never learnt from.

The names are a fifth of those of the pronouncing dictionary that hibari-tts brings. Each is read three ways by the
voice's grapheme-to-phoneme: as printed, without its entry in the dictionary; by the proposed respelling; and by a
respelling of the known pronunciation, which shows how much the spelling of the sounds loses. `--list` prints the names.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bench.respelling_weights import Known, names, read_by_rule
from bulletin.editing.names.pronunciation_difficulty import load_name_model
from bulletin.editing.names.propose_respelling import Reading, likely_origin, plain_sounds, propose_respelling
from bulletin.editing.names.spell_phonemes import spell_phonemes
from bulletin.editing.names.words_newsreaders_know import load_vocabulary
from bulletin.script.list_unusual_names import find_signals


@dataclass(frozen=True, slots=True)
class Judged:
    """Distances of one name's readings from its known pronunciation, in sounds."""

    known: Known
    respelling: str
    printed: int
    respelled: int
    spelled: int
    """Of the known pronunciation, respelled."""


@cache
def _reader() -> Any:
    from hibari.g2p import G2P

    return G2P()


def judge(known: Known) -> Judged:
    """The distances of one name."""
    respelling = propose_respelling(
        known.name, lambda word: Reading(phonemes=read_by_rule(word), is_known=False)
    )
    said = plain_sounds(known.said)
    return Judged(
        known=known,
        respelling=respelling,
        printed=distance(plain_sounds(known.read), said),
        respelled=distance(plain_sounds(_reader()(respelling)), said),
        spelled=distance(plain_sounds(_reader()(spell_phonemes(known.said))), said),
    )


def distance(sounds: str, others: str) -> int:
    """Least number of sounds to insert, delete or replace (Levenshtein)."""
    row = list(range(len(others) + 1))
    for at, sound in enumerate(sounds, 1):
        new = [at]
        for place, other in enumerate(others, 1):
            new.append(min(row[place] + 1, new[-1] + 1, row[place - 1] + (sound != other)))
        row = new
    return row[-1]


def is_listed(name: str) -> bool:
    """Whether `bulletin names` would list the name if no dictionary had it."""
    signals = find_signals(name, name, load_vocabulary()) | {"pronounced": False}
    return load_name_model().weigh(signals) > 0


def report(title: str, judged: Sequence[Judged]) -> str:
    """A line of the table."""
    total = len(judged) or 1

    def share(count: int) -> str:
        return f"{100 * count / total:.0f} %"

    nearer = share(sum(one.respelled < one.printed for one in judged))
    farther = share(sum(one.respelled > one.printed for one in judged))
    exact = [
        share(sum(getattr(one, way) == 0 for one in judged)) for way in ("printed", "respelled", "spelled")
    ]
    means = [sum(getattr(one, way) for one in judged) / total for way in ("printed", "respelled", "spelled")]
    wrong = " / ".join(f"{mean:.2f}" for mean in means)
    return f"| {title} | {len(judged)} | {nearer} | {farther} | {' / '.join(exact)} | {wrong} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--learnt", action="store_true", help="take the names of the learning, to try out changes"
    )
    parser.add_argument("--list", action="store_true", help="print each name")
    options = parser.parse_args()
    judged = [judge(known) for known in names(held_out=not options.learnt)]
    listed = [one for one in judged if is_listed(one.known.name)]
    if options.list:
        for one in listed:
            print(
                f"{one.known.name}\t{one.respelling}\t{one.known.said}\t{one.known.read}\t{one.printed}\t{one.respelled}"
            )
    print(
        "| names | number | nearer | farther | exact: printed / respelled / best | wrong sounds, likewise |"
    )
    print("|---|---|---|---|---|---|")
    print(report("held out, listed as unusual", listed))
    print(report("held out, all", judged))
    origins = {
        one.known.name: likely_origin(one.known.name.lower()) or "English or unclear" for one in listed
    }
    for origin in sorted(set(origins.values())):
        print(report(origin, [one for one in listed if origins[one.known.name] == origin]))


if __name__ == "__main__":
    main()
