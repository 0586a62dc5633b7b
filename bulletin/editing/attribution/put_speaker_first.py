"""
Attribution first: "The road is shut, police said." -> "Police said the road is shut.", by marks or the dependency tree.

Source: attribution comes first in spoken news, because a listener must know first who claims it (Associated
Press Broadcast News Handbook, "attribution"). Judgement, no source: the most words of a time and of a source,
because a longer one may hold another clause.
"""

from __future__ import annotations

from bulletin.editing.attribution.find_unattributed_quotes import speaks_of_itself
from bulletin.editing.english.dependency_tree import (
    find_root,
    find_subject,
    is_finite,
    is_unbroken,
    keeps_arguments,
    keeps_words,
    span_of,
    text_of,
    without_capital,
)
from bulletin.editing.english.guess_parts_of_speech import (
    bare,
    capitalise,
    has_verb,
    lower_first,
    starts_clause,
)
from bulletin.editing.english.word_list_regexes import WORD, listed, regex
from bulletin.language.english_grammar_parser import Doc, Token, parse_sentence
from bulletin.language.split_sentences import count_words

_WITHOUT_THAT = ("said", "says")
"""
After these "that" may be left out; "has announced trains will run" would be heard wrongly.

Example: `put_speaker_first`.
"""
_OPENS_STATEMENT = (
    r"(?i)(?:\d[\d,.]*|it|this|that|there|he|she|they|the|an?|his|her|their|its|some|many|most|all|no)\b"
)
"""
>>> bool(regex(_OPENS_STATEMENT).match("The road is shut"))
True
"""
_ASKS = (
    r"(?i)(?:what|why|how|where|when|who|is|are|was|were|do|does|did|can|could|will|would|should|has|have)\b"
)
"""Example: `_is_statement`."""
_LOOSE_SPEAKER = r"\b(?:who|which|that|but|because|as|while|when|where|after|if|and)\b"
"""Example: `_is_speaker`."""


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
    """
    Whether quoted words can follow "said that": a whole clause in the third person, no question, no order.

    >>> _is_statement("The road is shut"), _is_statement("We shut the road")
    (True, False)
    >>> _is_statement("Is the road shut")
    False
    """
    if not has_verb(body, within=14) or speaks_of_itself(body) or regex(_ASKS).match(body) or "?" in body:
        return False
    return bool(regex(_OPENS_STATEMENT).match(body)) or starts_clause(body)


def _is_speaker(who: str) -> bool:
    """
    Whether words name a speaker and nothing else: no clause, no preposition or "-ing" form in front.

    >>> _is_speaker("Ann Fox"), _is_speaker("Ann Fox, who rows"), _is_speaker("in the harbour")
    (True, False, False)
    """
    words = WORD.findall(who)
    if not 0 < len(words) <= 12 or regex(_LOOSE_SPEAKER).search(who) or has_verb(who):
        return False
    return bare(words[0]) not in listed("words", "prepositions") and not bare(words[0]).endswith("ing")


_SPEAKER_AFTER = (
    r"^\"(?P<body>[^\"]{8,300}),\"\s+(?P<who>[^\",;:]{2,80}?)\s+(?P<verb>«saying.quoting»|told (?:[Tt]he |[Aa] )?[\w .'-]{2,40}?)"
    r"(?P<when>(?: (?:on|in|at|during) [^\",.;]{2,40}?| \w{3,6}day| (?:yesterday|today|tonight|last night))?)\.$"
)
"""
'"...," the mayor told a meeting on Monday.'

Example: `put_speaker_first`.
"""


_SPEAKER_LAST = (
    r"^\"(?P<body>[^\"]{8,300}),\"\s+(?P<verb>«saying.quoting»)\s+(?P<who>[^\",;:]{2,80}?)"
    r"(?:, (?P<office>(?:an?|the|his|her|its|their|who|[a-z]+)\b[^\",;:]{3,80}))?\.$"
)
"""
'"...," said Ann Fox, the mayor.'

Example: `rewrite_sentence_for_radio.clean_sentence`.
"""


MOST_OF_TIME = 7
"""Most words between the speaker and the full stop, for a time or a place. Example: `_said_first`."""
MOST_OF_SOURCE = 14
"""Most words after "according to". Example: `_according_first`."""
_PLAIN = ("said", "says", "say")
"""After these "that" may be left out, and the speaker may come last. Example: `_is_beside_verb`."""
_TIME = r"(?i)(?:on|in|at|last|late|early|earlier|this|yesterday|today|during) [^,]{2,50}|\w+day(?: \w+)?|yesterday|today"
"""Example: `_said_first`."""


def move_speaker(text: str, *, small: frozenset[str]) -> str:
    """
    Move the speaker to the front, as newsreaders do, because a listener must know the source first.

    The sentence stays as it is if the dependency tree does not show statement and speaker, or if it opens
    with "But". So does a sentence that opens with a pronoun, which would then stand for the speaker. `small`: words
    that the article writes without a capital.

    >>> move_speaker("The road is shut, police said.", small=frozenset())
    'Police said the road is shut.'
    >>> move_speaker("He is safe, police said.", small=frozenset())
    'He is safe, police said.'
    """
    doc = parse_sentence(text)
    root = find_root(doc)
    if root is None or not text.endswith(".") or '"' in text:
        return text
    is_joint = doc[0].lower_ in ("then", "now", "so", "later", "afterwards")
    if is_joint or doc[0].pos_ in ("CCONJ", "PRON") or doc[0].tag_ == "PRP$":
        return text
    is_saying = root.lower_ in listed("verbs", "telling")
    moved = _said_first(doc, root, small) if is_saying else _according_first(doc, root, small)
    if not moved or not keeps_words([moved], text, added=["that"]):
        return text
    return moved if keeps_arguments([moved], text) else text


def _said_first(doc: Doc, root: Token, small: frozenset[str]) -> str:
    """
    The sentence with its speaker and verb of saying in front; empty if the tree leaves a doubt.

    Attribution comes first in spoken news (Associated Press Broadcast News Handbook, "attribution").

    >>> doc = parse_sentence("The road is shut, police said on Friday.")
    >>> _said_first(doc, find_root(doc), frozenset())
    'Police said on Friday that the road is shut.'
    """
    statement = next((child for child in root.children if child.dep_ == "ccomp" and child.i < root.i), None)
    who = find_subject(root)
    if statement is None or who is None or not is_unbroken(who) or not _is_beside_verb(doc, who, root):
        return ""
    if not _is_clause_before(doc, statement, before=min(who.left_edge.i, root.i)):
        return ""
    end, last = len(doc) - 1, max(who.right_edge.i, root.i) + 1
    when = text_of(doc, last, end)
    if when and (not regex(_TIME).fullmatch(when) or count_words(when) > MOST_OF_TIME):
        return ""
    is_inverted = who.i > root.i
    name = text_of(doc, *span_of(who)) if is_inverted else text_of(doc, who.left_edge.i, root.i)
    # "said Ann Fox, the mayor": her office is closed by a comma before the verb
    comma = "," if is_inverted and "," in name else ""
    that = " that" if when or root.lower_ not in _PLAIN else ""
    body = _body(doc, min(who.left_edge.i, root.i) - 1, small)
    return f"{capitalise(name)}{comma} {root.text}{' ' if when else ''}{when}{that} {body}."


def _is_clause_before(doc: Doc, statement: Token, *, before: int) -> bool:
    """
    Whether a whole clause runs from the first word to the comma before the speaker.

    >>> whole = parse_sentence("The road is shut, police said.")
    >>> order = parse_sentence("Shut the road, police said.")
    >>> _is_clause_before(whole, whole[3], before=5), _is_clause_before(order, order[0], before=4)
    (True, False)
    """
    comma = before - 1
    is_clause = is_finite(statement) and find_subject(statement) is not None
    first, last = statement.left_edge.i, statement.right_edge.i
    return is_clause and first == 0 and last in (comma - 1, comma) and doc[comma].text == ","


def _is_beside_verb(doc: Doc, who: Token, root: Token) -> bool:
    """
    Whether the subject is next to the verb of saying, and no pronoun if it follows the verb.

    >>> docs = [parse_sentence(f"The road is shut, said {who}.") for who in ("Ann Fox", "she")]
    >>> [_is_beside_verb(doc, find_subject(find_root(doc)), find_root(doc)) for doc in docs]
    [True, False]
    """
    if who.i > root.i:
        is_plain = who.pos_ != "PRON" and not any(map(is_finite, who.subtree))
        return is_plain and root.lower_ in _PLAIN and who.left_edge.i == root.i + 1
    between = doc[who.right_edge.i + 1 : root.i]
    return all(token.dep_ in ("aux", "advmod", "neg") for token in between)


def _according_first(doc: Doc, root: Token, small: frozenset[str]) -> str:
    """
    The sentence with "According to" and its source in front; empty if the source may not hold for all of it.

    Attribution comes first in spoken news (Associated Press Broadcast News Handbook, "attribution").

    >>> doc = parse_sentence("The road is shut, according to police.")
    >>> _according_first(doc, find_root(doc), frozenset())
    'According to police, the road is shut.'
    """
    end = len(doc) - 1
    by = next((token for token in doc if token.lower_ == "according" and token.i > root.i), None)
    if by is None or doc[by.i - 1].text != "," or not is_unbroken(by) or by.right_edge.i != end - 1:
        return ""
    if by.head != root or root.left_edge.i != 0 or by.right_edge.i - by.i > MOST_OF_SOURCE:
        return ""
    # after two main clauses the source may belong to the second alone
    if any(child.dep_ == "conj" and find_subject(child) for child in root.children):
        return ""
    if any(token.lower_ == "according" for token in doc[: by.i]):
        return ""
    return f"According {text_of(doc, by.i + 1, end)}, {_body(doc, by.i - 1, small)}."


def _body(doc: Doc, end: int, small: frozenset[str]) -> str:
    """
    The words before `end`, spelt as inside a sentence.

    >>> _body(parse_sentence("The road is shut, police said."), 4, frozenset())
    'the road is shut'
    """
    return f"{without_capital(doc, 0, small=small)}{doc[0].whitespace_}{doc[1:end].text}".strip(" ,")
