"""
Hearing of sentences in other languages: false alarms of the one recogniser, changes that it finds, cost.

Sentences of the recorded days (`../shared/data/fresh/day-es-dev`), half of them with figures, are read by a voice and
heard by Whisper base: first with their own script, then with a script in which one figure or one negation is changed.
`python -m bench.hearing_languages es kokoro --sentences 30 --seed 5`
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from bench.hearing import FRESH, hear, speak
from bulletin.language.split_sentences import split_sentences
from bulletin.normalization.normalize_text import make_speakable
from bulletin.recognition.timed_sentences import TimedSentence
from bulletin.recognition.tokens import Kind, tokens_of_language


def draw_sentences(folder: Path, *, count: int, rng: random.Random) -> list[str]:
    """Sentences of 6 to 28 words, half of them with figures if there are so many."""
    lines = (folder / "expected.jsonl").open(encoding="utf-8")
    texts = {text for line in lines for text in split_sentences(json.loads(line)["text"])}
    fit = sorted(text for text in texts if 6 <= len(text.split()) <= 28 and text[-1] in ".?!")
    rng.shuffle(fit)
    figures = [text for text in fit if re.search(r"\d", text)][: count // 2]
    return (figures + [text for text in fit if text not in figures])[:count]


def change(written: str, spoken: str, language: str, rng: random.Random) -> tuple[str, str] | None:
    """Kind of the change, and the script with another digit, or without its negation."""
    digits = list(re.finditer(r"\d", written))
    if digits:
        place = rng.choice(digits)
        digit = rng.choice([figure for figure in "123456789" if figure != place[0]])
        other = f"{written[: place.start()]}{digit}{written[place.end() :]}"
        return "figure", make_speakable(other, language=language)
    negation = next(
        (token.text for token in tokens_of_language(spoken, language) if token.kind is Kind.NEGATION), None
    )
    if negation is None:
        return None
    return "negation", re.sub(rf"\b{negation}\b ?", "", spoken, count=1, flags=re.IGNORECASE)


def count_kinds(timed: list[TimedSentence], language: str) -> Counter[Kind]:
    return Counter(token.kind for item in timed for token in tokens_of_language(item.script.spoken, language))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("language")
    parser.add_argument("voice")
    parser.add_argument("--fresh", type=Path, default=FRESH)
    parser.add_argument("--sentences", type=int, default=30)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    language, rng = options.language, random.Random(options.seed)
    folder = options.fresh / f"day-{language.partition('-')[0]}-dev"
    written = draw_sentences(folder, count=options.sentences, rng=rng)
    texts = [make_speakable(text, language=language) for text in written]
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, "sentences.wav")
        timed = [
            replace(item, language=language)
            for item in speak(texts, path, voice=options.voice, language=language)
        ]
        kinds = count_kinds(timed, language)
        heard = hear(path, timed, ())
        print(
            f"{len(timed)} sentences, {timed[-1].end_s:.0f} s of speech, {kinds[Kind.FIGURE]} figures, "
            f"{kinds[Kind.NEGATION]} negations: unheard {len(heard.unheard)}, false alarms {len(heard.doubts)}, "
            f"{heard.cpu_s} s of processor time; not judged: {heard.unjudged}"
        )
        for doubt in heard.doubts:
            print(f"  {doubt.miss}: {texts[doubt.sentence]}")
        if not heard.unjudged:
            report_changes(path, timed, written, language, rng)


def report_changes(
    path: Path, timed: list[TimedSentence], written: list[str], language: str, rng: random.Random
) -> None:
    ways: dict[int, str] = {}
    changed = list(timed)
    for number, (item, text) in enumerate(zip(timed, written, strict=True)):
        if found := change(text, item.script.spoken, language, rng):
            ways[number], spoken = found
            changed[number] = replace(item, script=replace(item.script, spoken=spoken))
    heard = hear(path, changed, ())
    caught = Counter(
        way
        for number, way in ways.items()
        if any(doubt.sentence == number and doubt.miss.kind == way for doubt in heard.doubts)
    )
    for way, count in sorted(Counter(ways.values()).items()):
        print(f"changed script, {way}: found {caught[way]} of {count}")


if __name__ == "__main__":
    main()
