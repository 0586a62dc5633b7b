"""
Dependency tree of a title: whether it is a whole statement, and its words in small letters.

Source: headlines leave out forms of "be" (block language: Quirk et al. 1985, chapter 11); docs/decisions/0015 has
the figures. Tags are those of the Penn Treebank (Marcus et al. 1993), dependencies those of ClearNLP, which
spaCy's English models use.
"""

from __future__ import annotations

import re

from bulletin.editing.english.word_list_regexes import TITLE_WORD, any_of, listed, regex
from bulletin.editing.headlines.clean_title import is_title_case
from bulletin.language.english_grammar_parser import Doc, Span, Token, has_parser, parse_sentence, read_words

FINITE = frozenset({"VBZ", "VBP", "VBD", "MD"})
"""Example: `accept_whole_sentence_headline._is_sound`."""
MARKS = frozenset({"after", "as", "while", "amid", "following"})
"""
Words that open no main clause.

>>> is_statement(parse_title("Police as soldiers plan"))
False
"""
_SUBJECT = frozenset({"nsubj", "nsubjpass", "expl"})
"""Example: `is_statement`."""
_OBJECT = frozenset({"dobj", "ccomp", "attr", "acomp", "dative"})
"""Example: `_is_object`."""
_BESIDE = frozenset({"prep", "advmod", "npadvmod", "advcl", "punct"})
"""
Dependencies of words that may precede a subject: "In Wexcombe, ...".

>>> is_statement(parse_title("In May, two men row home"))
True
"""


def is_statement(doc: Doc, *, stands_for: bool = False) -> bool:
    """
    Whether the root is a finite verb behind a subject that is no pronoun, without other words before it.

    `stands_for`: a pronoun replaces the subject.

    >>> is_statement(parse_title("Mayor opens new bridge")), is_statement(parse_title("Two held over theft"))
    (True, False)
    """
    root = root_of(doc)
    subject = subject_of(root)
    if subject is None or not _is_finite(root) or subject.i > root.i:
        return False
    if root.text in ("'s", "’s") and subject.tag_.startswith("N"):
        # "Left's identity crisis a problem": print's "'s" behind a name is no "is"
        return False
    if any(token.lower_ in MARKS for token in doc[1 : root.i]) and doc[0].tag_ != "IN":
        # "Gunfire as soldiers enter town", "Ten killed as vote turns violent": the verb is not the main clause's
        return False
    if subject.tag_ in ("WP", "WDT") or (subject.tag_ == "PRP" and not stands_for):
        return False
    if root.lower_ in ("say", "says", "said") and not any(child.dep_ == "ccomp" for child in root.children):
        # "says object orbiting" has no clause
        return False
    if any(child.dep_ == "acomp" for child in root.children) and not any_of("links").fullmatch(root.text):
        # "Fake luxury watches worth £90 seized": "watches" is a noun
        return False
    if any(child.dep_ not in _BESIDE | _SUBJECT for child in root.children if child.i < subject.i):
        return False
    # the object "him" is another person than the subject, and unknown
    is_vague = any(child.dep_ in ("dobj", "dative") and child.tag_ == "PRP" for child in root.children)
    return not is_vague


def _is_finite(verb: Token) -> bool:
    """
    Whether a headline's verb shows its tense, by itself or by its first auxiliary; not after "to".

    >>> titles = ("Mayor opens bridge", "Mayor has opened bridge", "Mayor to open bridge")
    >>> [_is_finite(root_of(parse_title(title))) for title in titles]
    [True, True, False]
    """
    helpers = [child for child in verb.children if child.dep_ in ("aux", "auxpass") and child.i < verb.i]
    if any(child.tag_ == "TO" for child in helpers):
        return False
    if helpers:
        return helpers[0].tag_ in FINITE
    subject = subject_of(verb)
    # "family find items": the tagger misses the "-s" of one; "impeachment holdout Pike", "left tackle back" have none
    is_base = verb.tag_ in ("VB", "VBP") and (subject is None or subject.tag_ != "JJ")
    return verb.tag_ == "VBD" or is_base or (verb.tag_ == "VBZ" and verb.lower_.endswith("s"))


def has_bare_clause(doc: Doc) -> bool:
    """
    Whether a clause behind the first has a subject and no finite verb: "as bell found", "crew rescued".

    "As" and "while" with a participle match 2 titles of 604 articles, "not" and "to" with one 1 each; kept, because
    print leaves out forms of "be" (block language: Quirk et al. 1985, chapter 11), and heard without them a headline is
    broken English.

    >>> has_bare_clause(parse_title("Fox says bank not closed")), has_bare_clause(parse_title("Fox says the bank is shut"))
    (True, False)
    """
    root = root_of(doc)
    return _has_bare_mark(doc[root.i + 1 :]) or any(
        token.i != root.i
        and (token.dep_ in ("conj", "parataxis", "dep", "advcl", "appos") or _is_reported(token))
        and (subject := subject_of(token)) is not None
        and subject.i < token.i
        and subject.tag_ != "PRP"
        and (token.tag_ in ("VBG", "VBN") or lacks_be(token) or _is_to(token) or _is_not(token))
        and not any(child.dep_ in ("aux", "auxpass") and child.tag_ in FINITE for child in token.children)
        for token in doc
    )


def _has_bare_mark(after: Span) -> bool:
    """
    Whether "as" or "while" has a participle behind it and no verb: "as man on morning walk killed by car".

    Block language leaves out forms of "be" (Quirk et al. 1985, chapter 11). `has_bare_clause` has the count in 604
    articles, and the reason to keep it.

    >>> titles = ("Road shut as man killed by car", "Road shut as man is killed by car")
    >>> [_has_bare_mark(parse_title(title)[1:]) for title in titles]
    [True, False]
    """
    marks = [token for token in after if token.lower_ in ("as", "while")]
    rest = list(after.doc[marks[0].i + 1 :]) if marks else []
    return any(map(lacks_be, rest)) and all(lacks_be(word) for word in rest if word.tag_ in FINITE)


def _is_reported(verb: Token) -> bool:
    """
    Whether a clause is a statement or comes first; not one that depends on "see", "get" or "support".

    >>> docs = [parse_title(f"Mayor {verb} ferry is safe") for verb in ("says", "sees")]
    >>> [any(map(_is_reported, doc)) for doc in docs]
    [True, False]
    """
    return verb.dep_ == "ccomp" and (
        verb.i < verb.head.i or bool(any_of("owns_words").fullmatch(verb.head.text))
    )


def _is_not(verb: Token) -> bool:
    """
    Whether a verb has "not" beside it, after which print leaves out "is": "says bank not closed".

    Block language leaves out forms of "be" (Quirk et al. 1985, chapter 11). `has_bare_clause` has the count in 604
    articles, and the reason to keep it.

    >>> _is_not(parse_title("Fox says bank not closed")[4]), _is_not(parse_title("Fox says bank closed")[3])
    (True, False)
    """
    return any(child.lower_ == "not" for child in verb.children)


def _is_to(verb: Token) -> bool:
    """
    Whether "to" stands for "is to": "residents to complain" after a comma, not "for residents to complain".

    Block language leaves out forms of "be" (Quirk et al. 1985, chapter 11). `has_bare_clause` has the count in 604
    articles, and the reason to keep it.

    >>> _is_to(root_of(parse_title("Residents to complain")))
    True
    >>> _is_to(root_of(parse_title("Residents complain")))
    False
    """
    to = any(child.tag_ == "TO" for child in verb.children)
    is_said = verb.dep_ != "ccomp" or verb.head.lower_ in ("say", "says", "said")
    return to and is_said and not any(child.dep_ == "mark" for child in verb.children)


def lacks_be(token: Token) -> bool:
    """
    Whether a form may be passive without its "is": "Students forced to pay".

    In the active voice it would have an object.

    >>> titles = ("Students forced to pay", "Council forced students to pay")
    >>> [lacks_be(root_of(parse_title(title))) for title in titles]
    [True, False]
    """
    if token.tag_ not in ("VBD", "VBN") or any(child.dep_ in ("aux", "auxpass") for child in token.children):
        return False
    form = token.lower_
    if form in listed("headlines", "no_object"):
        return False
    objects = [child for child in token.children if child.i > token.i and _is_object(child)]
    if form in listed("headlines", "feelings") and not any(child.dep_ == "dobj" for child in objects):
        return True
    if form in listed("headlines", "gives_twice") and len(objects) < 2:
        # "Driver fined £500"
        return True
    if form in listed("headlines", "suffered"):
        objects = [child for child in objects if child.dep_ != "acomp"]
    is_form = form.endswith(("ed", "en", "wn")) or form in listed("headlines", "ambiguous") | listed(
        "headlines", "suffered"
    )
    return is_form and not objects


def _is_object(token: Token) -> bool:
    """
    Whether it is an object, not behind a comma; a clause needs a subject, and no "as" or "after".

    >>> doc = parse_title("Council closes road in Wexcombe")
    >>> [token.text for token in doc if _is_object(token)]
    ['road']
    """
    is_adjective = token.dep_ == "dobj" and token.tag_ == "JJ"
    is_apart = any(word.text == "," for word in token.doc[token.head.i : token.i])
    if token.dep_ not in _OBJECT or is_adjective or is_apart:
        return False
    is_mark = any(word.dep_ == "mark" and word.lower_ != "that" for word in token.children)
    return token.dep_ != "ccomp" or (subject_of(token) is not None and not is_mark)


def root_of(doc: Doc) -> Token:
    """
    The word on which all others depend: the verb of a headline that has one.

    >>> root_of(parse_title("Ferry sinks off Wexcombe"))
    sinks
    """
    return next(token for token in doc if token.head.i == token.i)


def subject_of(verb: Token) -> Token | None:
    """
    The subject of a headline's verb; None without one.

    >>> subject_of(root_of(parse_title("Ferry sinks off Wexcombe")))
    Ferry
    """
    return next((child for child in verb.children if child.dep_ in _SUBJECT), None)


def parse_title(text: str) -> Doc:
    """
    Parse a headline as a sentence, with the full stop that it lacks.

    >>> parse_title("Ferry sinks off Wexcombe")
    Ferry sinks off Wexcombe.
    """
    # "3." and "U.S." would swallow the full stop
    gap = " " if text[-1:].isdigit() or text.endswith(".") else ""
    # the health body is no pronoun
    return parse_sentence(re.sub(r"\bWHO\b", "BBC", f"{text}{gap}."))


_NATION = r"(?:an|ish|ese|i)s?$"
"""
>>> [bool(regex(_NATION).search(word)) for word in ("iranian", "ferry")]
[True, False]
"""


def sentence_case(text: str, first_sentence: str) -> str:
    """
    A title in Title Case with small letters, but for names; as long as it was.

    A word gets small letters if the story writes it so, or if the parser has only read it in small letters.

    >>> sentence_case("Council Ends Ferry at Hallam Bridge", "")
    'Council ends ferry at Hallam Bridge'
    """
    if not has_parser():
        return text
    text = re.sub(
        r"\b[A-Z]{5,}\b", lambda loud: loud[0].lower() if is_common(loud[0].lower()) else loud[0], text
    )
    if not is_title_case(text):
        return text
    words = [word.removesuffix("'s") for word in TITLE_WORD.findall(first_sentence.replace("’", "'"))]
    names = {word for word in words[1:] if word[0].isupper()}
    small_words = {word for word in words if word.islower()}
    tags = {token.idx: token.tag_ for token in parse_title(text)}

    def small(match: re.Match[str]) -> str:
        word, low = match[0].removesuffix("'s"), match[0].removesuffix("'s").lower()
        is_kept = (
            match.start() == 0
            or word in names
            or low in listed("headlines", "proper")
            or sum(map(str.isupper, word)) > 1
        )
        is_word = low in small_words or is_common(low, tags.get(match.start(), ""))
        return match[0] if is_kept or not is_word or len(low) != len(word) else match[0].lower()

    return any_of("proper").sub(lambda match: match[0].title(), TITLE_WORD.sub(small, text))


def is_common(word: str, tag: str = "") -> bool:
    """
    Whether the parser knows the word or a form of it, never with a capital; else whether it is no name here.

    >>> is_common("harbour"), is_common("wexcombe")
    (True, False)
    """
    if "-" in word:
        return all(is_common(part) for part in word.split("-") if part.isalpha())
    stem = re.sub(r"(?:s|ed|ing)$", "", word)
    forms = [word, *(f"{part}{end}" for part in (word, stem) for end in ("s", "ed", "ing", "ly"))]
    is_form = any(form in read_words() and form.title() not in read_words() for form in forms)
    # "Mayor Calls": in Title Case a verb is taken for a name
    is_form = is_form or (word.endswith("s") and word[:-1] in read_words() and is_used_as_verb(word))
    is_here = tag not in ("", "NNP", "NNPS") and not regex(_NATION).search(word)
    return len(word) > 1 and word in read_words() and (is_form or is_here)


def is_used_as_verb(word: str) -> bool:
    """
    Whether the parser knows a form in "-ed" or "-ing", as of "trigger", but not of "complaints" or "child".

    >>> is_used_as_verb("trigger"), is_used_as_verb("child")
    (True, False)
    """
    stems = {word, word.removesuffix("s"), word.removesuffix("es")}
    stems |= {stem.removesuffix("e") for stem in stems}
    return word in listed("headlines", "plain_verbs") or any(
        f"{stem}{end}" in read_words()
        for stem in stems
        for end in ("ed", "d", "ing", f"{stem[-1:]}ed", f"{stem[-1:]}ing")
    )
