"""
Hearing of finished bulletins, measured on real sentences of news: false alarms, faults found, cost.

Sentences of `../shared/data/fresh` (spent slices 01 to 17 only) are read by hibari and heard by both models. First
with their own script: every doubt is a false alarm. Then with a script that was changed in one place of each sentence
(a figure, a negation, a name; seeded): every doubt at that place is a fault found.
`python -m bench.hearing --sentences 200 --seed 7`
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import tempfile
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from bulletin.editing.names.words_newsreaders_know import load_vocabulary
from bulletin.language.read_word_lists import read_table
from bulletin.language.split_sentences import split_sentences
from bulletin.model import Sentence
from bulletin.normalization.normalize_text import make_speakable
from bulletin.recognition.compare_with_script import ScriptSentence
from bulletin.recognition.hear_bulletin import LIMITS, describe_job
from bulletin.recognition.listen import Heard, heard_from_facts
from bulletin.recognition.names_of_script import known_names, names_in
from bulletin.recognition.names_sound_alike import are_read_alike
from bulletin.recognition.timed_sentences import TimedSentence
from bulletin.recognition.tokens import Kind, tokens_of
from bulletin.runtime.read_sound_file import write_wav
from bulletin.runtime.resampling import resample
from bulletin.runtime.restrained_process import run_restrained
from bulletin.speech.call_speech_engine import say_sentences
from bulletin.speech.voice_factory import build_chain

FRESH = Path(__file__).parents[2] / "shared" / "data" / "fresh"
SPENT = range(1, 18)
PAUSE_S = 0.35
BULLETIN_S = 120.0
AUXILIARY = re.compile(r"\b(?:is|are|was|were|will|would|could|should|has|have|had|can|did|does|do)\b")


def draw_sentences(folder: Path, *, count: int, rng: random.Random) -> list[str]:
    """Sentences of 8 to 28 words from the beginnings of articles."""
    lines = [
        line for number in SPENT for line in (folder / f"slice-{number:02d}.jsonl").open(encoding="utf-8")
    ]
    texts = [text for line in lines for text in split_sentences(json.loads(line)["text"])[:4]]
    fit = sorted({text for text in texts if 8 <= len(text.split()) <= 28 and text[-1] in ".?!"})
    return rng.sample(fit, count)


def change(
    spoken: str, names: Sequence[str], others: Sequence[str], rng: random.Random
) -> tuple[str, str] | None:
    """A script that differs from the sound in one place, and the kind of the change; None where nothing can change."""
    ways = [
        way for way in ("figure", "dropped", "added", "name") if _changed(way, spoken, names, others, rng)
    ]
    if not ways:
        return None
    rarest = next((way for way in ("dropped", "name", "figure") if way in ways), None) or rng.choice(ways)
    return rarest, _changed(rarest, spoken, names, others, rng)


def _changed(way: str, spoken: str, names: Sequence[str], others: Sequence[str], rng: random.Random) -> str:
    if way == "figure":
        table = read_table("bulletin.recognition", "english_words.toml")["figures"]
        lists = [table["small"].split()[2:], table["tens"].split()]
        places = [
            (match, words) for words in lists for match in re.finditer(r"[a-z]+", spoken) if match[0] in words
        ]
        if not places:
            return ""
        match, words = rng.choice(places)
        other = rng.choice([word for word in words if word != match[0]])
        return spoken[: match.start()] + other + spoken[match.end() :]
    if way == "dropped":  # the sound has a negation that the script lacks
        return re.sub(r"\b(?:not|never) |(?<=[a-z])n't\b", "", spoken, count=1) if has_not(spoken) else ""
    if way == "added":  # the script has a negation that the sound lacks
        found = AUXILIARY.search(spoken)
        return f"{spoken[: found.end()]} not{spoken[found.end() :]}" if found and not has_not(spoken) else ""
    own = [name for name in names if name in others and re.search(rf"\b{name}\b", spoken, re.IGNORECASE)]
    if not own:
        return ""
    name = rng.choice(own)
    other = rng.choice([word for word in others if word[:1] != name[:1] and word not in own])
    return re.sub(rf"\b{name}\b", other.title(), spoken, count=1, flags=re.IGNORECASE)


def has_not(spoken: str) -> bool:
    return bool(re.search(r"\b(?:not|never)\b|n't\b", spoken))


def speak(
    texts: Sequence[str], path: Path, *, voice: str = "hibari", language: str = "en-GB"
) -> list[TimedSentence]:
    """Read sentences into one file, with a newsreader's pauses."""
    (reader,) = build_chain([voice], engines={}, speed=1.0, language=language)
    rate_hz = 24_000
    spoken = {
        text: resample(samples, rate_hz=sound_hz, to_hz=rate_hz)
        for text, samples, sound_hz in say_sentences(texts, engine=reader.engine, voice=reader.voice)
    }
    pieces, timed, at = [], [], 0
    for text in texts:
        timed.append(
            TimedSentence(
                start_s=at / rate_hz,
                end_s=(at + spoken[text].size) / rate_hz,
                script=ScriptSentence(spoken=text),
            )
        )
        pieces += [spoken[text], np.zeros(round(PAUSE_S * rate_hz), dtype=np.float32)]
        at += pieces[-2].size + pieces[-1].size
    write_wav(path, np.concatenate(pieces), rate_hz=rate_hz)
    return timed


def hear(path: Path, timed: Sequence[TimedSentence], known: Collection[str]) -> Heard:
    facts = describe_job(path, timed, known, asks_both=False)
    limits = replace(LIMITS, cpu_s=3600.0, within_s=3600.0)
    heard = heard_from_facts(
        run_restrained("bulletin.recognition.listen:listen_from_facts", facts, limits=limits)
    )
    kept = (
        doubt
        for doubt in heard.doubts
        if doubt.miss.kind != "name" or not are_read_alike(doubt.miss.said, doubt.miss.heard)
    )
    return replace(heard, doubts=tuple(kept))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fresh", type=Path, default=FRESH)
    parser.add_argument("--sentences", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--only-true", action="store_true", help="false alarms alone, without changed scripts"
    )
    options = parser.parse_args()
    rng = random.Random(options.seed)
    written = draw_sentences(options.fresh, count=options.sentences, rng=rng)
    texts = [make_speakable(text, language="en-US") for text in written]
    names = names_in([Sentence(text=a, spoken=b) for a, b in zip(written, texts, strict=True)])
    known = known_names(names)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sentences.wav")
        timed = [
            replace(item, script=replace(item.script, names=own))
            for item, own in zip(speak(texts, path), names, strict=True)
        ]
        print(f"{len(timed)} sentences, {timed[-1].end_s:.0f} s of speech")
        two_minutes = [item for item in timed if item.end_s <= BULLETIN_S]
        heard = hear(path, two_minutes, known)
        memory_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(
            f"two minutes: {heard.cpu_s} s of processor time, {memory_mb:.0f} MB, "
            f"second model asked for {heard.asked_again} of {len(two_minutes)}"
        )
        everything = heard if len(two_minutes) == len(timed) else hear(path, timed, known)
        report_false_alarms(timed, everything)
        report_changes(path, timed, known, rng)
        print(
            f"memory with both models: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB"
        )


def report_false_alarms(timed: Sequence[TimedSentence], heard: Heard) -> None:
    kinds = Counter(doubt.miss.kind for doubt in heard.doubts)
    figures = sum(token.kind is Kind.FIGURE for item in timed for token in tokens_of(item.script.spoken))
    negations = sum(token.kind is Kind.NEGATION for item in timed for token in tokens_of(item.script.spoken))
    print(
        f"true script: {figures} figures, {negations} negations; second model asked for {heard.asked_again}, "
        f"unheard {len(heard.unheard)}, false alarms {dict(kinds)}; {heard.cpu_s} s of processor time"
    )
    for doubt in heard.doubts:
        print(f"  {asdict(doubt.miss)} / {doubt.second!r}: {timed[doubt.sentence].script.spoken}")
    for number in heard.unheard:
        print(f"  unheard: {timed[number].script.spoken}")


def report_changes(
    path: Path, timed: Sequence[TimedSentence], known: Collection[str], rng: random.Random
) -> None:
    """Change one place of each sentence's script; how many changes both models find."""
    others = sorted(
        {name for item in timed for name in item.script.names if name in load_vocabulary().common}
    )
    changed: list[TimedSentence] = []
    ways: list[str] = []
    for item in timed:
        if found := change(item.script.spoken, sorted(item.script.names), others, rng):
            way, spoken = found
            said = {token.text for token in tokens_of(spoken)}
            names = item.script.names & said | said & set(others)  # not the name that was replaced
            changed.append(replace(item, script=replace(item.script, spoken=spoken, names=names)))
            ways.append(way)
    heard = hear(path, changed, known)
    kind_of = {"figure": "figure", "dropped": "negation", "added": "negation", "name": "name"}
    caught = Counter(
        ways[number]
        for number in range(len(changed))
        if any(d.sentence == number and d.miss.kind == kind_of[ways[number]] for d in heard.doubts)
    )
    for way, count in sorted(Counter(ways).items()):
        print(f"changed script, {way}: found {caught[way]} of {count}")
    alarmed = {doubt.sentence for doubt in heard.doubts}
    for number, item in enumerate(changed):
        if number not in alarmed:
            print(f"  not found ({ways[number]}): {item.script.spoken}")


if __name__ == "__main__":
    main()
