"""
Sentences of an article, and which of them belong to a speaker's quotation; pure.

Source: a quotation that runs over several paragraphs is opened anew in each and closed once (Chicago Manual of
Style, "quotations and paragraphs"; AP Stylebook, "quotation marks"). Judgement, no source: the most sentences of
one quotation, because a mark that is never closed must not hide the rest of an article.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulletin.editing.english.word_list_regexes import regex
from bulletin.language.split_sentences import split_sentences

LONGEST = 12
"""
Most sentences of one quotation: a mark that stays open for longer is a misprint.

Example: `_is_open_after`.
"""

_OPENING = r"“|(?<![\w.,!?])\"(?=\S)|(?:^|(?<=: )|(?<=, ))['‘](?=\w)"
"""
A single mark opens a quotation only at the start of a sentence: elsewhere it may be an apostrophe.

>>> regex(_OPENING).findall('“It" or "it" or: it')
['“', '"']
"""
_CLOSING = r"”|(?<=\S)\"(?!\w)|(?<=[.,!?])['’](?!\w)"
"""Example: `_is_only_quotation`."""
_MARKS = ("“", '"', "‘")
"""
>>> '“It leaks.'.startswith(_MARKS)
True
"""
_SPEAKER_BEFORE = (
    r"^(?:[^\"“”‘]{3,160}\b(?:said|says|added|adds|told [\w .'’-]{2,40}|wrote|tweeted|asked|explained|continued|concluded|warned)"
    r"(?: (?:on|in|at|during) [^,:\"“”]{3,60})?[:,] )[\"“‘][^\"“”]+$"
)
"""
>>> bool(regex(_SPEAKER_BEFORE).match('Fox said: "It leaks.'))
True
"""
_SPEAKER_BELOW = r"^[^.!?\"“”]{3,160}:$"
"""Example: `join_block_quotes`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A sentence as the article has it."""

    text: str
    """With the missing mark added if the quotation begins or ends in another sentence."""
    paragraph: int
    opens_paragraph: bool
    is_quoted: bool = False
    """Whether it is a quotation that does not name its speaker."""


def join_block_quotes(text: str) -> str:
    r"""
    Put quotation marks round a quotation on a separate line below its speaker.

    Without marks, the line would be read as the station's own words.

    >>> join_block_quotes("The minister said:\nThe road is shut.")
    'The minister said: "The road is shut."'
    """
    joined: list[str] = []
    label = ""
    for line in text.splitlines():
        bare = line.strip()
        if label and bare:
            joined.append(f"{label} {line}" if bare[0] in "\"“'‘" else f'{label} "{bare}"')
            label = ""
        elif regex(_SPEAKER_BELOW).match(bare):
            label = bare
        else:
            joined.append(line)
    return "\n".join(joined)


def read_sentences(paragraphs: Sequence[str]) -> Iterator[Printed]:
    """
    Split paragraphs into sentences, and mark the quotations that do not name their speaker.

    >>> [(s.text, s.is_quoted) for s in read_sentences(['Ann Fox spoke. "It leaks."', "The quay is old."])]
    [('Ann Fox spoke.', False), ('"It leaks."', True), ('The quay is old.', False)]
    """
    is_open = False
    for number, paragraph in enumerate(paragraphs):
        sentences = split_sentences(paragraph)
        following = paragraphs[number + 1] if number + 1 < len(paragraphs) else ""
        for index, sentence in enumerate(sentences):
            balance = len(regex(_OPENING).findall(sentence)) - len(regex(_CLOSING).findall(sentence))
            opens_again = is_open and bool(regex(_OPENING).match(sentence))
            goes_on = following.lstrip()[:1] in _MARKS
            was_open = is_open and not opens_again
            is_open = _is_open_after(sentences[index:], balance, was_open, goes_on=goes_on)
            text, is_quoted = _with_marks(sentence, was_open=was_open, is_open=is_open)
            yield Printed(text=text, paragraph=number, opens_paragraph=index == 0, is_quoted=is_quoted)
        # a quotation that goes on in the next paragraph is opened anew there
        is_open = is_open and following.lstrip()[:1] in _MARKS


def _is_open_after(rest: Sequence[str], balance: int, was_open: bool, *, goes_on: bool) -> bool:
    """
    Whether a quotation goes on after the first sentence and is closed later.

    >>> rest = ['"It leaks.', 'It is old," Fox said.']
    >>> _is_open_after(rest, 1, False, goes_on=False), _is_open_after(rest[:1], 1, False, goes_on=False)
    (True, False)
    """
    if balance < 0 or (balance == 0 and not was_open):
        return False
    if balance == 0:
        return True
    return goes_on or any(regex(_CLOSING).search(sentence) for sentence in rest[1:LONGEST])


def _with_marks(sentence: str, *, was_open: bool, is_open: bool) -> tuple[str, bool]:
    """
    The sentence with both its marks, and whether a listener would miss its speaker.

    >>> _with_marks('It leaks," she said.', was_open=True, is_open=False)
    ('"It leaks," she said.', False)
    >>> _with_marks('"It leaks.', was_open=False, is_open=True)
    ('"It leaks."', True)
    """
    if was_open and is_open:
        return sentence, True
    if was_open:
        # 'It leaks," she said.'
        return f'"{sentence}', sentence.rstrip()[-1:] in "\"”'’"
    if is_open:
        # 'She said: "It leaks.'
        return f'{sentence}"', not regex(_SPEAKER_BEFORE).match(sentence)
    return sentence, _is_only_quotation(sentence)


def _is_only_quotation(sentence: str) -> bool:
    """
    Whether marks stand round the whole sentence, with no speaker beside it.

    >>> _is_only_quotation('"It leaks."'), _is_only_quotation('"It leaks," Fox said.')
    (True, False)
    """
    is_marked = sentence[:1] in '"“‘' and sentence.rstrip()[-1:] in '"”’'
    return is_marked and len(regex(_CLOSING).findall(sentence)) == 1
