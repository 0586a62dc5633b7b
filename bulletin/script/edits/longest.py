"""A sentence too long for one breath, and that nothing could part, ends where one of its clauses does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.script.edits.alarm import is_broken
from bulletin.script.edits.bereft import is_bereft
from bulletin.script.edits.grammar import (
    WORD,
    bare,
    capitalise,
    has_main_verb,
    has_verb,
    is_finite,
    is_main_verb,
    listed,
    one_of,
    starts_clause,
)
from bulletin.script.edits.joints import JOINING, ends_well, is_dependent, opens_only
from bulletin.script.edits.trim import NEEDS_OPENING, SPEAKER, is_tail, lacks_deed
from bulletin.script.rare import Rare
from bulletin.text import count_words

LONGEST = 34
"""Words; only a sentence with more of them is cut here."""
WORTH_IT = 30
"""Words; a sentence that is cut and still has more had better give its room to the next."""
FAR_TOO_LONG = 50
"""Words; no lead is read with more."""
ENDLESS = 120
"""Words; no end of such a sentence is looked for, as that takes the square of its length."""
FEWEST_LEFT = 12
"""Words; what is left must still tell the news."""

_NEXT = Rare(r";|,? (?:and|but|while|as well as) ")
_RELATIVE = Rare(
    r",? (?:(?:(?:(?:out|one|two|three|some|most|many|all|both|each|none|half|part) of)|in|at|on|during|under|with|from|for|by|to|of|through|after|before) (?:which|whom)|who|whose|where|which|that(?= \w+))\b"
)
_CLAUSE = Rare(r",? (?:when|since|because|although|though|as|after|before|until) (?=(\w+)\b)")
_DOING = Rare(
    r"(?:, (?:[a-z]{2,}ing|complete with|with|along with|at|in|on|near|under|during|after|following|amid|despite|alongside|among|including|such as|one of|"
    r"(?:an?|the|his|her|its|their) [\w'-]+(?: [\w'-]+){0,2} (?:of|for|from|in|with|by|to))"
    r"| for (?:allegedly )?[a-z]{2,}ing| by [a-z]{2,}ing| with the (?:aim|help)| in (?:connection|line|response|protest|retaliation|exchange|return)"
    r"| on the (?:charge|grounds?|allegation|occasion|sidelines|basis)) (?=[^;]+$)"
)
_WHICH_ONE = Rare(
    r"\b(?:no|not|never|nobody|none|nothing|neither|without|cannot|only|any|anyone|every|everyone|each|all|most|many|few|first|last|one of|those|same|if|"
    r"unless|whether|less|more|least|\w{3,}est)\b|n't\b",
    re.IGNORECASE,
)
"""Words that the rest of the sentence limits: "no driver who stops" is not "no driver"."""
_AS_GOOD = Rare(r"(?:he|she|it|they|we|you|can|could|possible|expected|hoped|before|ever|usual|any)\b")
"""After "as well as", a comparison: "did not fare as well as they hoped"."""
_OPENING = Rare(
    r"(?:(?:While |When |After |By |\w+ly )?[A-Za-z]\w+ing|(?:Even )?[Aa]s|While|After|Amid|Despite|Following|With|In|Under|During|Reluctant|Determined|Keen|Eager|Unhappy|Angry)\b"
)
"""What comes before the news, and is none."""
_THAT_TELLS = Rare(r" (?:that|which|who) ")
_ENDS_LIST = Rare(r"(?:,[^,]+){3}$")
_APPOSED = Rare(r", (?P<aside>(?:an?|the|one of|who|which|his|her|its|their) [^,;\"]{8,140}), ")
_ASIDE = Rare(r", (?:who|which|whose) [^,]+, ")
_DEED = Rare(r"[a-z]{2,}ed (?:the|an?|his|her|its|their|this|that|to|in|on|at|for|with|from|[A-Z\d£$€])")
_DENIES = Rare(
    r"\b(?:no|not|never|nobody|none|nothing|neither|without|cannot|only|any|every|each|if|unless|whether)\b|n't\b",
    re.IGNORECASE,
)
_SPEECH_END = Rare(rf"\b(?:{one_of('verbs', 'saying')}|that)\b")


def end_sooner(text: str, *, most: int, is_lead: bool = False) -> str:
    """
    Cut a sentence of over `LONGEST` words at the start or end of a clause, best to `most` words, else to `WORTH_IT`.

    What is left says less and nothing else: no limit, no denial and no speaker is cut off. A lead keeps as much as
    it can, and its opening too unless it is far too long: that is what the story is about.
    """
    if not LONGEST < count_words(text) <= ENDLESS or SPEAKER.search(text):
        return text
    plain = _without_aside(text)
    wholes = [text, plain]
    if not is_lead or count_words(text) > FAR_TOO_LONG:
        wholes += [*_without_opening(text), *_without_opening(plain)]
    heads = {f"{head}." for whole in wholes for head in _heads(whole)} | set(wholes[1:])
    fitting = sorted((one for one in heads if not is_broken(one)), key=count_words, reverse=True)
    for limit in (LONGEST,) if is_lead else (most, WORTH_IT):
        for one in fitting:
            if FEWEST_LEFT <= count_words(one) <= limit:
                return one
    return text


def _without_aside(text: str) -> str:
    """ "Fox Foods, the firm that bought the mill, was fined" -> "Fox Foods was fined"."""
    for match in _APPOSED.finditer(text):
        following = WORD.match(text, match.end())
        head = text[: match.start()]
        if is_bereft(match[0], text[match.end() :], head=head):
            continue
        if following and is_finite(following[0]) and _last_word(head)[:1].isupper() and head.count(",") < 2:
            return f"{head} {text[match.end() :]}"
        if _OPENING.match(head) and "," not in head and not has_verb(match["aside"]):
            # "By asking for talks, the first step, Fox has"
            rest = text[match.end() :]
            if starts_clause(rest):
                return f"{head}, {rest}"
    return text


def _without_opening(text: str) -> Iterator[str]:
    """ "Saying that fares had risen twice, members asked for talks." -> "Members asked for talks." """
    if not _OPENING.match(text):
        return
    for comma in re.finditer(", ", text):
        opening, rest = text[: comma.start()], text[comma.end() :]
        if not _opens_news(rest) or _ENDS_LIST.search(opening):
            continue
        if not NEEDS_OPENING.search(rest[:60].replace("those who", "")) and not is_bereft(opening, rest):
            yield capitalise(rest)
        return


def _opens_news(rest: str) -> bool:
    """Whether the main clause begins here: a subject, and its verb before a comma."""
    found = WORD.findall(rest.partition(",")[0])[:12]
    first = bare(found[0]) if found else ""
    if (
        not first
        or first.endswith(("ing", "ly"))
        or is_finite(first)
        or first in listed("words", "prepositions") | JOINING | _JOINTS
    ):
        return False
    return _has_deed(rest) and (starts_clause(rest) or any(map(is_finite, found[2:])))


_JOINTS = frozenset("and or but nor that who which whose where so than".split())


def _has_deed(clause: str) -> bool:
    """Whether its subject does something, not only what "that" and "who" stand for."""
    return any(map(is_finite, WORD.findall(re.split(r"\b(?:that|who|which)\b", clause, maxsplit=1)[0])))


def _heads(text: str) -> Iterator[str]:
    """All that may be left, without their full stop."""
    ways = ((_NEXT, _is_next), (_RELATIVE, _is_relative), (_CLAUSE, _is_clause), (_DOING, _is_doing))
    for pattern, may_go in ways:
        for match in pattern.finditer(text):
            head, tail = text[: match.start()].rstrip(",;"), text[match.end() :]
            if _is_whole(head) and may_go(match[0], head, tail):
                yield _join_last(head) if pattern is _NEXT else head


def _join_last(head: str) -> str:
    """ "He fled to Wex, put on a coat (and hid)" -> "He fled to Wex and put on a coat"."""
    before, comma, last = head.rpartition(", ")
    first = WORD.match(last)
    is_deed = (
        bool(comma)
        and first is not None
        and is_finite(first[0])
        and bare(first[0]) not in listed("forms", "given")
    )
    return f"{before} and {last}" if is_deed and has_main_verb(before) else head


def _is_whole(head: str) -> bool:
    if not ends_well(head) or opens_only(head) or is_dependent(head) or lacks_deed(head):
        return False
    said = _SPEECH_END.split(head)[-1]
    if said != head and not (starts_clause(said.strip()) or has_verb(said)):
        # "Police said a man (who robbed a shop was held)"
        return False
    _, _, news = head.partition(", ")
    if _OPENING.match(head):
        # "After a year in which he rested, Fox" has still to begin
        return has_main_verb(news)
    return has_main_verb(_ASIDE.sub(" ", head)) or _is_said_by_whom(head, said)


def _is_said_by_whom(head: str, said: str) -> bool:
    """ "The son of a man who fell in May said he was ill": after "fell", which is the man's, "said" is the son's."""
    before = head[: len(head) - len(said)]
    who = re.search(r"\b(?:who|which)\b(?!.*\b(?:who|which)\b)", before)
    if said == head or not who or not starts_clause(said.strip()):
        return False
    told = before[who.end() :]
    deeds = [bare(word) in listed("verbs", "saying") for word in WORD.findall(told) if is_finite(word)]
    return not re.search(r"\b(?:and|but|that)\b|,", told) and deeds[:1] == [False] and any(deeds)


def _is_next(link: str, head: str, tail: str) -> bool:
    """Whether another deed, or another clause, is told after "and"."""
    if link == ";":
        return True
    if "but" in link or re.search(r"\bbut\b", tail):
        # half of a contrast is another story
        return False
    if "as well as" in link:
        return not _AS_GOOD.match(tail) and is_tail(f", {tail}")
    found = WORD.findall(tail.partition(",")[0])
    if starts_clause(tail):
        is_list = tail[0].isupper() and "," not in link
        if is_list or not _has_deed(tail) or is_finite(_last_word(head)):
            return False
        return any(map(is_main_verb, found[1:6]))
    return "while" not in link and (any(map(is_main_verb, found[:1])) or bool(_DEED.match(tail)))


def _is_relative(link: str, head: str, tail: str) -> bool:
    """Whether a clause that tells more about the last thing may go."""
    if link.strip(" ,") == "that" and not is_finite(tail.strip().split(" ", 1)[0]):
        return False
    if not link.startswith(",") and (_DENIES.search(head) or _WHICH_ONE.search(" ".join(head.split()[-7:]))):
        return False
    return _has_one_verb(tail) and not re.search(r"\bbut\b", tail)


def _is_clause(link: str, head: str, tail: str) -> bool:
    """Whether "when ..." or "since ..." may go; what comes after these words is a clause of its own."""
    if _WHICH_ONE.search(head) or not starts_clause(tail):
        return False
    last = bare(_last_word(head))
    return last not in listed("words", "measures") and not is_finite(last) and _has_one_verb(tail)


def _is_doing(link: str, head: str, tail: str) -> bool:
    """ ", raining insults, blocking the road and stealing bags": deeds that hang at the end, all or none."""
    if _WHICH_ONE.search(head) or re.search(r"\bbut\b", tail):
        return False
    is_list = link.startswith(", ") and link.rstrip().endswith("ing") and re.search(r", [a-z]{2,}ing\b", head)
    if link.strip(" ,").startswith(("despite", "amid", "following", "after")):
        # "despite an inquiry that has found nothing"
        tail = _THAT_TELLS.split(tail)[0]
    return not is_list and not any(map(is_main_verb, WORD.findall(tail)))


def _has_one_verb(tail: str) -> bool:
    """More than one, and the second may be the main clause's: "(the man) who fell is well"."""
    found = WORD.findall(tail)
    auxiliary = listed("verbs", "auxiliary")
    # "was reported" is one
    return (
        sum(
            is_main_verb(word) and bare(before) not in auxiliary
            for before, word in zip(("", *found), found, strict=False)
        )
        <= 1
    )


def _last_word(text: str) -> str:
    """Nothing where there is no word: strangers write the articles."""
    found: list[str] = WORD.findall(text)
    return found[-1] if found else ""
