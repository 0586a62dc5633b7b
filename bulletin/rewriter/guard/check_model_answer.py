"""Answer of a model, article -> GuardVerdict: sentences with their origins, or the problems."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulletin.editing.boilerplate.strip_boilerplate import strip_boilerplate
from bulletin.editing.english.guess_parts_of_speech import says_somebody
from bulletin.editing.english.word_list_regexes import listed
from bulletin.editing.lint_script import lint_story
from bulletin.language.load_station_phrases import Phrases, is_in_language
from bulletin.language.split_sentences import count_words, split_sentences, words
from bulletin.rewriter.guard.align_words_with_source import find_misplaced
from bulletin.rewriter.guard.find_changed_negations import find_turned
from bulletin.rewriter.guard.find_invented_verbs import find_strange_events
from bulletin.rewriter.guard.find_transposed_words import find_exchanged
from bulletin.rewriter.guard.find_wrong_names_and_speakers import (
    find_false_speakers,
    find_mixed_names,
    find_strange_names,
)
from bulletin.rewriter.guard.find_wrong_numbers import find_wrong_figures
from bulletin.rewriter.guard.tokenize_sentence import guarded, news_in, read_tokens, small_words
from bulletin.rewriter.prompt import PromptLimits, is_telling, speaks_to_machines, strip_hidden

GUARD_VERSION = 3
"""Part of the cache key: raise it when the guard becomes milder, so refused articles are asked again."""

MOST_ORIGINS = 3
"""A sentence with more origins is a summary, which no rule can check."""

BEST_SHARE = 0.3
"""Least share of a sentence's content words in its closest origin."""

ALL_SHARE = 0.55
"""Least share in all its origins together; the rest may be synonyms."""

NEWS_PLACE = 6
"""Sentences of the article from which the first sentence must come: later ones are not the news."""

CLAUSE_WORDS = 6
"""Words from which a sentence is taken to have a verb."""

MOST_LETTERS = 6000
QUOTED_WORDS = 5
"""Words in a row from a quotation that need their speaker."""

_THINKING = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_MARKUP = re.compile(
    r"[<>\[\]{}|`*_#~\\^=]|^\s*(?:[-•–—]|\d+[.)])\s|https?:|www\.|[@]\w|\"|[“”«»]", re.MULTILINE
)
_TALK = re.compile(
    r"^(?:sure|certainly|of course|okay|ok|here(?:'s| is| are)|radio script|script|headline|title|note|disclaimer)\b[^.]{0,60}[:!]"
    r"|\bas an? (?:AI|language model)\b|\b(?:stay tuned|back to you|you're listening|thanks for listening|brought to you|"
    r"sponsored|good (?:morning|afternoon|evening)|breaking news|more on this|word count|\d+ words)\b|\b(?:the|this) article\b",
    re.IGNORECASE,
)
_LOOSE_DAY = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|(?:last|this|next) (?:night|morning|afternoon|evening|week|weekend|month|year)|"
    r"recently|earlier|now|currently|already)\b",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"[\"“]([^\"”]{10,400})[\"”]")


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardVerdict:
    """Verdict on an answer; without problems it passes."""

    sentences: tuple[tuple[str, tuple[int, ...]], ...]
    """Each sentence with the indexes of its origins in the article, the closest first."""
    problems: tuple[str, ...]
    """Problems in plain words, for the model and for the editor."""


def check_answer(
    answer: str, source: Sequence[str], *, limits: PromptLimits, phrases: Phrases
) -> GuardVerdict:
    """
    Look at every sentence of a model's answer.

    `source`: the article's sentences, with resolved days. An answer passes whole or not at all, because a
    model that changes one fact is not trusted with the next.
    """
    text = read_answer(answer)
    if problem := _why_no_script(text):
        return GuardVerdict(sentences=(), problems=(problem,))
    sentences = split_sentences(text)
    problems = _check_form(text, sentences, limits=limits, phrases=phrases)
    statements = [index for index, sentence in enumerate(source) if is_telling(sentence)]
    grounded = []
    small = small_words(source)
    for number, sentence in enumerate(sentences):
        places = find_origins(sentence, source, among=statements, small=small)
        faults = list(check_sentence(sentence, source, places=places, small=small))
        if number == 0 and places and min(places) >= NEWS_PLACE:
            faults.append("the story does not begin with the news")
        problems += [f"{fault}: {sentence}" for fault in faults]
        grounded.append((sentence, places))
    return GuardVerdict(sentences=tuple(grounded), problems=tuple(dict.fromkeys(problems)))


def read_answer(answer: str) -> str:
    """The answer without a model's reasoning before it, in straight apostrophes and single spaces."""
    text = strip_hidden(_THINKING.sub("", answer[: 4 * MOST_LETTERS], count=1))
    lines = text.replace("’", "'").replace("‘", "'").splitlines()
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def find_origins(
    sentence: str, source: Sequence[str], *, among: Sequence[int], small: frozenset[str]
) -> tuple[int, ...]:
    """
    Find the indexes of a sentence's origins, by shared content words; empty if too few are shared.

    Each further origin must add a word.
    """
    wanted = news_in(read_tokens(sentence, small=small))
    if not wanted:
        return ()
    shared = {index: wanted & news_in(read_tokens(source[index], small=small)) for index in among}
    chosen: list[int] = []
    have: frozenset[str] = frozenset()
    while len(chosen) < MOST_ORIGINS and shared:
        # near the first origin and near the top, other things being equal
        best = max(shared, key=lambda index: (len(shared[index] - have), -index))
        gain = shared.pop(best) - have
        if not gain or (not chosen and len(gain) < BEST_SHARE * len(wanted)):
            break
        chosen.append(best)
        have |= gain
    return tuple(chosen) if len(have) >= ALL_SHARE * len(wanted) else ()


def check_sentence(
    sentence: str, source: Sequence[str], *, places: Sequence[int], small: frozenset[str]
) -> tuple[str, ...]:
    """List the problems of the facts of one sentence."""
    if not places:
        return ("nothing in the article says this",)
    origins = [source[index] for index in places]
    absent = [*find_strange_names(sentence, origins)]
    days = sorted({match[0].casefold() for match in _LOOSE_DAY.finditer(sentence)})
    absent += [day for day in days if day not in " ".join(origins).casefold()]
    problems = [f'"{word}" is not in the source' for word in absent]
    for find in (find_wrong_figures, find_strange_events, find_turned, find_exchanged, find_misplaced):
        problems += find(sentence, origins, small=small)
    problems += find_mixed_names(sentence, source, small=small)
    problems += find_false_speakers(sentence, source, closest=places[0], small=small)
    problems += _lost_speaker(sentence, origins[0])
    return tuple(dict.fromkeys(problems))


def _why_no_script(text: str) -> str:
    if not text:
        return "the answer is empty"
    if len(text) > MOST_LETTERS:
        return "the answer is far too long"
    if match := _MARKUP.search(text):
        return f'only plain sentences are allowed: "{match[0].strip()}" is markup, a link, a list or a quotation mark'
    if match := _TALK.search(text):
        return f'only the story is allowed: "{match[0]}"'
    return "it addresses a program" if speaks_to_machines(text) else ""


def _check_form(text: str, sentences: Sequence[str], *, limits: PromptLimits, phrases: Phrases) -> list[str]:
    """List problems of length, language and form."""
    problems = []
    count = count_words(text)
    if not limits.least <= count <= limits.most:
        problems.append(f"{count} words; {limits.least} to {limits.most} are required")
    if not is_in_language(sentences, phrases):
        problems.append(f"not in the station's language ({phrases.language})")
    story = {tuple(words(kept)) for part in strip_boilerplate(text) for kept in split_sentences(part)}
    problems += [f"text about a web page: {text}" for text in sentences if tuple(words(text)) not in story]
    problems += [
        f"{remark.rule}: {remark.evidence}"
        for remark in lint_story(sentences)
        # the edits know few verbs ("vehicles use the bridge"), so a missing verb is no problem here
        if remark.rule != "no clause" or count_words(remark.evidence) < CLAUSE_WORDS
    ]
    problems += [f"incomplete sentence: {text}" for text in sentences if not re.search(r"\w[.!]$", text)]
    return problems


def _lost_speaker(sentence: str, closest: str) -> Iterator[str]:
    """Find a statement of the closest origin that lost its speaker."""
    spoken = words(sentence.casefold())
    if says_somebody(sentence) or not _TELLING.isdisjoint(spoken):
        return
    runs = _runs(spoken)
    if any(runs & _runs(words(match[1].casefold())) for match in _QUOTATION.finditer(closest)):
        yield "I, we or you without a speaker"
    elif says_somebody(closest) and _is_what_is_said(sentence, closest):
        yield "the speaker is left out"


def _runs(spoken: Sequence[str]) -> set[tuple[str, ...]]:
    """Every run of `QUOTED_WORDS` words."""
    return {tuple(spoken[start : start + QUOTED_WORDS]) for start in range(len(spoken) - QUOTED_WORDS + 1)}


_TELLING = listed("verbs", "saying_plain") | listed("verbs", "finding") | guarded("telling")
"""Verbs with a speaker, besides the verbs of the editing rules; "describe" and the like only keep a speaker."""


_HEAD_SAID = re.compile(
    r"\b(?:said|says|told|claim(?:s|ed)|warn(?:s|ed)|believe[sd]?|alleg(?:es|ed)|argue[sd]?)\b(.*)$"
)
_TAIL_SAID = re.compile(
    r"^(.*?),[\"”]? (?!who\b|which\b)(?:[\w'’. -]{2,60}) (?:said|says|(?<!was )(?<!were )(?<!been )told|claimed|warned|added)\b|^(.*?),? according to\b"
)


def _is_what_is_said(sentence: str, closest: str) -> bool:
    """Whether the spoken part of the origin has most of the sentence's words."""
    part = _TAIL_SAID.search(closest) or _HEAD_SAID.search(closest)
    if not part:
        return False
    spoken = next(group for group in part.groups() if group is not None)
    ours, theirs = (
        [stem.casefold() for stem in news_in(read_tokens(text, small=frozenset()))]
        for text in (sentence, spoken)
    )
    return sum(stem in theirs for stem in ours) > 0.5 * len(ours)
