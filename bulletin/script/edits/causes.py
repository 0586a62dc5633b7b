"""Why something happened, and amid what, is told after it in a sentence of its own."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from bulletin.script.edits.grammar import (
    WORD,
    bare,
    capitalise,
    has_main_verb,
    is_finite,
    is_plural_verb,
    listed,
    one_of,
    says_somebody,
    starts_clause,
    table,
)
from bulletin.script.edits.joints import FEWEST, Halves, close, is_present, keeps_doubt, stands
from bulletin.script.rare import Rare
from bulletin.text import count_words

_REASON = Rare(r"(?:,? (?P<link>as|because)|, (?P<when>when)) (?P<tail>(?=\w+ \w+)[^\"]{20,220})\.$")
_ONES = r"(?:the|an?|his|her|their|its)"
PACKED = Rare(r"\b(?:that|which|who|whose|where|when|after|before|while|because|if|whether)\b")


def reason(text: str) -> Halves | None:
    """ "A as B." -> "A." "This came as B."; "because" only where nothing is denied or said before it."""
    for match in reversed(list(_REASON.finditer(text))):
        head, tail = text[: match.start()], match["tail"]
        if not _is_caused(head, tail):
            continue
        if match["link"] == "as" and is_pronoun(tail) and not _meanwhile().match(tail):
            return close(head), f"{capitalise(tail)}."
        if match["link"] == "as" and not is_present(head) and (is_pronoun(tail) or befell(head)):
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
    if len(found) < FEWEST + 2 or bare(found[-1]) in listed("parting", "bound") or says_somebody(head):
        return False
    if is_open(_WILL.sub("", head) if is_present(tail) else head) or not keeps_doubt(head, tail):
        return False
    if not stands(head) or not starts_clause(tail) or is_finite(found[-1]) or _joins_first(tail):
        return False
    if _is_role(tail) or _LIKE_IT.search(tail):
        return False
    if {bare(word) for word in found} & listed("parting", "called_as") and ", and " in tail:
        # "termed the party as a party of lies, and told"
        return False
    # "..., its director said": all of it is what the director said
    return not says_somebody(tail.rpartition(", ")[2])


_LIKE_IT = Rare(r"\b(?:(?:has|have|had) done|do|does|did)\b(?! not\b| (?:the|an?|its|his|her|their)\b)")
""" "opened the hall, as the old one had done": a likeness, and no cause."""


def _is_role(tail: str) -> bool:
    """ "(rose to fame) as the detective in a series that was filmed", "as a waitress before she": no verb of its own."""
    own = _RELATED.split(tail, maxsplit=1)[0]
    found = WORD.findall(own)
    return (
        own != tail
        and not any(map(is_finite, found))
        and not any(is_plural_verb(word, after=before) for before, word in pairwise(found))
    )


_RELATED = Rare(r" (?:that|who|which|whose|where|before|after|when|while|until|because|if) ")
_WILL = Rare(r"\bwill\b(?! not)")
_AND = ("and", "or", "but")


def _joins_first(tail: str) -> bool:
    """ "(fit as) a fiddle again and would relish": the verb after "and" has its subject elsewhere."""
    found = (word for word in WORD.findall(tail[:120]) if is_finite(word) or bare(word) in _AND)
    return bare(next(found, "")) in _AND


def circumstance(text: str) -> Halves | None:
    """ "A following B." -> "A." "This follows B."; not where somebody's words would be parted."""
    for match in reversed(list(_circumstance().finditer(text))):
        head, tail, link = text[: match.start()], match["tail"], match["link"].strip()
        found = WORD.findall(head)
        if len(found) < FEWEST + 2 or count_words(f"{link} {tail}") < FEWEST or says_somebody(head):
            continue
        if count_words(tail) < 3 or (
            is_open(_WILL.sub("", head))
            or not stands(head)
            or is_finite(found[-1])
            or bare(found[-1]) in listed("parting", "bound")
            or PACKED.search(head)
        ):
            continue
        if _LOOSE_DEED.search(tail):
            # "ahead of the final after breaking the rules"
            continue
        if not _is_thing(tail) or (link == "over" and not _disputes().search(head)):
            continue
        now, then = table()["comes"][link]
        return close(head), f"{now if is_present(head) else then} {tail}."
    return None


_LOOSE_DEED = Rare(r" (?:after|before|while|without) [a-z]+ing\b")


@lru_cache(maxsize=1)
def _circumstance() -> Rare:
    only = {
        "during": rf"during (?={_ONES} )",
        "under": rf"under (?=[^.]{{8,120}}\b(?:{one_of('parting', 'laws')})\.$)",
        "over": rf"over (?={_ONES} (?!past|last|next|course|period|span|rest|weekend|years?|months?|weeks?|days?))",
    }
    # "after" has a way of its own
    links = "|".join(only.get(link, link) for link in table()["comes"] if link != "after")
    return Rare(rf",? (?P<link>{links}) ?(?P<tail>[^,;\"]{{12,200}})\.$")


@lru_cache(maxsize=1)
def _disputes() -> Rare:
    return Rare(rf"\b(?:{one_of('parting', 'disputes')})\b")


def _is_thing(tail: str) -> bool:
    """Whether `tail` is a thing, with what is told of it, and no clause: "the release of the pictures that ..."."""
    first = tail.split(" ", 1)[0]
    names = bare(first) in listed("words", "determiners") or first[0].isupper() or first.endswith("s")
    return names and not has_main_verb(tail.split(" that ", 1)[0])


def is_open(head: str) -> bool:
    """Whether the deed is denied, planned or doubted, so that "this" would be heard as done."""
    pattern = (
        r"\b(?:not(?!-)|never|no|nobody|none|nothing|neither|if|unless|whether|would|could|might|may|should|will)\b|n't\b"
        r"|^(?:No|Nobody|None|Nothing|Neither|Never|If|Unless)\b"
    )
    return bool(re.search(pattern, head))


@lru_cache(maxsize=1)
def _meanwhile() -> Rare:
    """What was going on when it happened: told alone, it would be heard as what came next."""
    return Rare(
        rf"(?:he|she|they|it) (?:{one_of('parting', 'meanwhile')}|made (?:his|her|its|their) way|(?:was|were) \w+ing)\b"
    )


def befell(head: str) -> bool:
    """Whether it was done to somebody, or came over him: what was going on then is how it happened."""
    return bool(_befell().search(head))


@lru_cache(maxsize=1)
def _befell() -> Rare:
    return Rare(
        rf"\b(?:(?:was|were) (?:(?:\w+ly|even|also|then|later|already) )?(?:\w+ed|{one_of('forms', 'made')}|hurt|shot|struck|torn|burnt|trapped)|{one_of('parting', 'befell')})\b"
    )


def is_pronoun(text: str) -> bool:
    return bool(re.match(rf"(?:{one_of('words', 'back_pointing')})\b", text, re.IGNORECASE))
