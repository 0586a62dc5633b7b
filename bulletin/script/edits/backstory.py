"""Whether a sentence tells what is long past: a story's background, and no news to open it with; needs the parser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulletin.script.edits.tree import find_root
from bulletin.script.parse import has_parser, parse_sentence

if TYPE_CHECKING:
    from bulletin.script.parse import Token

_LONG = frozenset("years decades centuries".split())
_LONG_AGO = re.compile(
    r"(?:Back )?[Ii]n (?:the )?(?:early |late |mid-)?(?:January|February|March|April|May|June|July|August|September|October|November|December)?,? ?(?P<year>(?:19|20)\d\d)s?,? "
    r"|(?:Last|This past) (?:January|February|March|April|May|June|July|August|September|October|November|December|spring|summer|autumn|fall|winter|year),? "
    r"|(?:\w+ ){1,3}(?:years|decades|months|weeks) (?:ago|before|after|earlier)\b"
)


def is_backstory(text: str) -> bool:
    """
    Whether its main verb is in the past and its time lies years back, or it has no time and tells how somebody was.

    "Congress passed the act 40 years ago.", "Last December, the agency announced a rule." "A man who was jailed 20 years
    ago has died" is news.
    """
    if not has_parser():
        return False
    root = find_root(parse_sentence(text))
    if (
        root is None
        or root.tag_ != "VBD"
        or any(child.tag_ in ("VBZ", "VBP", "MD") for child in root.children)
    ):
        return False
    return (
        _is_state(root)
        or bool(_LONG_AGO.match(text))
        or any(_is_years(token) and token.head == root for token in root.children)
    )


def _is_state(root: Token) -> bool:
    """ "Ann Fox was anxious." sets a scene: how somebody felt, without a time."""
    is_state = any(child.dep_ == "acomp" and not list(child.children) for child in root.children)
    return is_state and not any(child.dep_ in ("prep", "npadvmod", "advcl") for child in root.children)


def _is_years(token: Token) -> bool:
    """ "almost 47 years ago" """
    return token.lower_ == "ago" and any(child.lower_ in _LONG for child in token.children)
