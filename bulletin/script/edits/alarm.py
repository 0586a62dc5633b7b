"""Signs that an edit has broken a sentence, which no table of English can foresee; pure."""

from __future__ import annotations

from bulletin.script.rare import Rare

_BROKEN = Rare(
    # "The including employees", "His and"
    r"^(?:The|An?|His|Her|Their|Its) (?:including|according|of|in|on|at|by|for|from|with|and|or|but|is|was|are|were|who|which|that) "
    # two articles, or one before nothing
    r"|\b(?:an?|the) (?:an?|the|and|or|of|is|was|were|has)\b"
    # an end that is none
    r"|\b(?:of|and|or|but|the|an?|which|while|if|because|than|their|its|also|according|including)[.]$"
    # "They is", "It are"
    r"|^(?:They|These|Those) (?:is|was|has)\b|^(?:He|She|It|This) (?:are|were|have)\b"
    r"|\b(?:said|says|told) (?:said|says|told|that that|and|or)\b|(?<!\bwas )(?<!\bwere )(?<!\bbeen )(?<!\bis )(?<!\bare )(?<!\band )\btold that\b"
    # a second beginning, in the middle
    r"|\b(?:said|says|that) (?:The|It|There|This|He|She|They|We|If|When|In|On|At|For|But|And|An|To|As|Because|After|Before|While) [a-z]"
    # marks that stand for what is gone
    r"| ,|,,|, [.]|[;:,][.]|, (?:and|but|or)[.]|^[a-z](?=[a-z]* [a-z])"
)
_HELD = Rare(r"\b(?:hepatitis|vitamin|grade|group|plan|type|class|category) A[.]$|\bA (?:and|or) [A-Z]\b")
"""A letter, and no article."""


def is_broken(text: str) -> bool:
    """Whether a sentence bears the mark of a cut that went wrong."""
    return bool(_BROKEN.search(text)) and not _HELD.search(text)
