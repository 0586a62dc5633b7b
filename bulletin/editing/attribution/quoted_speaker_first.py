"""Attribution first, where quotation marks show what the speaker said: no parser is needed; pure."""

from __future__ import annotations

from bulletin.editing.attribution.first_person import speaks_of_itself
from bulletin.editing.english.word_classes import bare, capitalise, has_verb, lower_first, starts_clause
from bulletin.editing.english.word_lists import WORD, listed, regex

_WITHOUT_THAT = ("said", "says")
"""After these "that" may be left out; "has announced trains will run" would be heard wrongly."""
_OPENS_STATEMENT = (
    r"(?i)(?:\d[\d,.]*|it|this|that|there|he|she|they|the|an?|his|her|their|its|some|many|most|all|no)\b"
)
_ASKS = (
    r"(?i)(?:what|why|how|where|when|who|is|are|was|were|do|does|did|can|could|will|would|should|has|have)\b"
)
_LOOSE_SPEAKER = r"\b(?:who|which|that|but|because|as|while|when|where|after|if|and)\b"


def put_speaker_first(text: str, *, small: frozenset[str]) -> str:
    """
    Move the speaker before the quotation, where quotation marks show its end.

    Only where one quotation opens the sentence, is a whole statement, and only its speaker follows. `small`: words that
    the article writes without a capital.

    >>> put_speaker_first('"The road is shut," Ann Fox said.', small=frozenset())
    'Ann Fox said the road is shut.'
    >>> put_speaker_first('"Is it shut?" Ann Fox asked.', small=frozenset())
    '"Is it shut?" Ann Fox asked.'
    """
    match = regex(_SPEAKER_AFTER).match(text) or regex(_SPEAKER_LAST).match(text)
    if not match or not _is_speaker(match["who"]) or not _is_statement(match["body"]):
        return text
    groups = match.groupdict()
    when, office = groups.get("when") or "", groups.get("office") or ""
    who = f"{match['who']}, {office}," if office else match["who"]
    body = match["body"].strip(" ,.")
    that = "" if match["verb"] in _WITHOUT_THAT and not when and starts_clause(body) else " that"
    return f"{capitalise(who)} {match['verb']}{when}{that} {lower_first(body, small=small)}."


def _is_statement(body: str) -> bool:
    """Whether somebody's words can follow "said that": a whole clause, no question, no order, nobody's "I"."""
    if not has_verb(body, within=14) or speaks_of_itself(body) or regex(_ASKS).match(body) or "?" in body:
        return False
    return bool(regex(_OPENS_STATEMENT).match(body)) or starts_clause(body)


def _is_speaker(who: str) -> bool:
    words = WORD.findall(who)
    if not 0 < len(words) <= 12 or regex(_LOOSE_SPEAKER).search(who) or has_verb(who):
        return False
    return bare(words[0]) not in listed("words", "prepositions") and not bare(words[0]).endswith("ing")


_SPEAKER_AFTER = (
    r"^\"(?P<body>[^\"]{8,300}),\"\s+(?P<who>[^\",;:]{2,80}?)\s+(?P<verb>«saying.quoting»|told (?:[Tt]he |[Aa] )?[\w .'-]{2,40}?)"
    r"(?P<when>(?: (?:on|in|at|during) [^\",.;]{2,40}?| \w{3,6}day| (?:yesterday|today|tonight|last night))?)\.$"
)
""" '"...," the mayor told a meeting on Monday.' """


_SPEAKER_LAST = (
    r"^\"(?P<body>[^\"]{8,300}),\"\s+(?P<verb>«saying.quoting»)\s+(?P<who>[^\",;:]{2,80}?)"
    r"(?:, (?P<office>(?:an?|the|his|her|its|their|who|[a-z]+)\b[^\",;:]{3,80}))?\.$"
)
""" '"...," said Ann Fox, the mayor.' """
