"""Article -> Telling: whole sentences in the article's order, the lead first, as far as a listener can follow."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from bulletin.model import Article, Origin
from bulletin.script import opening
from bulletin.script.edits.content_words import weighty
from bulletin.script.edits.context import (
    accuses,
    answers,
    denies,
    follows,
    limits,
    opens_on_somebody,
    points_to_untold,
    repeats_any,
    reverses,
    stands_alone,
)
from bulletin.script.edits.days import Days
from bulletin.script.edits.edit import Setting, clean_sentence, move_words, small_words
from bulletin.script.edits.fitness import HARDEST, HARDEST_LEAD, why_unfit
from bulletin.script.edits.fragments import is_pictured
from bulletin.script.edits.own_words import is_on_the_spot
from bulletin.script.edits.proper_names import untold_name
from bulletin.script.furniture import strip_furniture
from bulletin.script.headline import clean_title, headline_sentence, write_headline
from bulletin.script.headline_match import HeadlineMatch
from bulletin.script.lost import put_back
from bulletin.script.parse import has_parser
from bulletin.script.phrases import Phrases, is_in_language
from bulletin.script.plainly import edits_english, tell_plainly
from bulletin.script.quotations import Printed, join_block_quotes, read_sentences
from bulletin.script.speakable import make_speakable
from bulletin.script.telling import Lead, Piece, Telling
from bulletin.text import count_words, split_sentences, words

MOST_WORDS = 160
"""No cut is longer than this, so what comes after it need not be edited."""
MOST_SENTENCES = 60
"""Further into an article nobody looks for news."""
FIRST_SENTENCES = 5
"""Among which the lead is looked for."""
FARTHEST = 8
"""Sentences that may be left out in a row; what comes later belongs to something else."""


def tell_article(
    article: Article, *, phrases: Phrases, days: Days | None = None, said_before: Collection[str] = ()
) -> Telling:
    """
    Clean, choose and edit; a telling without pieces says why in `reason`.

    `days` lets "yesterday" be named; without it such words are dropped. After the lead, what was `said_before` in an
    earlier bulletin is not told again.
    """
    if not edits_english(phrases.language):
        return tell_plainly(article, phrases=phrases)
    title = clean_title(article.title)
    text = put_back(article.text or article.summary)
    printed = tuple(read_sentences(strip_furniture(join_block_quotes(text), title=title)))[:MOST_SENTENCES]
    sentences = [one.text for one in printed] or split_sentences(text[:2000])
    if any(map(words, sentences)) and not is_in_language(sentences, phrases):
        return Telling(title=title, pieces=(), reason=f"not in the station's language ({phrases.language})")
    if not printed:
        return Telling(title=title, pieces=(), reason="no sentence that can be read out")
    if opening.is_column(printed):
        return Telling(title=title, pieces=(), reason="a column: its writer says I")
    source = " ".join(sentences)
    setting = Setting(
        days=days,
        small=small_words(source),
        spell=lambda number: make_speakable(str(number), language=phrases.language, folder=phrases.folder),
        may_parse=has_parser(),
    )
    teller = _Teller(
        article=article,
        title=title,
        printed=printed,
        setting=setting,
        match=HeadlineMatch.of(title, source=source, opening=sentences[:FIRST_SENTENCES]),
        said_before=frozenset(said_before),
        is_standfirst=count_words(source) <= opening.STANDFIRST,
    )
    return teller.tell()


@dataclass(slots=True, kw_only=True)
class _Teller:
    """Walks through an article's sentences and keeps those that a listener can follow."""

    article: Article
    title: str
    printed: Sequence[Printed]
    setting: Setting
    match: HeadlineMatch
    said_before: frozenset[str]
    is_standfirst: bool
    """Whether the text is a feed's few lines, which are read under the title."""
    cleaned: dict[int, str] = field(default_factory=dict)

    def tell(self) -> Telling:
        """With the best first sentence there is; none where a listener would not know who or what is meant."""
        leads = tuple(self._leads())[:1]
        text = self._clean(leads[0].place) if leads and self.is_standfirst else ""
        if text and opening.leans_on_title(text, self.title, self.match):
            telling = self._under_headline()
            if telling and telling.pieces[1].place == leads[0].place:
                return telling
            leads = leads if opening.tells_title(text, self.match) else ()
        for most, kind in ((HARDEST, Lead.SENTENCE), (HARDEST, Lead.SUMMARY), (HARDEST_LEAD, Lead.LONG)):
            for piece in self._summary() if kind is Lead.SUMMARY else leads:
                if max(map(count_words, piece.sentences)) <= most:
                    return self._telling(piece, kind)
        if telling := self._under_headline():
            return telling
        if second := self._second():
            return self._telling(second, Lead.SECOND)
        reason = (
            "no first sentence says who and what"
            if leads or self.match.words
            else "no sentence that can be read out"
        )
        return Telling(title=self.title, pieces=(), reason=reason)

    def _under_headline(self) -> Telling | None:
        """The headline and what the article says next to it: the press's short form needs the article's own words."""
        telling = self._telling(headline, Lead.HEADLINE) if (headline := self._headline()) else None
        return (
            telling
            if telling and any(piece.place < FIRST_SENTENCES for piece in telling.pieces[1:2])
            else None
        )

    def _telling(self, lead: Piece, kind: Lead) -> Telling:
        pieces = tuple(self._pieces(lead, is_explained=kind is not Lead.HEADLINE))
        return Telling(title=self.title, pieces=pieces, lead=kind)

    def _leads(self) -> Iterator[Piece]:
        """Units among the first that may open the story, in their order."""
        for place in range(min(FIRST_SENTENCES, len(self.printed))):
            text = self._clean(place)
            if not text or not opening.may_open(text, self.printed, place, self.match):
                continue
            piece = self._unit(place, is_lead=True)
            if piece and stands_alone(piece.sentences[0]):
                yield piece

    def _summary(self) -> Iterator[Piece]:
        """The first sentence of the feed's summary, where the article's own is too long."""
        if not self.match.words or not self.article.text or self.article.summary in ("", self.article.text):
            return
        for printed in read_sentences(strip_furniture(self.article.summary, title=self.title)[:1]):
            text = clean_sentence(printed.text, self.setting)
            is_whole = not printed.is_quoted and not why_unfit(text, is_first=True, opens_article=True)
            is_told = self.match.is_told(printed.text) and self.match.tells_event(printed.text)
            if is_whole and stands_alone(text) and is_told:
                sentences = move_words(text, self.setting)
                yield Piece(sentences=sentences, origins=(self._origin(printed.text),), place=-1)
            return

    def _second(self) -> Piece | None:
        """The second sentence, where the first tells of the headline and cannot be read, and this one names who it is."""
        if len(self.printed) < 2 or self._clean(0) or not self.match.is_told(self.printed[0].text):
            return None
        text = self._clean(1)
        is_fit = text and not why_unfit(text, is_first=True) and stands_alone(text)
        if not is_fit or opens_on_somebody(text) or not self.match.names_in_full(self.printed[1].text):
            return None
        piece = self._unit(1, is_lead=True)
        return piece if piece and max(map(count_words, piece.sentences)) <= HARDEST_LEAD else None

    def _headline(self) -> Piece | None:
        """The headline as a whole sentence, which takes the parser: a newspaper's short one opens no story."""
        title, beginning = self.article.title, " ".join(one.text for one in self.printed[:FIRST_SENTENCES])
        sentence = headline_sentence(title, text=beginning)
        if not sentence and self.is_standfirst:
            headline = write_headline(title, first_sentence=self.printed[0].text)
            sentence = f"{headline}." if headline else ""
        # its clause is proved by the tree
        if not sentence or why_unfit(sentence, is_first=True, opens_article=True) not in ("", "no clause"):
            return None
        return Piece(sentences=(sentence,), origins=(self._origin(title),), place=-1)

    def _pieces(self, lead: Piece, *, is_explained: bool) -> Iterator[Piece]:
        """The lead and what can follow it; a headline is not told without the sentence that explains it."""
        yield lead
        told = " ".join(lead.sentences)
        said = [weighty(text) for text in lead.sentences]
        total, last, before = lead.words, lead.last_place, lead.last_place
        place = last + 1
        is_answered = not accuses(told)
        while place < len(self.printed) and total <= MOST_WORDS:
            if last >= 0 and place - last > FARTHEST:
                return
            answer = None if is_answered else self._answer(place, told=told, said=said)
            piece = answer or self._next(place, last=before, told=told, said=said)
            is_answered = True
            if piece is None or (is_explained and self.said_before.issuperset(piece.sentences)):
                place += 1
                continue
            yield piece
            is_explained = True
            told = " ".join((told, *piece.sentences))
            said += map(weighty, piece.sentences)
            total += piece.words
            # nothing is next to an answer that was brought forward
            before = -1 if answer else piece.last_place
            last = last if answer else before
            place = last + 1

    def _answer(self, start: int, *, told: str, said: list[frozenset[str]]) -> Piece | None:
        """What the accused say to it, from further down; nothing where it comes next anyway."""
        for place in range(start, len(self.printed)):
            text = self._clean(place)
            if not denies(self.printed[place].text) or not text:
                continue
            if place == start:
                return None
            before = " ".join(one.text for one in self.printed[:place])
            is_known = answers(text, told=told, before=before) and not untold_name(
                text, before=before, told=told
            )
            if is_known and not repeats_any(text, said):
                return self._unit(place, is_lead=False)
        return None

    def _next(self, place: int, *, last: int, told: str, said: list[frozenset[str]]) -> Piece | None:
        """The unit at `place`, if it is understood after what was told."""
        text = self._clean(place)
        is_under_title = self.is_standfirst and (place, last) == (0, -1)
        is_next = is_under_title or (place == last + 1 and last >= 0)
        if (
            not text
            or (not is_next and not opening.opens_thought(self.printed, place))
            or repeats_any(text, said)
        ):
            return None
        before = " ".join(one.text for one in self.printed[:place])
        if not is_next and not follows(text, told=told, before=before):
            return None
        if untold_name(text, before=before, told=told) or opening.is_taken_back(self.printed, place):
            return None
        piece = self._unit(place, is_lead=False)
        if piece is None:
            return None
        heard = told
        for sentence in piece.sentences:
            if points_to_untold(sentence, told=heard, before=before):
                return None
            heard = f"{heard} {sentence}"
        # the speaker may have come first
        return piece if (is_next and not is_under_title) or stands_alone(piece.sentences[0]) else None

    def _unit(self, place: int, *, is_lead: bool) -> Piece | None:
        """The sentence with those after it that take it back; nothing where one of them cannot be told."""
        end = place + 1
        while end < len(self.printed) and reverses(self.printed[end].text):
            end += 1
        parts = [
            self._readable(number, most=HARDEST_LEAD if is_lead and number == place else HARDEST)
            for number in range(place, end)
        ]
        if not all(parts):
            return None
        if is_lead and (turn := opening.turn_after(self.printed, end, self.match)) is not None:
            parts += [self._readable(number, most=HARDEST) for number in range(end, turn + 1)]
            if not all(parts):
                return None
        elif end < len(self.printed) and limits(self.printed[end].text):
            parts += [more] if (more := self._readable(end, most=HARDEST)) else []
        origins = tuple(self._origin(self.printed[place + number].text) for number in range(len(parts)))
        return Piece(sentences=tuple(text for part in parts for text in part), origins=origins, place=place)

    def _readable(self, place: int, *, most: int) -> tuple[str, ...]:
        """The sentence with its words moved; nothing where it cannot be told or is longer than `most` words."""
        text = self._clean(place)
        told = move_words(text, self.setting) if text else ()
        return told if told and max(map(count_words, told)) <= most else ()

    def _clean(self, place: int) -> str:
        """The sentence as it is heard; nothing where a newsreader would refuse it, whatever its length."""
        if place not in self.cleaned:
            printed = self.printed[place]
            text = (
                ""
                if printed.is_quoted or is_pictured(printed.text) or is_on_the_spot(printed.text)
                else clean_sentence(printed.text, self.setting)
            )
            is_fit = bool(text) and not why_unfit(text, is_first=False, any_length=True)
            self.cleaned[place] = text if is_fit else ""
        return self.cleaned[place]

    def _origin(self, text: str) -> Origin:
        article = self.article
        return Origin(article_id=article.id, text=text, credit=article.credit, link=article.link)
