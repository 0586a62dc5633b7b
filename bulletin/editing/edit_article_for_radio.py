"""
Article -> Telling: whole sentences in the article's order, the lead first, as far as a listener can follow.

Source: the lead first, because it carries the news (Pöttker 2003, "News and its communicative quality: the
inverted pyramid", Journalism Studies 4); whole sentences, as docs/decisions/0023 says; the choice among them is
learnt (docs/decisions/0004). Judgement, no source: the most words and sentences, because no cut is longer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from bulletin.editing import sentence_makes_sense_after_previous as coherence
from bulletin.editing.attribution.find_quoted_sentences import Printed, join_block_quotes, read_sentences
from bulletin.editing.attribution.find_unattributed_quotes import is_column, is_demand, is_on_the_spot
from bulletin.editing.boilerplate.strip_boilerplate import strip_boilerplate
from bulletin.editing.context.find_unintroduced_names import find_unheard_name, names_in
from bulletin.editing.edit_non_english_articles import edits_english, tell_as_printed
from bulletin.editing.edited_article import Lead, Telling, ToldUnit
from bulletin.editing.english.clean_punctuation import restore_lost_characters
from bulletin.editing.english.word_list_regexes import content_words
from bulletin.editing.fitness.find_editor_notes_and_captions import is_pictured
from bulletin.editing.fitness.sentence_rejection_reasons import HARDEST, HARDEST_LEAD, why_unfit
from bulletin.editing.headlines.clean_title import clean_title
from bulletin.editing.headlines.sentence_matches_headline import HeadlineMatch
from bulletin.editing.headlines.write_headline import headline_sentence, write_headline
from bulletin.editing.rewrite_sentence_for_radio import Setting, clean_sentence, move_words, small_words
from bulletin.editing.sentence_model.airable_sentence_classifier import (
    LENIENT,
    PLAIN,
    THRESHOLDS,
    SentenceModel,
    Thresholds,
    load_sentence_model,
)
from bulletin.editing.sentence_model.airable_sentence_features import following_signals, opening_signals
from bulletin.editing.sentences.expand_abbreviations import explained_abbreviations
from bulletin.editing.sentences.reword_ages_and_yesterday import Days
from bulletin.language.english_grammar_parser import has_parser
from bulletin.language.load_station_phrases import Phrases, is_in_language
from bulletin.language.split_sentences import count_words, split_sentences, words
from bulletin.language.text_in_two_scripts import has_other_script
from bulletin.model import Article, Origin, Section
from bulletin.normalization.normalize_text import make_speakable

MOST_WORDS = 160
"""Words of the longest cut: later sentences need no editing. Example: `tell_article`."""
MOST_SENTENCES = 60
"""Sentences of an article that are read, because its news is near its beginning. Example: `read_article`."""
FIRST_SENTENCES = 5
"""Sentences at the beginning that may become the lead. Example: `tell_article`."""
FARTHEST = 4
"""
Sentences that may be left out in a row: after a longer gap the subject has changed.

Example: `tell_article`.
"""
STANDFIRST = 60
"""Most words of a standfirst, a text that is written to be read under its title. Example: `tell_article`."""


def read_article(title: str, text: str) -> tuple[Printed, ...]:
    r"""
    The first sixty sentences of an article, without boilerplate.

    >>> [sentence.text for sentence in read_article("Ferry sinks", "By Ann Fox\nA ferry sank off Wexcombe on Monday with five people.")]
    ['A ferry sank off Wexcombe on Monday with five people.']
    """
    paragraphs = strip_boilerplate(join_block_quotes(restore_lost_characters(text)), title=clean_title(title))
    return tuple(read_sentences(paragraphs))[:MOST_SENTENCES]


def tell_article(
    article: Article,
    *,
    phrases: Phrases,
    days: Days | None = None,
    said_before: Collection[str] = (),
    thresholds: Thresholds = THRESHOLDS[0],
) -> Telling:
    """
    Choose, clean and edit the sentences of an article; a telling without pieces has its `reason`.

    `days` name the day of "yesterday"; without them such words are dropped. Sentences of `said_before`, an
    earlier bulletin, do not follow the lead again.

    >>> from datetime import UTC, datetime
    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> text = "A ferry sank off Wexcombe on Monday, and two people died, police said. Sign up to our newsletter."
    >>> ferry = Article(id="1", feed="a", title="Ferry sinks off Wexcombe", summary="", text=text, published=at)
    >>> [piece.sentences for piece in tell_article(ferry, phrases=load_phrases("en-GB")).pieces]
    [('A ferry sank off Wexcombe on Monday, and two people died, police said.',)]

    The denial of an accusation moves up to it.

    >>> from dataclasses import replace
    >>> charge = "Ann Fox of Wexcombe was charged with theft of a ferry on Monday."
    >>> text = f"{charge} It was red. Fox denied the charge."
    >>> theft = replace(ferry, title="Theft of ferry in Wexcombe", text=text)
    >>> [piece.sentences for piece in tell_article(theft, phrases=load_phrases("en-GB")).pieces]
    [('Ann Fox of Wexcombe was charged with theft of a ferry on Monday.', 'Fox denied the charge.')]

    A few lines follow their own headline; a long first sentence gives way to the feed's summary.

    >>> brief = replace(ferry, title="Council mends old ferry at Wexcombe", text="It took years.")
    >>> [piece.sentences for piece in tell_article(brief, phrases=load_phrases("en-GB")).pieces]
    [('Council mends old ferry at Wexcombe.',)]
    >>> tail = "with five people on board who had come from the old quay of the town in the early morning"
    >>> text = f"A ferry sank off Wexcombe on Monday {tail} to see the new bridge and to row to the mill."
    >>> text = f"{text} {text.replace('A ferry', 'Another ferry')}"
    >>> long = replace(ferry, text=text, summary="A ferry sank off Wexcombe on Monday.")
    >>> [piece.sentences for piece in tell_article(long, phrases=load_phrases("en-GB")).pieces]
    [('A ferry sank off Wexcombe on Monday.',)]
    """
    if not edits_english(phrases.language):
        return tell_as_printed(article, phrases=phrases)
    title = clean_title(article.title)
    text = article.text or article.summary
    printed = read_article(article.title, text)
    sentences = [sentence.text for sentence in printed] or split_sentences(text[:2000])
    if any(map(words, sentences)) and not is_in_language(sentences, phrases):
        return Telling(title=title, pieces=(), reason=f"not in the station's language ({phrases.language})")
    if is_column(printed) or is_demand(title):
        return Telling(title=title, pieces=(), reason="a column: the writer says I or demands something")
    source = " ".join(sentences)
    setting = Setting(
        days=days,
        small=small_words(source),
        spell=lambda number: make_speakable(str(number), language=phrases.language, folder=phrases.folder),
        may_parse=has_parser(),
        names=explained_abbreviations(sentences),
    )
    is_plain = article.is_local or article.section in (Section.WEATHER, Section.TRAVEL)
    match = HeadlineMatch.of(title, source=source, opening=sentences[:FIRST_SENTENCES])
    teller = _Teller(
        article=article,
        title=title,
        printed=printed,
        setting=setting,
        match=match,
        said_before=frozenset(said_before),
        thresholds=PLAIN if is_plain else thresholds,
        is_standfirst=count_words(source) <= STANDFIRST,
    )
    telling = teller.tell()
    if " ".join(sentences).isascii():
        return telling
    return telling.naming_unread(
        [clean_sentence(text, setting) if has_other_script(text) else text for text in sentences]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opening:
    """A unit that may open the story, and its rating by the sentence model, from 0 to 1."""

    piece: ToldUnit
    sure: float


@dataclass(slots=True, kw_only=True)
class _Teller:
    """Choice of an article's sentences, with a cache of its cleaned sentences."""

    article: Article
    title: str
    printed: Sequence[Printed]
    setting: Setting
    match: HeadlineMatch
    said_before: frozenset[str]
    thresholds: Thresholds
    is_standfirst: bool
    model: SentenceModel = field(default_factory=load_sentence_model)
    cleaned: dict[int, str] = field(default_factory=dict)

    def tell(self) -> Telling:
        """
        The telling with the best first sentence; without pieces if no sentence can open the story.

        Example: `tell_article`.
        """
        openings = list(self._openings())
        if self.thresholds is not PLAIN:
            openings.sort(key=lambda opening: -opening.sure)
        # a standfirst is written to be read under its headline, so the headline goes first
        headline = self._headline() if self.is_standfirst else None
        if headline and not (openings and openings[0].sure >= headline.sure):
            return self._telling(headline, Lead.HEADLINE)
        if openings:
            least = min(openings[0].sure, THRESHOLDS[0].opening)
            for opening in openings:
                if max(map(count_words, opening.piece.sentences)) <= HARDEST and opening.sure >= least:
                    return self._telling(opening, Lead.SENTENCE)
        if summary := self._summary():
            return self._telling(summary, Lead.SUMMARY)
        if openings:
            return self._telling(openings[0], Lead.LONG)
        is_readable = any(self._clean(index) for index in range(min(FIRST_SENTENCES, len(self.printed))))
        reason = "no sentence can open the story" if is_readable else "no sentence fit to be read"
        return Telling(title=self.title, pieces=(), reason=reason)

    def _telling(self, opening: _Opening, kind: Lead) -> Telling:
        """The lead and the units that follow it, as a telling. Example: `tell_article`."""
        pieces = tuple(self._pieces(opening.piece))
        return Telling(title=self.title, pieces=pieces, lead=kind, sure=opening.sure)

    def _openings(self) -> Iterator[_Opening]:
        """Units that may open the story, in the article's order. Example: `tell_article`."""
        least = self.thresholds.standfirst if self.is_standfirst else self.thresholds.opening
        for index in range(min(FIRST_SENTENCES, len(self.printed))):
            text = self._clean(index)
            if not text or (self.thresholds is not PLAIN and self._leans(text, index)):
                continue
            sure = self.model.rate_opening(opening_signals(text, self.printed, index, self.match))
            piece = self._unit(index, is_lead=True) if sure >= least else None
            if piece:
                yield _Opening(piece=piece, sure=sure)

    def _leans(self, text: str, index: int) -> bool:
        """
        Whether the sentence needs an earlier one, which introduced "the doctor" or "this town".

        Example: `tell_article`.
        """
        if why_unfit(text, is_first=True, opens_article=index == 0, any_length=True):
            return True
        return index > 0 and (not coherence.stands_alone(text) or coherence.has_unheard_person(text, ""))

    def _summary(self) -> _Opening | None:
        """
        The first sentence of the feed's summary, for an article whose own is too long.

        Example: `tell_article`.
        """
        summary = self.article.summary
        if not self.article.text or summary in ("", self.article.text):
            return None
        printed = read_article(self.article.title, summary)[:1]
        text = clean_sentence(printed[0].text, self.setting) if printed else ""
        if not text or printed[0].is_quoted or why_unfit(text, is_first=True, opens_article=True):
            return None
        sure = self.model.rate_opening(opening_signals(text, printed, 0, self.match))
        if sure < self.thresholds.standfirst:
            return None
        origins = (Origin.of(self.article, printed[0].text),)
        return _Opening(piece=ToldUnit(sentences=move_words(text, self.setting), origins=origins), sure=sure)

    def _headline(self) -> _Opening | None:
        """The headline as a whole sentence, for a feed that has little else. Example: `tell_article`."""
        title, source = self.article.title, " ".join(sentence.text for sentence in self.printed)
        sentence = headline_sentence(title, text=source)
        if not sentence and (headline := write_headline(title, first_sentence=source)):
            sentence = f"{headline}."
        # the dependency tree has proved its clause
        if not sentence or why_unfit(sentence, is_first=True, opens_article=True) not in ("", "no clause"):
            return None
        return _Opening(
            piece=ToldUnit(sentences=(sentence,), origins=(Origin.of(self.article, title),)),
            sure=THRESHOLDS[0].standfirst,
        )

    def _pieces(self, lead: ToldUnit) -> Iterator[ToldUnit]:
        """The lead and the units that follow it. Example: `tell_article`."""
        yield lead
        heard = " ".join(lead.sentences)
        heard_words = [content_words(text) for text in lead.sentences]
        told_indexes = list(lead.places) or [-1]
        total = lead.words
        for index in range(told_indexes[0] + 1, len(self.printed)):
            if index in told_indexes:
                continue
            if total > MOST_WORDS or index - max(at for at in told_indexes if at < index) > FARTHEST + 1:
                return
            piece = self._next(index, told_indexes=told_indexes, heard=heard, heard_words=heard_words)
            if piece is None or self.said_before.issuperset(piece.sentences):
                continue
            yield piece
            heard = " ".join((heard, *piece.sentences))
            heard_words += map(content_words, piece.sentences)
            total += piece.words
            told_indexes += piece.places

    def _next(
        self, index: int, *, told_indexes: Sequence[int], heard: str, heard_words: Sequence[frozenset[str]]
    ) -> ToldUnit | None:
        """The unit at `index`, if it is understood after the units chosen so far. Example: `tell_article`."""
        text = self._clean(index)
        if not text or coherence.repeats_sentence(text, heard_words):
            return None
        signals = following_signals(text, self.printed, index, told_indexes=told_indexes, heard=heard)
        sure = self.model.rate_following(signals)
        # after an answer that was brought forward, every sentence is over a gap
        if index == told_indexes[-1] + 1:
            # a standfirst is written to be read under its headline
            is_understood = sure >= (LENIENT if told_indexes[-1] < 0 else self.thresholds).next
        else:
            # "have also been killed": the other victims are in the gap
            leans = bool(signals["things untold"] or signals["another"]) and self.thresholds is not PLAIN
            is_known = bool(signals["follows"]) and not signals["name untold"] and not leans
            is_understood = sure >= self.thresholds.over_gap and is_known
        return self._unit(index) if is_understood else None

    def _unit(self, index: int, *, is_lead: bool = False) -> ToldUnit | None:
        """
        The sentence with its reversals and its denial; None if one of them cannot be read.

        Example: `tell_article`.
        """
        end = index + 1
        while end < len(self.printed) and coherence.reverses_previous(self.printed[end].text):
            end += 1
        places = list(range(index, end))
        is_limited = end < len(self.printed) and coherence.limits_previous(self.printed[end].text)
        if is_limited and self._readable(end, most=HARDEST):
            places.append(end)
        elif (
            coherence.has_accusation(self.printed[index].text)
            and (answer := self._answer(index, end)) is not None
        ):
            if not self._is_known(answer, index) or not is_lead:
                return None
            places.append(answer)
        most = HARDEST_LEAD if is_lead else HARDEST
        parts = [self._readable(at, most=most if at == index else HARDEST) for at in places]
        if not all(parts):
            return None
        origins = tuple(Origin.of(self.article, self.printed[at].text) for at in places)
        return ToldUnit(sentences=tuple(chain(*parts)), origins=origins, places=tuple(places))

    def _answer(self, index: int, start: int) -> int | None:
        """Place of the sentence that denies or disputes the accusation. Example: `tell_article`."""
        names = set(names_in(self.printed[index].text))
        for at in range(start, len(self.printed)):
            text = self.printed[at].text
            if coherence.has_denial(text) and (index == 0 or names.intersection(names_in(text))):
                return at
        return None

    def _is_known(self, index: int, after: int) -> bool:
        """Whether a denial is understood after the accusation alone. Example: `tell_article`."""
        text, heard = self._clean(index), self.printed[after].text
        before = " ".join(sentence.text for sentence in self.printed[:index])
        unheard = find_unheard_name(text, before=before, heard=heard)
        return not unheard and coherence.is_understood_denial(text, heard=heard, before=before)

    def _readable(self, index: int, *, most: int) -> tuple[str, ...]:
        """
        The sentence with its words moved; empty if it is unfit or longer than `most` words.

        Example: `tell_article`.
        """
        text = self._clean(index)
        spoken = move_words(text, self.setting) if text else ()
        return spoken if spoken and max(map(count_words, spoken)) <= most else ()

    def _clean(self, index: int) -> str:
        """The cleaned sentence; empty if a newsreader would refuse it at any length. Example: `tell_article`."""
        if index not in self.cleaned:
            printed = self.printed[index]
            is_unfit = printed.is_quoted or is_pictured(printed.text) or is_on_the_spot(printed.text)
            text = "" if is_unfit else clean_sentence(printed.text, self.setting)
            is_fit = bool(text) and not why_unfit(text, is_first=False, any_length=True)
            self.cleaned[index] = text if is_fit else ""
        return self.cleaned[index]
