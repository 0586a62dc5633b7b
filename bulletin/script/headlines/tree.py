"""Whether a title is a whole statement, by its dependency tree, and the "is" that print leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from bulletin.script.headlines.title import is_title_case
from bulletin.script.headlines.words import WORD, any_of, word_list
from bulletin.script.parse import parse_sentence
from bulletin.text import count_words

if TYPE_CHECKING:
    from bulletin.script.parse import Doc, Token

_FINITE = frozenset({"VBZ", "VBP", "VBD", "MD"})
_SUBJECT = frozenset({"nsubj", "nsubjpass", "expl"})
_OBJECT = frozenset({"dobj", "ccomp", "attr", "acomp", "dative"})
_BESIDE = frozenset({"prep", "advmod", "npadvmod", "advcl", "punct"})
"""What may stand before a subject: "In Wexcombe, ..."."""
_MARKS = frozenset({"after", "as", "while", "amid", "following"})
"""What they open may be left out at the end of a headline that is too long; never a condition or a "but"."""
_FEWEST_LEFT = 6
_OPENS_OBJECT = frozenset({"DT", "JJ", "CD", "PRP$", "NN", "NNP", "NNS", "NNPS"})
_AT_LEAST = re.compile(r"^(?:at least|up to|more than|over|nearly|about|around|almost|under) (?=[\d£$€]|\w+ )", re.IGNORECASE)
_MONEY = re.compile(r"(?:(?:over|nearly|about|around|almost|at least|more than) )?(?:Rs|[£$€])\.? ?\d", re.IGNORECASE)


def sentence_case(text: str, first_sentence: str) -> str:
    """A title in Title Case with small letters, but for what the story has with capitals; as long as it was."""
    if not is_title_case(text):
        return text
    names = {word for word in WORD.findall(first_sentence)[1:] if word[0].isupper()}

    def small(match: re.Match[str]) -> str:
        word, low = match[0], match[0].lower()
        is_name = word in names or sum(map(str.isupper, word)) > 1 or word == "I"
        return word if is_name or match.start() == 0 or len(low) != len(word) else low

    return WORD.sub(small, text)


def whole_statement(text: str, *, first_sentence: str, most: int, has_speaker: bool = False) -> str:
    """
    The title as a statement of at most so many words; nothing where it is none, or where that is not sure.

    "Two held over theft" gets its "are", "Wexcombe to lose ferry" its "is"; the tree of the result must bear it out.
    """
    small = sentence_case(text, first_sentence)
    if not has_speaker and _demands(_parse(small)):
        return ""
    if not (is_statement(_parse(small)) or _has_verb_in_s(small)) or _lacks_be(_root(_parse(small))):
        place, verb = _missing_be(small, first_sentence)
        if not verb:
            return ""
        text, small = (f"{part[:place]}{verb} {part[place:]}" for part in (text, small))
    while count_words(text) > most or _has_bare_clause(_parse(small)):
        end = _end_without_clause(_parse(small))
        text, small = text[:end].rstrip(" ,"), small[:end].rstrip(" ,")
        if count_words(text) < _FEWEST_LEFT or not is_statement(_parse(small)):
            return ""
    is_cut = WORD.findall(text)[-1].casefold() in word_list("hangs")
    return "" if is_cut or _is_unknown(_parse(small), first_sentence) else text


def is_statement(doc: Doc, *, stands_for: bool = False) -> bool:
    """
    Whether the root is a finite verb behind a subject that is no pronoun, and nothing else stands before it.

    `stands_for`: a pronoun was put in for the subject.
    """
    root = _root(doc)
    subject = _subject(root)
    if subject is None or not _is_finite(root) or subject.i > root.i:
        return False
    if any(child.dep_ == "mark" for child in root.children):
        # "Gunfire as soldiers enter town": the main clause has no verb
        return False
    if subject.tag_ in ("WP", "WDT") or (subject.tag_ == "PRP" and not stands_for):
        return False
    if root.lower_ in ("say", "says", "said") and not any(child.dep_ == "ccomp" for child in root.children):
        # nobody "says object orbiting"
        return False
    before = [child for child in root.children if child.i < subject.i]
    if any(child.dep_ not in _BESIDE | _SUBJECT and not _is_clause(child) for child in before):
        return False
    # an object that is "him" is somebody else than the subject, and nobody knows who
    is_vague = any(child.dep_ in ("dobj", "dative") and child.tag_ == "PRP" for child in root.children)
    return not is_vague


def _is_clause(token: Token) -> bool:
    """Whether it is a main clause of its own: "Boat sinks, crew swims"."""
    return token.dep_ in ("ccomp", "parataxis") and _subject(token) is not None and _is_finite(token)


def _demands(doc: Doc) -> bool:
    """ "must" and "should" are what somebody demands; without a speaker nobody knows who."""
    return any(child.lower_ in ("must", "should", "ought") for child in _root(doc).children)


def _is_finite(verb: Token) -> bool:
    helpers = [child for child in verb.children if child.dep_ in ("aux", "auxpass") and child.i < verb.i]
    if any(child.tag_ == "TO" for child in helpers):
        return False
    if helpers:
        return helpers[0].tag_ in _FINITE
    # "family find items": the tagger misses the "-s" of one
    return verb.tag_ in ("VBZ", "VBP", "VBD", "VB")


def _lacks_be(verb: Token) -> bool:
    """Whether a form that may be past or done to the subject has no object: "Students forced to pay"."""
    return _may_be_participle(verb) and not any(child.dep_ in ("aux", "auxpass") for child in verb.children)


def _has_bare_clause(doc: Doc) -> bool:
    """Whether a clause behind the first has a subject and no finite verb: "as bell found", "crew rescued"."""
    root = _root(doc)
    return any(
        token.i != root.i
        and (token.dep_ in ("conj", "parataxis", "dep", "advcl") or _is_reported(token))
        and (subject := _subject(token)) is not None
        and subject.i < token.i
        and (token.tag_ in ("VBG", "VBN") or _lacks_be(token) or _is_to(token) or _is_not(token))
        and not any(child.dep_ in ("aux", "auxpass") and child.tag_ in _FINITE for child in token.children)
        for token in doc
    )


def _is_reported(verb: Token) -> bool:
    """What somebody says, or a first clause; not what they see, get or support done."""
    return verb.dep_ == "ccomp" and (verb.i < verb.head.i or bool(any_of("owns_words").fullmatch(verb.head.text)))


def _is_not(verb: Token) -> bool:
    """ "says bank not closed"."""
    return any(child.lower_ == "not" for child in verb.children)


def _is_to(verb: Token) -> bool:
    """ "residents to complain" after a comma, and not "for residents to complain"."""
    to = any(child.tag_ == "TO" for child in verb.children)
    return to and verb.dep_ != "ccomp" and not any(child.dep_ == "mark" for child in verb.children)


def _may_be_participle(token: Token) -> bool:
    if token.tag_ not in ("VBD", "VBN"):
        return False
    form = token.lower_
    objects = [child for child in token.children if child.dep_ in _OBJECT and child.i > token.i]
    if form in word_list("gives_twice") and len(objects) < 2:
        # "Driver fined £500"
        return True
    if form in word_list("suffered"):
        objects = [child for child in objects if child.dep_ != "acomp"]
    has_object = any(not any(word.lower_ in _MARKS for word in child.children) for child in objects)
    is_form = form.endswith("ed") or form in word_list("ambiguous") | word_list("suffered")
    return is_form and not has_object


def _missing_be(text: str, first_sentence: str) -> tuple[int, str]:
    """Where "is" or "are" belongs, and which; no word where that is not sure."""
    place = next(_places(text, first_sentence), 0)
    verb = _is_or_are(text[:place]) if place else ""
    # "Pike, captain convicted of theft, to be freed": which comma opens an aside is not sure
    if not verb or ("," in text[:place] and "," in text[place:]):
        return 0, ""
    pronoun = "It" if verb == "is" else "They"
    # a subject that the parser knows not is stood for by a pronoun
    for begin in (text[:place], f"{pronoun} "):
        if _bears_out(_parse(f"{begin}{verb} {text[place:]}"), len(begin)):
            return place, verb
    return 0, ""


def _has_verb_in_s(text: str) -> bool:
    """Whether a word that the parser takes for a noun is the verb of one: "Pike shares picture of ferry"."""
    doc = _parse(text)
    for token in doc[1:-2]:
        after = doc[token.i + 1]
        is_form = token.text.islower() and token.lower_.endswith("s") and token.tag_ in ("VBZ", "NNS")
        if not is_form or token.lower_ in word_list("plural_attributes"):
            continue
        has_object = after.tag_ in _OPENS_OBJECT
        if not (token.tag_ == "VBZ" or has_object or token.lower_ in word_list("plain_verbs")):
            continue
        if any(word.tag_ == "IN" for word in doc[: token.i]) or any_of("suffered").search(text, token.idx):
            return False
        tree = _parse(f"It {text[token.idx :]}")
        return _is_or_are(text[: token.idx]) == "is" and _root(tree).i == 1 and is_statement(tree, stands_for=True)
    return False


def _places(text: str, first_sentence: str) -> Iterator[int]:
    """Beginning of the first word, in order, that print has without its verb."""
    doc = _parse(text)
    is_joined = any(token.lower_ in _MARKS for token in doc)
    if doc[-2].lower_ in word_list("suffered") and not is_joined:
        # "Man accused of theft arrested": what comes last is told
        yield doc[-2].idx
    for token in doc[1:-1]:
        before, after = doc[token.i - 1], doc[token.i + 1]
        is_planned = token.lower_ == "to" and after.tag_ == "VB" and before.lower_ not in word_list("takes_to")
        is_doing = token.tag_ == "VBG" and before.tag_ in ("NN", "NNS", "NNP") and token.dep_ in ("acl", "ROOT") and token.head.dep_ != "pobj"
        is_done = _may_be_participle(token) and _is_done(token, first_sentence)
        if any_of("states").match(text, token.idx) or is_planned or is_doing or is_done:
            yield token.idx


def _is_done(token: Token, first_sentence: str) -> bool:
    """Whether it is done to the subject: by its meaning, or by the story's first sentence."""
    if token.lower_ in word_list("suffered"):
        return True
    return any(
        word.lower_ == token.lower_ and any(child.dep_ == "auxpass" for child in word.children)
        for word in parse_sentence(first_sentence)
    )


@lru_cache(maxsize=512)
def _is_or_are(who: str) -> str:
    """By the head of the subject; nothing where it has a verb, or where a name may be of one or of several."""
    if _MONEY.match(who):
        return "is"
    who = _AT_LEAST.sub("", who).strip()
    if who.endswith(","):
        # "Joan Pike, poet," is one
        who = who.partition(",")[0]
    found = WORD.findall(who)
    if not found or who.count(",") > 1:
        return ""
    doc = _parse(who)
    head = _root(doc)
    if any(_is_verb_inside(token) for token in doc):
        return ""
    if "," in who:
        # two, side by side: "Pike, Fox to judge show"
        return "are"
    last, first = head.lower_, found[0].casefold()
    if any(child.dep_ == "conj" for child in head.children):
        return "are"
    if head.tag_ not in ("NN", "NNS", "NNP", "CD"):
        return ""
    if first in ("one", "a", "an", "another", "1"):
        return "is"
    if last.endswith("s") and head.text != "US" and (head.text.isupper() or head.text[:-1].isupper()):
        # "MPs" are several; of "GPS" nobody knows
        return "are" if head.text.endswith("s") else ""
    if head.tag_ == "CD" or last in word_list("plurals") or _counts(found):
        return "are"
    if head.tag_ == "NNS":
        return "are" if last.endswith("s") else ""
    return "is" if head.tag_ == "NN" or head.text == "US" or not last.endswith("s") else ""


def _is_verb_inside(token: Token) -> bool:
    is_form = token.tag_ in _FINITE | {"WP", "WDT"} or (token.tag_ == "VBG" and token.dep_ not in ("amod", "compound"))
    return is_form or _is_hidden_verb(token)


def _is_hidden_verb(token: Token) -> bool:
    """ "app" in "body restarts app" stands behind what may be a verb."""
    before = token.nbor(-1) if token.i else None
    is_noun = token.tag_ in ("NN", "NNP") and before is not None and before.tag_ == "NNS" and before.text.islower()
    return is_noun and before is not None and before.lower_ not in word_list("plural_attributes")


def _counts(found: list[str]) -> bool:
    first = found[0].casefold()
    return first in word_list("counts") or (first.isdigit() and first != "1" and len(first) < 4)


def _bears_out(doc: Doc, place: int) -> bool:
    """Whether "is" at this place has all words before it as its subject, and no other verb goes without a joint."""
    root = _root(doc)
    subject = _subject(root)
    be = next(token for token in doc if token.idx == place)
    if subject is None or not is_statement(doc, stands_for=True) or (be.i != root.i and be.head.i != root.i):
        return False
    subtree = [token.i for token in subject.subtree]
    is_whole = min(subtree) == 0 and max(subtree) >= be.i - 2
    later = doc[be.i + 1 :]
    is_doing = root.tag_ == "VBG" and any(token.dep_ == "acl" and token.lower_ in word_list("suffered") for token in later)
    return is_whole and not is_doing and not any(_is_loose_verb(token, root) for token in later)


def _is_loose_verb(token: Token, root: Token) -> bool:
    """A later verb that nothing joins: "Man is caught speeding kisses policeman"."""
    if token.i == root.i or token.tag_ not in ("VBZ", "VBP", "VBD") or token.dep_ in ("relcl", "aux", "auxpass"):
        return False
    joints = ("mark", "nsubj", "nsubjpass", "aux", "auxpass")
    if token.dep_ == "conj":
        between = token.doc[token.head.i : token.i]
        return not any(word.dep_ == "cc" or word.text == "," for word in between)
    return not any(child.dep_ in joints for child in token.children)


def _is_unknown(doc: Doc, first_sentence: str) -> bool:
    """
    Whether the subject is one name that the story itself has to introduce: "teacher Joan Pike".

    Those who hold an office are known by it.
    """
    subject = _subject(_root(doc))
    if subject is None or subject.tag_ != "NNP" or len(list(subject.subtree)) > 1:
        return False
    for token in parse_sentence(first_sentence):
        if token.text != subject.text:
            continue
        before = [word for word in token.subtree if word.i < token.i and word.tag_ == "NN"]
        if before and not any(word.lower_ in word_list("offices") for word in before):
            return True
    return False


def _end_without_clause(doc: Doc) -> int:
    """Where the title ends without its last "after ..." or "as ..."; 0 where there is none."""
    root = _root(doc)
    last = doc[-2].i if doc[-1].is_punct else doc[-1].i
    for child in sorted(root.children, key=lambda child: -child.i):
        subtree = [token.i for token in child.subtree]
        begins = doc[min(subtree)]
        if child.i > root.i and max(subtree) >= last and begins.lower_ in _MARKS:
            is_clause = child.dep_ == "advcl" or (child.dep_ == "prep" and begins.lower_ != "as")
            return begins.idx if is_clause else 0
    return 0


def _root(doc: Doc) -> Token:
    return next(token for token in doc if token.head.i == token.i)


def _subject(verb: Token) -> Token | None:
    return next((child for child in verb.children if child.dep_ in _SUBJECT), None)


def _parse(text: str) -> Doc:
    # "3." and "U.S." would swallow the full stop
    gap = " " if text[-1:].isdigit() or text.endswith(".") else ""
    return parse_sentence(f"{text}{gap}.")
