"""Marks that are seen and not heard: brackets, asides, quote marks, dashes, words of print."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.script.edits.grammar import bare, capitalise, listed, table
from bulletin.script.rare import Rare, sub

_SQUARE = Rare(r"\s*\[[^\[\]]{0,80}\]")
_PUT_IN = Rare(
    r"\[((?:[Hh]e|[Ss]he|[Ii]t|[Tt]hey|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Hh]im|[Tt]hem|is|are|was|were|has|have|the|a|to)(?: \w+)?)\]"
)
"""An editor's word without which the sentence has no subject or no verb."""
_ROUND = Rare(r"\s*\([^()]{0,240}\)")
_DOUBLE = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "`": "'"})
_SINGLE = Rare(r"(?<![\w.])'(?=\S)([^']{1,200}(?:'(?=\w)[^']{1,200}){0,4})(?<=\S)'(?!\w)")
_DASH = Rare(r"\s+(?:-{1,2}|[–—]{1,2})\s+|(?<=\w)(?:--|—)(?=\w)")
_HERE = Rare(
    r"(?<=campus) here(?=[.,])|(?<=office) here(?=[.,])|(?<=airport) here(?=[.,])|(?<=station) here(?=[.,])|(?<=\bcity) here(?=[.,])|(?<=told reporters) here\b|(?<=the press) here\b"
    # "at Wexcombe here on Sunday"
    r"|(?<=[a-z]) here(?= (?:on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|today|yesterday|late on)\b)(?<!was here)(?<!are here)(?<!is here)(?<!were here)"
)
"""Where the reporter was, not the listener."""
_HEADING = Rare(r"^(?:[A-Z]{3,}['’]? ){2,}(?=(?:The|An?|In|On|At|He|She|It|They|But|We) )")
"""A heading in capitals that has run into its first sentence."""
_SWORN = Rare(r"\b(?P<a>an? )?(?:mother)?fuck(?:ing|in['’]?) (?=(?P<next>[a-z]))")
"""It adds nothing to what somebody called somebody."""
_TWICE = Rare(r"\b(the|an?|of|any|and|to|for|from|with|was|were|are) \1\b(?! \1\b)")
"""A small word that was typed twice."""
_ASIDE = Rare(r" - ([^-]{4,120}) - (?=\w)")


_WE_LEARNT = Rare(
    r"^(?:We (?:have|'ve|’ve) (?:now |also |just )?(?:learnt|learned)|We (?:now |also )?(?:understand|can reveal)) that (?=(?:the|an?|his|her|its|their|[A-Z])\b)"
)
"""The paper's own "we" before its news."""


def tidy(text: str) -> str:
    """One kind of quote mark, no brackets, single spaces."""
    text = text.translate(_DOUBLE)
    text = _SQUARE.sub("", _ROUND.sub("", _PUT_IN.sub(r"\1", text)))
    text = sub(r"(?<=[a-z,.])''|''(?=[A-Za-z])", '"', text)
    text = _TWICE.sub(r"\1", _HERE.sub("", _HEADING.sub("", text)))
    if learnt := _WE_LEARNT.match(text):
        text = capitalise(text[learnt.end() :])
    if text.count("#") == 1:
        text = sub(r"(?<!\w)#(?=[^\W\d])", "", text)
    # A dash between figures is a score or a range; a question mark before a small letter is a lost sign.
    text = sub(r"(?<=\d)\s*[-–—]\s*(?=\d)", "-", text)
    text = sub(r"(?<=\w)\?(?= [a-z])", "", sub(r"\b([A-Z]{1,4})\?(?=\d)", r"\1-", text))
    text = sub(
        r"(?<=\w) - (?=(?:owned|based|led|backed|run|made|born|style|old|time|like|year)\b(?!,| (?:up|of|by|in|from|out|to|as|on)\b))",
        "-",
        text,
    )
    text = _SWORN.sub(lambda match: ("an " if match["next"] in "aeiou" else "a ") if match["a"] else "", text)
    text = sub(r"\b(including|such as), (?=[A-Z\d])", r"\1 ", text)
    # "Sector 53 s gate": an archive has lost the apostrophe
    text = sub(r"(?<=[A-Za-z\d]) s (?=[A-Za-z])", "'s ", text)
    text = sub(r"(?<=\d)[ -]?yr[ -]old\b", "-year-old", text)
    text = _LOOSE_HYPHEN.sub(_join_or_part, text)
    return close_up(_DASH.sub(" - ", text))


_LOOSE_HYPHEN = Rare(r"(?<=[a-z])- (?=[\"']?(?P<next>[A-Za-z]+))")


_OPEN_DASH = Rare(r"^[^–—]*? [-–—] (?![^–—]* [-–—] )")


def _join_or_part(match: re.Match[str]) -> str:
    """ "asylum claim- 'legacy' backlog" is one word, "endangered animals- the tiger" is a dash, "two- and three-" is neither."""
    low = match["next"].casefold()
    if low in ("and", "or", "to"):
        # "wore caps - hers was blue- and shirts": the second dash of two
        return " - " if _OPEN_DASH.search(match.string[: match.start()]) else match[0]
    parts = low in listed("words", "determiners") - {"half"} or low in listed("words", "prepositions")
    return " - " if parts or low in listed("words", "pronouns") else "-"


_GAP = Rare(r"\.\.$|\s[\s,.;:?!]|[,;:]\s*[,;:.?!]|^\s|[^\S ]|\s$")


@lru_cache(maxsize=1_024)
def close_up(text: str) -> str:
    """Mend the spaces and commas that a deletion leaves."""
    if not _GAP.search(text):
        return text
    text = sub(r"(?<=[a-z])\.\.$", ".", sub(r"\s+([,.;:?!])", r"\1", text))
    text = sub(r"([,;:])(?:\s*[,;:])+", r"\1", text)
    text = sub(r"[,;:]+([.?!])", r"\1", text)
    return " ".join(text.split())


_MEANT = Rare(
    r"\b(?:he|she|him|they|them|it|sir|madam|ma'am) [(\[](?P<name>[A-Z][\w.'’-]{1,30}(?: [A-Z][\w.'’-]{1,30}){0,3})[)\]]",
    re.IGNORECASE,
)
"""An editor's word for who is meant: "he (Nitish Kumar) is known"."""


def name_the_meant(text: str) -> str:
    """ "he (Nitish Kumar) is known" -> "Nitish Kumar is known"; without the name, somebody else would be meant."""
    return _MEANT.sub(lambda match: match["name"] if match["name"][0].isupper() else match[0], text)


def drop_asides(text: str) -> str:
    """Drop what stands between two dashes."""
    # an aside never begins or ends inside a quotation
    return close_up(_ASIDE.sub(lambda match: match[0] if match[1].count('"') % 2 else " ", text))


_CROSSED = Rare(r"(?<!\w)\"([^\"']{2,60})'(?=[\s,.;:?!]|$)")
"""Opened by a double mark and closed by a single one."""


def double_quotes(text: str) -> str:
    """Single quote marks around several words as double ones: what somebody says has one look."""
    if text.count('"') % 2:
        text = _CROSSED.sub(r'"\1"', text)
    return _SINGLE.sub(lambda match: f'"{match[1]}"' if " " in match[1] else match[0], text)


def drop_quote_marks(text: str) -> str:
    """No mark is heard; who says it must be told in words (see attribution)."""
    text = _SINGLE.sub(r"\1", text)
    return close_up(sub(r"""(?<=[,.!?])"(?=\w)""", " ", text).replace('"', ""))


def close_dashes(text: str) -> str:
    """A dash that still parts two halves is read as a comma."""
    return close_up(text.replace(" - ", ", "))


def say_plainly(text: str) -> str:
    """ "in order to" -> "to": the words of print and of the press office, as people say them."""
    pattern, plain = _plain()
    text = _AS_PER.sub(lambda match: "According to" if match[0].startswith("A") else ", according to", text)
    return pattern.sub(lambda match: _like(match[0], plain[match[0].casefold()]), text)


_AS_PER = Rare(r"^As per(?= )|, as per(?= )")


_JOINT = Rare(
    r"(?:then|still|yet|also|now|even so|then again),? (?=(?:the|an?|his|her|its|their|he|she|it|they|[A-Z][\w'’-]+) )"
)


def drop_connective(text: str) -> str:
    """Drop a "But" or "Meanwhile," whose other half is not read."""
    low = text.casefold()
    for phrase in table()["connectives"]["phrases"]:
        if low.startswith(f"{phrase},"):
            return capitalise(text[len(phrase) + 1 :].lstrip())
    first, _, rest = text.partition(" ")
    if bare(first) not in listed("connectives", "light") or not rest or low.startswith("so far"):
        return text
    if first.endswith(",") or bare(first) in ("but", "and", "yet", "so"):
        # "But then Kohli", "And still the road": the joint is two words
        return capitalise(_JOINT.sub("", rest.lstrip()))
    return text


@lru_cache(maxsize=1)
def _plain() -> tuple[Rare, dict[str, str]]:
    plain = dict(table()["plain"])
    choices = "|".join(sorted(map(re.escape, plain), key=len, reverse=True))
    return Rare(rf"\b(?:{choices})\b", re.IGNORECASE), plain


def _like(model: str, text: str) -> str:
    return capitalise(text) if model[:1].isupper() else text
