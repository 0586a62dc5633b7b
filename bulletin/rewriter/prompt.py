"""Article -> tuple[Message, ...]: the rules, and the article as fenced data without hidden text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

PROMPT_VERSION = 1
"""Part of the cache key: raise it whenever the wording in prompt.txt changes."""

MOST_CHARACTERS = 6000
"""Characters of the article in the prompt, in whole sentences: the first thousand words suffice for a minute."""

MOST_REMARKS = 8
MOST_ECHOED = 4000
"""Characters of a refused answer that go back to the model."""

_SYSTEM = Path(__file__).with_name("prompt.txt").read_text(encoding="utf-8").rstrip()

_MARKUP = re.compile(r"\$(?=\{)|[<>\[\]{}|`*_#~\\^]+")
_TO_MACHINES = re.compile(
    r"<\||\|>|\[/?INST\]|</?(?:article|document|system|user|assistant|instructions?)>|\{\{|\$\{|```"
    r"|\b(?:ignor|disregard|forget|overrid|overrul|bypass)\w*\b.{0,40}\b(?:instruction|prompt|rule|guideline|command|direction|above|previous|prior|earlier)"
    r"|\b(?:system|developer|hidden|secret|your) (?:prompt|mode|instructions?)\b|\bprompts?:"
    r"|^\W*(?:system|assistant|user|human|developer|AI|note to (?:the )?\w+|instructions?)\s*:"
    r"|\b(?:AI|chat ?bots?|assistants?|language models?|LLMs?|summari[sz]ers?|rewriters?)\b"
    r"(?: ?:|,? (?:please|kindly|ignore|add|say|write|tell|you|must|should)\b)"
    r"|\bas an? (?:AI|language model|assistant)\b|\bto (?:the )?(?:AI|language model|LLM|summari[sz]er|assistant|bot)\b"
    r"|\byou (?:are|must|should|will) (?:now|instead|only)\b|\b(?:(?:output|respond|reply|answer|print) with|(?:output|respond|reply|answer|print|return) (?:only|exactly|the following))\b"
    r"|\b(?:new|next|your|real|actual) (?:task|instructions?|orders?) ?:|\byour (?:new|next|real|only) task\b|\btask completed?\b"
    r"|\btranslate (?:this|the (?:above|following|text|article))\b|\bcall the tool\b|\bdelete_all\b|\bAPI[ _]?key"
    r"|\bmust (?:lead|open|begin|close|end) the (?:bulletin|script|news|summary)\b|\b(?:add|insert|include|append) .{0,80}\b(?:script|bulletin|summary|answer|output)\b"
    r"|(?:^|\band |\bthen |[,;:] )(?:say|repeat|write|mention|use) the (?:word|phrase|sentence)s?\b|\bwhen read aloud\b",
    re.IGNORECASE,
)
_TO_READERS = re.compile(
    r"^(?:please|dear|kindly|ignore|say|tell|write|output|respond|reply|add|mention|include|repeat|translate|replace|announce|"
    r"read|spell|reveal|forget|disregard|pretend|remember|insert|append|begin|finish|do|don't|swap|remove|describe|imagine|"
    r"make|let|report that|state that|note that|answer with|start with|end with|use the|change the)\b"
    r"(?! (?:is|was|are|were|has|had|will|would|of|to|in|for)\b)"
    r"|\b(?:you|your|yours|yourself|please|kindly)\b"
    r"|\bto (?:say|report|tell|announce|mention|state|write|broadcast)\b(?: \w+){0,3} that\b",
    re.IGNORECASE,
)


Message = Mapping[str, str]
"""Turn of a conversation with a language model: `role` (system, user, assistant) and `content`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptLimits:
    """Length of the story, in words."""

    least: int
    most: int


def strip_hidden(text: str) -> str:
    """
    Drop invisible characters: zero-width, bidi, tags, controls, unassigned ones.

    Every character of the Unicode classes C except the line end goes. Scripts that join with them lose a
    ligature, but a model reads them without it.
    """
    normal = unicodedata.normalize("NFC", text)
    return "".join(
        char if char == "\n" or not unicodedata.category(char).startswith("C") else " " * char.isspace()
        for char in normal
        if not 0xFE00 <= ord(char) <= 0xFE0F and not 0xE0100 <= ord(char) <= 0xE01EF
    )


def speaks_to_machines(text: str) -> bool:
    """
    Whether a text holds a prompt injection: words for a program, not for a reader.

    Such an article never reaches a model, nor does news about injections; their scripts are made by rule.
    """
    return bool(_TO_MACHINES.search(strip_hidden(text)))


def is_telling(sentence: str) -> bool:
    """Whether a sentence states something, not asks for it: only statements can support a fact."""
    return not _TO_READERS.search(sentence.lstrip("\"'“‘(- "))


def source_of(sentences: Sequence[str]) -> tuple[str, ...]:
    """List the first sentences without hidden characters, as model and guard read them."""
    plain = [" ".join(strip_hidden(sentence).split()) for sentence in sentences]
    ends = accumulate(len(sentence) + 1 for sentence in plain)
    return tuple(plain[: sum(end <= MOST_CHARACTERS for end in ends)])


def first_turns(
    title: str, sentences: Sequence[str], *, limits: PromptLimits, fence: str
) -> tuple[Message, ...]:
    """
    The rules, and the article between two fences.

    `fence` is random and new for every story, so no article can hold it. Signs that models read as parts of a
    conversation ("<|", "[INST]", "```") never pass.
    """
    body = "\n".join(_plain(sentence) for sentence in sentences)
    article = f"{_plain(' '.join(strip_hidden(title).split()))[:300]}\n\n{body}".replace(fence, "")
    system = _SYSTEM.format(least=limits.least, most=limits.most, fence=fence)
    return (
        {"role": "system", "content": system},
        {"role": "user", "content": f"----- {fence} -----\n{article}\n----- {fence} -----"},
    )


def second_turns(before: Sequence[Message], *, answer: str, problems: Sequence[str]) -> tuple[Message, ...]:
    """Continue the conversation with the faults of the first answer."""
    listed = "\n".join(f"- {problem}" for problem in problems[:MOST_REMARKS])
    again = f"That cannot be read out:\n{listed}\n\nWrite the story again by the same rules, without these faults."
    return (
        *before,
        {"role": "assistant", "content": strip_hidden(answer)[:MOST_ECHOED]},
        {"role": "user", "content": again},
    )


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub(" ", text).replace("-----", "-").split())
