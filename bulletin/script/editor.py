"""A printed sentence -> as it is edited, so that what the headline promised is not what is cut off."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bulletin.script.edits.edit import Setting, edit_sentence
from bulletin.script.edits.fitness import MOST
from bulletin.script.edits.trim import SPEAKER
from bulletin.script.promised import stems_of
from bulletin.text import count_words

LONGER = 30
"""Words to which a sentence is cut that tells what the headline promised, where fewer would not tell it."""


@dataclass(slots=True, kw_only=True)
class Editor:
    """Edits an article's sentences, each once, however often the article is told."""

    setting: Setting
    promise: frozenset[str]
    """Beginnings of the title's words."""
    done: dict[tuple[str, bool, int], tuple[str, ...]] = field(default_factory=dict)

    def edit(self, text: str, *, told: str) -> tuple[str, ...]:
        """As short as can be, but for words of the title that nothing has `told` yet; a lead where nothing has."""
        short = self._cut(text, is_lead=not told, most=MOST)
        lost = self._lost(text, short) if short else frozenset()
        if not lost or not lost - stems_of(told):
            return short
        longer = self._cut(text, is_lead=not told, most=LONGER)
        if not longer or max(map(count_words, longer)) > LONGER:
            return short
        if any(map(SPEAKER.search, longer)) and not any(map(SPEAKER.search, short)):
            # who says it would come last again
            return short
        tells_more = sum(map(count_words, longer)) > sum(map(count_words, short))
        return longer if tells_more and self._lost(text, longer) < lost else short

    def _lost(self, text: str, edited: tuple[str, ...]) -> frozenset[str]:
        return (self.promise & stems_of(text)) - stems_of(" ".join(edited))

    def _cut(self, text: str, *, is_lead: bool, most: int) -> tuple[str, ...]:
        key = (text, is_lead, most)
        if key not in self.done:
            self.done[key] = edit_sentence(text, replace(self.setting, is_lead=is_lead, most=most))
        return self.done[key]
