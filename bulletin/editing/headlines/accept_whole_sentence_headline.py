"""
A title as a whole statement, short enough to be read: its hidden verb, and "and" for its commas.

Source: headlines leave out forms of "be", articles and "and" (block language: Quirk et al. 1985, chapter 11); a
tree judges them, and no verb is added (docs/decisions/0015). Tags are those of the Penn Treebank (Marcus et al.
1993).
"""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.editing.english.word_list_regexes import TITLE_WORD, any_of, listed, regex
from bulletin.editing.headlines.headline_parse_tree import (
    FINITE,
    MARKS,
    has_bare_clause,
    is_common,
    is_statement,
    is_used_as_verb,
    lacks_be,
    parse_title,
    root_of,
    sentence_case,
    subject_of,
)
from bulletin.language.english_grammar_parser import Doc, Token
from bulletin.language.split_sentences import count_words

_AT_LEAST = r"(?i)^(?:at least|up to|more than|over|nearly|about|around|almost|under) "
"""
>>> regex(_AT_LEAST).sub("", "At least ten men")
'ten men'
"""
_OPENS_OBJECT = frozenset({"DT", "JJ", "CD", "PRP$", "NN", "NNP", "NNS", "NNPS", "RB", "VBG", "TO"})
"""
>>> has_hidden_verb("Old parts trigger scare")
True
"""
_OPENS_PHRASE = frozenset({"TO", "MD", "DT", "IN", "CC", "PRP$"})
"""
>>> "TO" in _OPENS_PHRASE, "NNP" in _OPENS_PHRASE
(True, False)
"""
_OPENS_CLAUSE = MARKS | {"until", "when", "before", "because"}
"""
>>> is_or_are("Ferry after storm plan")
''
"""
_NO_PHRASE = FINITE | {"WP", "WDT"}
"""
>>> is_or_are("Mayor who rows plan")
''
"""


def has_hidden_verb(text: str) -> bool:
    """
    Whether a word is the verb of the subject in front, though the parser takes it for a noun.

    "Old parts trigger scare", "Council votes to mend ferry"; not before words of the past: "talks dead".

    >>> has_hidden_verb("Council votes to mend ferry"), has_hidden_verb("Two held over theft")
    (True, False)
    """
    doc = parse_title(text)
    for token in doc[1:-2]:
        before, after = doc[token.i - 1], token.nbor().tag_
        if token.tag_ in ("IN", "TO"):
            return False
        # "Civic bodies to meet" and "Council votes to meet", "stars helping team" and "issues sweeping order"
        opens = after in _OPENS_OBJECT and (after != "TO" or before.tag_.startswith("NN"))
        opens = opens and (after != "VBG" or token.nbor().dep_ == "amod")
        is_form = token.text.islower() and before.tag_ not in _OPENS_PHRASE
        if not is_form or {token.lower_, before.lower_} & listed("headlines", "plural_attributes"):
            continue
        is_noun = opens and is_used_as_verb(token.lower_)
        is_plain = token.tag_ == "VBZ" or token.lower_ in listed("headlines", "plain_verbs")
        in_s = is_plain or (is_noun and token.tag_ == "NNS")
        is_base = is_noun and token.tag_ in ("NN", "NNP", "VB", "VBP") and before.tag_ != "JJ"
        if (in_s or is_base) and is_or_are(text[: token.idx]) == ("is" if in_s else "are"):
            tree = parse_title(f"{'It' if in_s else 'They'} {text[token.idx :]}")
            if root_of(tree).i == 1 and is_statement(tree, stands_for=True):
                is_state = any_of("states").search(text.partition(" as ")[0], token.idx)
                return not (is_state or any_of("suffered").search(text, token.idx))
    return False


@lru_cache(maxsize=512)
def is_or_are(who: str) -> str:
    """
    Number of a subject ("is" or "are"), by its head; empty if it has a verb or may be either.

    >>> is_or_are("Council"), is_or_are("Two men"), is_or_are("Wells")
    ('is', 'are', '')
    >>> is_or_are("At least ten men"), is_or_are("Pike, Fox")
    ('are', 'are')
    >>> is_or_are("Former Wexcombe, Brenford chief Joan Pike")
    ''
    """
    who = regex(_AT_LEAST).sub("", who).strip()
    if who.count(",") > 1 or re.search(r", (?:.* )?[a-z]+ [A-Z]", who):
        # "Former Wexcombe, Brenford chief Joan Pike" is one
        return ""
    doc = parse_title(who)
    head = root_of(doc)
    verbs = listed("headlines", "plain_verbs")
    is_verbal = any(token.tag_ in _NO_PHRASE or token.lower_ in verbs for token in doc)
    # "man fatally", "oil tanker probably"
    is_place = (doc[0].tag_ in ("IN", "TO") and doc[0].whitespace_) or doc[-2:][0].tag_ == "RB"
    if is_verbal or is_place or any(token.lower_ in _OPENS_CLAUSE for token in doc):
        return ""
    # two subjects side by side: "Pike, Fox to judge show"
    is_pair = "," in who or any(child.dep_ == "conj" for child in head.children)
    return "are" if is_pair else _number(head, doc[0].lower_)


def _number(head: Token, first: str) -> str:
    """
    Number of a single subject by its last word; empty if the word may be singular or plural.

    >>> [_number(root_of(parse_title(who)), who.split()[0].lower()) for who in ("Ferry", "Two men", "Wells")]
    ['is', 'are', '']
    """
    last = head.lower_
    if head.tag_ not in ("NN", "NNS", "NNP", "CD", "VBG"):
        return ""
    if (first in ("one", "a", "an", "another", "1") and head.tag_ != "NNS") or head.text == "US":
        return "is"
    is_counted = head.tag_ != "NN" and (first in listed("headlines", "counts") or first.isdigit())
    if head.tag_ == "CD" or last in listed("headlines", "plurals") or is_counted:
        return "are"
    if head.tag_ == "NNS":
        # "Morales"
        is_name = head.text.istitle() and not is_common(last)
        return "are" if last.endswith("s") and not is_name else ""
    # "Wells" and "GPS" may be singular or plural
    return "" if last.endswith("s") and (head.tag_ == "NNP" or head.text.isupper()) else "is"


_NOUNS = frozenset({"NN", "NNS"})
"""Example: `with_and`."""
_FRONTED = frozenset({"IN", "RB", "VBN", "VBG", "JJ", "TO", "DT"})
"""
Tags of the first word of an opening before the subject: "In Wexcombe, ...", "Upset with council, ...".

Example: `_has_stray_comma`.
"""
_AFTER_COMMA = frozenset({"CC", "IN", "VBG", "WDT", "WP", "WRB", "PRP$"})
"""
Tags of the first word after a comma that opens a clause or an aside: "..., killing two".

Example: `_has_stray_comma`.
"""
_ASIDES = frozenset("a an the aged not".split())
"""
>>> "aged" in _ASIDES, "mayor" in _ASIDES
(True, False)
"""


def with_and(text: str) -> str:
    """
    The title with "and" for its commas; empty if one of them may not stand for "and".

    A plural verb shows two subjects; a bare noun at the end is a second thing: an aside has an article.

    >>> with_and("Ferry hits pier, killing two"), with_and("Pike, Fox win prize")
    ('Ferry hits pier, killing two', '')
    >>> with_and("Mayor, farmers discuss ferry"), with_and("Ferry hits pier, boat")
    ('Mayor and farmers discuss ferry', 'Ferry hits pier and boat')
    """
    doc = parse_title(text)
    root = root_of(doc)
    before = [token for token in doc[: root.i] if token.text == ","]
    verbs = [root, *(child for child in root.children if child.dep_ in ("aux", "auxpass"))]
    is_several = any(token.text in ("are", "have") or token.tag_ in ("VBP", "VB") for token in verbs)
    is_pair = len(before) == 1 and is_several and " and " not in text[: root.idx]
    if is_pair and is_or_are(text[: before[0].idx]):
        text = _joined(text, before[0])
    last = [token for token in parse_title(text) if token.text == ","][-1:]
    if last and " and " not in text[: last[0].idx] and last[0].nbor(-1).tag_ in _NOUNS:
        tail = parse_title(text[last[0].idx + 2 :])
        is_bare = all(token.tag_ in _NOUNS | {"NNP", "JJ", "HYPH"} or token.is_punct for token in tail)
        text = _joined(text, last[0]) if is_bare and root_of(tail).tag_ in _NOUNS else text
    return "" if _has_stray_comma(parse_title(text)) else text


def _joined(text: str, comma: Token) -> str:
    """
    The title with "and" for one comma, which a listener does not hear.

    >>> title = "Mayor, farmers discuss ferry"
    >>> _joined(title, parse_title(title)[1])
    'Mayor and farmers discuss ferry'
    """
    return f"{text[: comma.idx]} and{text[comma.idx + 1 :]}"


def _has_stray_comma(doc: Doc) -> bool:
    """
    Whether a comma may stand for "and": it opens no clause, closes none, and no "and" follows in its list.

    >>> titles = ("Mayor, farmers discuss ferry", "Ferry hits pier, killing two", "In May, ferry hits pier")
    >>> [_has_stray_comma(parse_title(title)) for title in titles]
    [True, False, False]
    """
    root = root_of(doc)
    subject = subject_of(root)
    start = subject.left_edge.i if subject is not None else 0
    commas = [token.i for token in doc if token.text == ","]
    inside = [index for index in commas if start < index < root.i]

    def is_heard(index: int) -> bool:
        after = doc[index + 1]
        is_list = not after.tag_.startswith("VB") and any(
            token.dep_ == "cc" and not index < root.i < token.i for token in doc[index + 1 : index + 7]
        )
        is_front = index < start and doc[0].tag_ in _FRONTED
        is_aside = (len(inside) == 2 and index in inside) or (after.tag_ == "VBN" and index < root.i)
        opens = after.tag_ in _AFTER_COMMA or after.lower_ in _ASIDES
        return is_front or is_aside or is_list or opens

    return not all(map(is_heard, commas))


_NO_SUBJECT = frozenset({"IN", "RB", "CC", "VBG", "VBN"})
"""
>>> _two_statements("Ferry hits pier, now council pays")
''
"""


def whole_statement(text: str, *, first_sentence: str, most: int, has_speaker: bool = False) -> str:
    """
    The title as a statement of at most `most` words; empty if it is none, or in doubt.

    "Two held over theft" and "Wexcombe to lose ferry" lack their verb and are none.

    >>> whole_statement("Ferry hits pier, sinks", first_sentence="", most=16)
    'Ferry hits pier and sinks'
    >>> whole_statement("Two held over theft", first_sentence="", most=16)
    ''
    """
    small = sentence_case(text, first_sentence)
    if not has_speaker and (_demands(parse_title(small)) or _accuses(parse_title(small), first_sentence)):
        return ""
    statement = _two_statements(small) or _statement(small)
    if not statement or count_words(statement) > most:
        return ""
    last = TITLE_WORD.findall(statement)[-1]
    # a title that its page cut off ends in the middle of a word
    is_letter = len(last) == 1 and last.islower()
    is_cut = is_letter or statement[-1] in "&,-" or last.casefold() in listed("headlines", "hangs")
    return "" if is_cut else statement


def _statement(text: str) -> str:
    """
    One statement, with "and" for a comma; empty if it is none.

    >>> _statement("Mayor, farmers discuss ferry"), _statement("Two held over theft")
    ('Mayor and farmers discuss ferry', '')
    """
    doc = parse_title(text)
    root = root_of(doc)
    is_verb = root.tag_ not in ("VBZ", "VBP") or is_used_as_verb(root.lower_)
    is_complete = ((is_verb and is_statement(doc)) or has_hidden_verb(text)) and not lacks_be(root)
    return with_and(text) if is_complete and _is_sound(doc) else ""


def _is_sound(doc: Doc) -> bool:
    """
    Whether no clause lacks its verb, not even one after "says" or "tells": not "says deal near".

    >>> _is_sound(parse_title("Fox says deal is near")), _is_sound(parse_title("Fox says deal near"))
    (True, False)
    """
    root = root_of(doc)
    after_verb = doc[root.i + 1 :]
    # "tells court of fear"
    is_of = root.lower_.startswith("t") and any(word.tag_ in ("TO", "IN") for word in after_verb[:4])
    is_clause = root.lower_ in ("say", "says", "said", "tell", "tells", "told") and not is_of
    return not has_bare_clause(doc) and (not is_clause or any(word.tag_ in FINITE for word in after_verb))


def _is_sentence(doc: Doc) -> bool:
    """
    Whether a title is a statement of which print has left out no form of "be".

    Block language leaves it out (Quirk et al. 1985, chapter 11).

    >>> _is_sentence(parse_title("Ferry hits pier")), _is_sentence(parse_title("Students forced to pay"))
    (True, False)
    """
    return is_statement(doc) and not lacks_be(root_of(doc)) and not has_bare_clause(doc)


def _two_statements(text: str) -> str:
    """
    Two statements that only a comma joins, with "and"; empty if one of them is none, or denies the other.

    >>> _two_statements("Ferry hits pier, sinks in harbour")
    'Ferry hits pier and sinks in harbour'
    >>> _two_statements("Ferry hits pier, council denies it")
    ''
    """
    head, _, tail = text.partition(", ")
    if ", " in tail or min(count_words(head), count_words(tail)) < 2 or any_of("denies").search(tail):
        return ""
    opens = {parse_title(head)[0].tag_, parse_title(tail)[0].tag_}
    is_two = _is_sentence(parse_title(head)) and (_opens_with_verb(tail) or _is_sentence(parse_title(tail)))
    return f"{head} and {tail}" if is_two and not opens & _NO_SUBJECT else ""


def _opens_with_verb(tail: str) -> bool:
    """
    Whether words open with a verb, whose subject comes before: "sinks in harbour", "send help".

    >>> _opens_with_verb("sinks in harbour"), _opens_with_verb("old ferry in harbour")
    (True, False)
    """
    docs = {"VBZ": parse_title(f"It {tail}"), "VB": parse_title(f"They {tail}")}
    return any(
        root_of(doc).i == 1 and doc[1].tag_.removesuffix("P") == tag and is_statement(doc, stands_for=True)
        for tag, doc in docs.items()
    ) and is_used_as_verb(docs["VBZ"][1].lower_)


def _demands(doc: Doc) -> bool:
    """
    Whether the title makes a demand ("must", "should"), whose source no listener knows without a speaker.

    1 title of 604 articles; kept, because an opinion would air as the station's own.

    >>> _demands(parse_title("Council must open the quay")), _demands(parse_title("Council opens the quay"))
    (True, False)
    """
    return any(child.lower_ in ("must", "should", "ought") for child in root_of(doc).children)


def _accuses(doc: Doc, first_sentence: str) -> bool:
    """
    Whether a headline states a crime of a named person without a court: "Pike stole bell".

    1 title of 604 articles; kept, because a charge stated as a fact is a libel (BBC Editorial Guidelines, section 18).

    >>> title = parse_title("Joan Pike stole a bell")
    >>> _accuses(title, ""), _accuses(title, "A court has found so.")
    (True, False)
    """
    root = root_of(doc)
    subject = subject_of(root)
    is_named = subject is not None and subject.tag_ == "NNP" and subject.dep_ == "nsubj"
    is_crime = root.lower_ in listed("headlines", "crimes")
    return is_named and is_crime and not any_of("proves").search(first_sentence)
