"""
Learn the corrections of `bulletin names`' first respellings: names with known pronunciations -> respelling_model.json.

`python -m bench.respelling_weights` reads the names of the pronouncing dictionary that hibari-tts brings, without the
fifth that `python -m bench.respellings` measures, and writes the model; `--check` prints what it would write.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bulletin.editing.names.propose_respelling import (
    RespellingModel,
    align,
    contexts,
    likely_origin,
    plain_letters,
    plain_sounds,
)

MODEL = Path(__file__).parents[1] / "bulletin" / "editing" / "names" / "respelling_model.json"
_ROUNDS = 5
_LEAST_SEEN = 2
_ROUNDED_COST = 70
Aligned = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Letters of a name, what the voice says for each, what is said."""


@dataclass(frozen=True, slots=True)
class Known:
    """A name with its pronunciation by the dictionary, and how the voice reads it without that entry."""

    name: str
    said: str
    read: str


def is_held_out(name: str) -> bool:
    """Every fifth name, by a checksum: never learnt from."""
    return hashlib.sha256(name.encode()).digest()[0] % 5 == 0


def dictionary() -> dict[str, str]:
    """Names of the American dictionary written by hand, those with one pronunciation."""
    package = find_spec("hibari")
    assert package
    assert package.submodule_search_locations
    path = Path(package.submodule_search_locations[0]) / "assets" / "lexicon_us_gold.json.gz"
    words: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return {
        word: said
        for word, said in words.items()
        if isinstance(said, str) and re.fullmatch("[A-Z][a-z]{2,}", word)
    }


@cache
def _net() -> Any:
    from hibari.g2p.oov import OOV

    return OOV()


def read_by_rule(name: str) -> str:
    """The voice's reading of a word that is in no dictionary."""
    return str(_net()(name) or "")


def names(*, held_out: bool) -> list[Known]:
    """Names to learn from, or those that are held out."""
    return [
        Known(name, said, read_by_rule(name))
        for name, said in dictionary().items()
        if is_held_out(name) is held_out
    ]


def learn_costs(pairs: Sequence[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Costs of letters and their sounds: aligned, counted, and aligned again by the counts."""
    costs: Mapping[str, Mapping[str, int]] = {
        letter: _FirstCosts() for letters, _ in pairs for letter in letters
    }
    for _ in range(_ROUNDS):
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for letters, sounds in pairs:
            for letter, own in zip(letters, align(letters, sounds, costs), strict=False):
                counts[letter][own] += 1
        costs = {
            letter: {
                own: min(_ROUNDED_COST, round(-10 * math.log(n / seen.total()))) for own, n in seen.items()
            }
            for letter, seen in counts.items()
        }
    return {
        letter: {own: cost for own, cost in seen.items() if cost < _ROUNDED_COST}
        for letter, seen in costs.items()
    }


class _FirstCosts(dict[str, int]):
    """Before anything is known a letter has one sound, or none."""

    def get(self, own: str, default: Any = None) -> Any:
        return (12, 0, 23, 50)[len(own)]


def learn_corrections(aligned: Iterable[Aligned], *, margin: float) -> dict[str, str]:
    """
    Contexts whose letter is said otherwise than shorter contexts have it.

    An entry needs two names, and a majority over the present sounds by `margin` roots of its number.
    """
    items = list(aligned)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for letters, read, said in items:
        origin = likely_origin(letters)
        for at, own in enumerate(said):
            for context in contexts(letters, read, at, origin=origin):
                counts[context][own] += 1
    corrections: dict[str, str] = {}
    for letters, read, _ in items:
        origin = likely_origin(letters)
        for at, own in enumerate(read):
            now = own
            for context in contexts(letters, read, at, origin=origin):
                seen = counts[context]
                best, times = seen.most_common(1)[0]
                if seen.total() < _LEAST_SEEN:
                    break
                if (
                    context not in corrections
                    and best != now
                    and times - seen[now] >= margin * seen.total() ** 0.5
                ):
                    corrections[context] = best
                now = corrections.get(context, now)
    return corrections


def learn(known: Sequence[Known], *, margin: float) -> RespellingModel:
    """The model of these names."""
    pairs = [(plain_letters(one.name), plain_sounds(one.said)) for one in known]
    costs = learn_costs(pairs)
    aligned = []
    for one, (letters, said) in zip(known, pairs, strict=True):
        read, own = align(letters, plain_sounds(one.read), costs), align(letters, said, costs)
        if read and own:
            aligned.append((letters, read, own))
    return RespellingModel(costs=costs, corrections=learn_corrections(aligned, margin=margin))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="print the size only")
    parser.add_argument("--margin", type=float, default=1.0)
    options = parser.parse_args()
    known = names(held_out=False)
    model = learn(known, margin=options.margin)
    print(f"{len(known)} names, {len(model.corrections)} corrections")
    if not options.check:
        tables = {"costs": model.costs, "corrections": model.corrections}
        MODEL.write_text(json.dumps(tables, ensure_ascii=False, sort_keys=True, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
