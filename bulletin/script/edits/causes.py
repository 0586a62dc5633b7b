"""Why something happened, and amid what, is told after it in a sentence of its own."""

from __future__ import annotations

import re

from bulletin.script.edits.grammar import (
    WORD,
    bare,
    capitalise,
    has_main_verb,
    is_finite,
    listed,
    one_of,
    says_somebody,
    starts_clause,
)
from bulletin.script.edits.joints import FEWEST, Halves, close, is_present, keeps_doubt, stands
from bulletin.script.rare import Rare
from bulletin.text import count_words

_REASON = Rare(r"(?:,? (?P<link>as|because)|, (?P<when>when)) (?P<tail>(?=\w+ \w+)[^\"]{20,220})\.$")
_ONES = r"(?:the|an?|his|her|their|its)"
_LAW = r"(?:Act|Code|law|laws|scheme|rules|legislation|regulations|programme|agreement|treaty)"
_CIRCUMSTANCE = Rare(
    r",? (?P<link>following|amid|despite|as part of|in response to|in protest against|in protest at|in connection with|because of|due to|on account of|"
    rf"ahead of|on charges of|on suspicion of|during (?={_ONES} )|under (?=[^.]{{8,120}}\b{_LAW}\.$)|"
    rf"over (?={_ONES} (?!past|last|next|weekend|years?|months?|weeks?|days?))) ?(?P<tail>[^,;\"]{{20,160}})\.$"
)
_DISPUTES = Rare(
    r"\b(?:rows?|inquiry|investigations?|probe|protests?|protested|dispute|charges|charged|criticised|criticism|fined|sacked|suspended|arrested|sued|"
    r"resigned|apologised|questioned|clash(?:es|ed)?|strikes?|complaints?|outrage|anger)\b"
)
"""Of which it is told "over" what they are."""
_COMES = {
    "following": ("This follows", "This followed"),
    "amid": ("This comes amid", "This came amid"),
    "despite": ("This is despite", "This was despite"),
    "as part of": ("This is part of", "This was part of"),
    "in response to": ("This is in response to", "This was in response to"),
    "in protest against": ("This is in protest against", "This was in protest against"),
    "in protest at": ("This is in protest at", "This was in protest at"),
    "in connection with": ("This is in connection with", "This was in connection with"),
    "because of": ("This is because of", "This was because of"),
    "due to": ("This is because of", "This was because of"),
    "on account of": ("This is because of", "This was because of"),
    "ahead of": ("This comes ahead of", "This came ahead of"),
    "on charges of": ("This is on charges of", "This was on charges of"),
    "on suspicion of": ("This is on suspicion of", "This was on suspicion of"),
    "during": ("This is during", "This was during"),
    "under": ("This is under", "This was under"),
    "over": ("This is over", "This was over"),
}
PACKED = Rare(r"\b(?:that|which|who|whose|where|when|after|before|while|because|if|whether)\b")
_BOUND = frozenset(
    "so such well soon far long much many same just even known described seen regarded such not only day work works "
    "worked serve served act acted act job role career time be being also but only partly mainly used considered treated viewed hailed".split()
)


def reason(text: str) -> Halves | None:
    """ "A as B." -> "A." "This came as B."; "because" only where nothing is denied or said before it."""
    for match in reversed(list(_REASON.finditer(text))):
        head, tail = text[: match.start()], match["tail"]
        if not _is_caused(head, tail):
            continue
        if match["link"] == "as" and is_pronoun(tail) and not _MEANWHILE.match(tail):
            return close(head), f"{capitalise(tail)}."
        if match["link"] == "as" and is_pronoun(tail) and not is_present(head):
            return close(head), f"It happened as {tail}."
        if match["when"]:
            if is_present(head) or not has_main_verb(tail) or is_present(tail):
                continue
            link = "This was when"
        elif match["link"] == "because":
            link = "This is because" if is_present(head) else "This was because"
        else:
            link = "This comes as" if is_present(head) or is_present(tail) else "This came as"
        return close(head), f"{link} {tail}."
    return None


def _is_caused(head: str, tail: str) -> bool:
    """Whether the head is a deed that was done, or will be done as something is the case, and the tail a clause."""
    found = WORD.findall(head)
    if len(found) < FEWEST + 2 or bare(found[-1]) in _BOUND or says_somebody(head):
        return False
    if is_open(_WILL.sub("", head) if is_present(tail) else head) or not keeps_doubt(head, tail):
        return False
    if not stands(head) or not starts_clause(tail) or is_finite(found[-1]) or _joins_first(tail):
        return False
    # "..., its director said": all of it is what the director said
    return not says_somebody(tail.rpartition(", ")[2])


_WILL = Rare(r"\bwill\b(?! not)")
_AND = ("and", "or", "but")


def _joins_first(tail: str) -> bool:
    """ "(fit as) a fiddle again and would relish": the verb after "and" has its subject elsewhere."""
    found = (word for word in WORD.findall(tail[:120]) if is_finite(word) or bare(word) in _AND)
    return bare(next(found, "")) in _AND


def circumstance(text: str) -> Halves | None:
    """ "A following B." -> "A." "This follows B."; not where somebody's words would be parted."""
    for match in reversed(list(_CIRCUMSTANCE.finditer(text))):
        head, tail, link = text[: match.start()], match["tail"], match["link"].strip()
        found = WORD.findall(head)
        if len(found) < FEWEST + 2 or count_words(tail) < FEWEST - 1 or says_somebody(head):
            continue
        if (
            is_open(_WILL.sub("", head))
            or not stands(head)
            or is_finite(found[-1])
            or bare(found[-1]) in _BOUND
            or PACKED.search(head)
        ):
            continue
        if not _is_thing(tail) or (link == "over" and not _DISPUTES.search(head)):
            continue
        now, then = _COMES[link]
        return close(head), f"{now if is_present(head) else then} {tail}."
    return None


def _is_thing(tail: str) -> bool:
    """Whether `tail` is a thing, with what is told of it, and no clause: "the release of the pictures that ..."."""
    first = tail.split(" ", 1)[0]
    names = bare(first) in listed("words", "determiners") or first[0].isupper() or first.endswith("s")
    return names and not has_main_verb(tail.split(" that ", 1)[0])


def is_open(head: str) -> bool:
    """Whether the deed is denied, planned or doubted, so that "this" would be heard as done."""
    pattern = r"\b(?:not(?!-)|never|no|nobody|if|unless|whether|would|could|might|may|should|will)\b|n't\b"
    return bool(re.search(pattern, head))


_MEANWHILE = Rare(
    r"(?:he|she|they|it) (?:tried|attempted|prepared|arrived|left|entered|boarded|returned|waited|walked|drove|travelled|headed|slept|slowed|crossed|"
    r"made (?:his|her|its|their) way|(?:was|were) \w+ing)\b"
)
"""What was going on when it happened: told alone, it would be heard as what came next."""


def is_pronoun(text: str) -> bool:
    return bool(re.match(rf"(?:{one_of('words', 'back_pointing')})\b", text, re.IGNORECASE))
