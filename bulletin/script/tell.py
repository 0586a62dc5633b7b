"""Article -> Telling: sentences in the order of the article, each fit to be read, with where it came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bulletin.model import Article, Origin
from bulletin.script.editor import Editor
from bulletin.script.edits.antecedents import binds, hangs_on, lacks_antecedent
from bulletin.script.edits.context import (
    initials_of,
    introduce,
    is_no_lead,
    leans_back,
    names_untold,
    say_he,
    say_initials_once_known,
    say_it,
    say_surname,
    speaker_untold,
    weighty,
)
from bulletin.script.edits.dates import reckon_days
from bulletin.script.edits.days import Days
from bulletin.script.edits.edit import Setting, small_words
from bulletin.script.edits.fitness import why_unfit
from bulletin.script.edits.fragments import is_pictured
from bulletin.script.edits.people import give_full_names
from bulletin.script.edits.pronouns import points_back, resolve_pronoun
from bulletin.script.edits.tidy import drop_connective
from bulletin.script.furniture import strip_furniture
from bulletin.script.he_again import say_he_again
from bulletin.script.headline import clean_title
from bulletin.script.lightest import lightest
from bulletin.script.lost import put_back
from bulletin.script.phrases import Phrases, is_in_language
from bulletin.script.plainly import edits_english, tell_plainly
from bulletin.script.promised import giving_way, keeps_promise, stems_of
from bulletin.script.quotations import Printed, join_block_quotes, mark_quoted
from bulletin.script.speakable import make_speakable
from bulletin.script.summariser import Summariser
from bulletin.script.summarisers.lead import LeadSummariser
from bulletin.script.support import find_unsupported, names_in
from bulletin.script.telling import Piece, Telling
from bulletin.text import split_sentences, words

MOST_WORDS = 160
"""No cut is longer than this, so what comes after it need not be edited."""

MOST_SENTENCES = 60
"""Further into an article nobody looks for news."""

MOST_AGAIN = 0.65
"""Share of a sentence's weighty words that one told before it may hold."""

SAME = 0.75
"""Share of the shorter sentence's weighty words from which two say the same, however long the other is."""

FAR = 4
"""From so many places on a sentence no longer follows from the one told before it."""

FARTHEST = 10
"""From so many on not even where the story is short."""

ENOUGH = 40
"""Words; with fewer, a story may also open with a sentence that leans on one before it."""


def tell_article(
    article: Article, *, phrases: Phrases, days: Days | None = None, summariser: Summariser | None = None
) -> Telling:
    """
    Clean, choose and edit; a telling without pieces says why in `reason`.

    `days` lets "yesterday" be named; without it such words are dropped.
    """
    if not edits_english(phrases.language):
        return tell_plainly(article, phrases=phrases, summariser=summariser or LeadSummariser())
    title = clean_title(article.title)
    text = put_back(join_block_quotes(article.text or article.summary))
    paragraphs = strip_furniture(text, title=title)
    marked = tuple(mark_quoted(paragraphs))
    sentences = tuple(printed.text for printed in marked)
    read = sentences or split_sentences((article.text or article.summary)[:2000])
    if any(map(words, read)) and not is_in_language(read, phrases):
        return Telling(title=title, pieces=(), reason=f"not in the station's language ({phrases.language})")
    if not sentences:
        return Telling(title=title, pieces=(), reason="no sentence that can be read out")
    source = " ".join(sentences)
    setting = Setting(
        days=days,
        small=small_words(source),
        spell=lambda number: make_speakable(str(number), language=phrases.language, folder=phrases.folder),
        bodies=initials_of(source),
        source=source,
    )
    chosen = (summariser or LeadSummariser()).choose(title, sentences)
    editor = Editor(setting=setting, promise=stems_of(title))

    def tell(places: Sequence[int], *, is_strict: bool) -> tuple[Piece, ...]:
        teller = _Teller(
            article=article,
            marked=marked,
            source=source,
            editor=editor,
            is_strict=is_strict,
        )
        return lightest(tuple(teller.pieces(places)))

    chosen = chosen[:MOST_SENTENCES]
    pieces = tell(chosen, is_strict=True)
    is_strict = sum(piece.words for piece in pieces) >= ENOUGH
    if not is_strict:
        pieces = tell(chosen, is_strict=False)
    if gone := giving_way(pieces, title):
        again = tell([place for place in chosen if place not in gone], is_strict=is_strict)
        pieces = again if keeps_promise(again, before=pieces, title=title) else pieces
    reason = "" if pieces else "no sentence that can be read out"
    told = say_he_again(pieces, source=source)
    return Telling(title=title, pieces=tuple(one for piece in told for one in piece.apart()), reason=reason)


@dataclass(slots=True, kw_only=True)
class _Teller:
    """Walks through the chosen sentences and keeps those that can be read after one another."""

    article: Article
    marked: Sequence[Printed]
    source: str
    editor: Editor
    is_strict: bool
    told: str = ""
    said: list[frozenset[str]] = field(default_factory=list)
    """The words of each sentence told."""
    kept: set[int] = field(default_factory=set)
    """Places of the source sentences that were kept."""
    lead: frozenset[str] = frozenset()
    """The words of the first sentence told."""
    last: int = -1
    """Place of the last source sentence that was kept."""

    def pieces(self, chosen: Sequence[int]) -> Iterator[Piece]:
        total = 0
        for place in chosen:
            sentences = self._edit(place)
            if not sentences:
                continue
            if self._repeats(sentences[0]) or self._strays(place, sentences, total=total):
                continue
            origins = self._origins(place, sentences)
            if self._lacks_support(sentences, origins):
                continue
            self.said += map(weighty, sentences[1:])
            piece = Piece(sentences=sentences, origins=origins, place=place)
            self.told += " " + " ".join(sentences)
            self.lead = self.lead or weighty(" ".join(sentences))
            self.last = place
            self.kept.add(place)
            total += piece.words
            yield piece
            if total > MOST_WORDS:
                return

    def _repeats(self, sentence: str) -> bool:
        """Whether it adds next to nothing to one sentence before it."""
        said = weighty(sentence)
        again = any(
            len(said & old) > MOST_AGAIN * len(said) or len(said & old) > SAME * min(len(said), len(old))
            for old in self.said
        )
        self.said.append(said)
        return again

    def _strays(self, place: int, sentences: Sequence[str], *, total: int) -> bool:
        """Whether a sentence that follows on nothing told has no word of the title or of the lead."""
        if self.last < 0 or place - self.last < (FAR if total > ENOUGH else FARTHEST):
            # a short story may need it, unless it comes from another part of the page
            return False
        news, told = weighty(self.article.title) | self.lead, weighty(" ".join(sentences))
        return not {word[:5] for word in news} & {word[:5] for word in told}

    def _edit(self, place: int) -> tuple[str, ...]:
        printed = self.marked[place]
        if is_pictured(printed.text):
            return ()
        follows = self.last == place - 1 and self.last >= 0
        is_silent = printed.is_quoted or (printed.is_part and self._is_said_out(printed))
        text = "" if is_silent else self._printed_alone(printed)
        if not follows and text:
            text = self._cut_loose(place)
        if self.last < 0 and place > 0:
            text = introduce(text)
        if not text or (not follows and names_untold(text, told=self.told, is_first=place == 0)):
            return ()
        edited = self.editor.edit(text, told=self.told)
        if not edited:
            return ()
        named = self._name_all(edited)
        first, *rest = (
            say_he(say_it(one, before=before), before=before, source=self.source)
            for before, one in zip(("", *named), named, strict=False)
        )
        if self._is_unfit(first, place=place, follows=follows):
            return ()
        kept = [first]
        for one in rest:
            if why_unfit(one, is_first=False):
                break
            kept.append(one)
        return tuple(kept)

    def _is_unfit(self, first: str, *, place: int, follows: bool) -> bool:
        """Whether what became of a sentence cannot be read where it would stand."""
        printed, is_first = self.marked[place], self.last < 0
        if printed.is_part and (is_first or (not follows and points_back(first))):
            return True
        if speaker_untold(first, told=self.told, source=self.source):
            return True
        if why_unfit(first, is_first=is_first, opens_article=place == 0 or not self.is_strict):
            return True
        return is_first and self.is_strict and is_no_lead(first, printed=printed.text, place=place)

    def _is_said_out(self, printed: Printed) -> bool:
        """Whether so much of a long quotation has been told, by so long a name, that more would tire."""
        told = self._told_of(printed)
        return hangs_on(printed.text) or told > 1 or (told == 1 and not printed.again)

    def _told_of(self, printed: Printed) -> int:
        """How many other sentences of the same quotation have been told."""
        return sum(
            spot in self.kept and one.speaker_at == printed.speaker_at for spot, one in enumerate(self.marked)
        )

    def _printed_alone(self, printed: Printed) -> str:
        """As it stands without the sentences round it."""
        if printed.is_part and printed.again and self._told_of(printed):
            return printed.again
        return printed.alone or printed.text

    def _cut_loose(self, place: int) -> str:
        """The sentence without what ties it to the one before, which is not told; nothing where it hangs on it."""
        printed = self.marked[place]
        text = self._printed_alone(printed)
        if printed.is_part:
            return text
        if binds(text):
            return ""
        text = drop_connective(text)
        if lacks_antecedent(text) or (self.last >= 0 and leans_back(text)):
            return ""
        if points_back(text):
            return resolve_pronoun(text, before=[one.text for one in self.marked[:place]]) or ""
        return text

    def _name_all(self, edited: Sequence[str]) -> list[str]:
        """People in full the first time, and by their surname after that; bodies not by letters nobody heard."""
        named: list[str] = []
        for text in edited:
            told = " ".join((self.told, *named))
            full = give_full_names(text, source=self.source, told=told)
            if full == text:
                full = say_surname(text, told=told, source=self.source)
            named.append(say_initials_once_known(full, bodies=self.editor.setting.bodies, told=told))
        return named

    def _origins(self, place: int, sentences: Sequence[str]) -> tuple[Origin, ...]:
        """The source sentence, and any other from which a full name was taken."""
        origins = [self._origin(place)]
        speaker_at = self.marked[place].speaker_at
        if speaker_at is not None and speaker_at != place:
            origins.append(self._origin(speaker_at))
        for name in (name for sentence in sentences for name in names_in(sentence)):
            if any(name in origin.text for origin in origins):
                continue
            other = next((spot for spot, one in enumerate(self.marked) if name in one.text), None)
            if other is not None:
                origins.append(self._origin(other))
        return tuple(origins)

    def _lacks_support(self, sentences: Sequence[str], origins: Sequence[Origin]) -> bool:
        """Whether an edit has, against all intent, made a fact: then the sentence is not told."""
        texts = [origin.text for origin in origins]
        if all(one == texts[0] for one in sentences):
            return False
        days = reckon_days(texts, self.editor.setting.days)
        return any(find_unsupported(one, texts, days=days) for one in sentences)

    def _origin(self, place: int) -> Origin:
        article = self.article
        text = self.marked[place].text
        return Origin(article_id=article.id, text=text, credit=article.credit, link=article.link)
