"""What a written figure looks like: the pieces of regular expressions that the steps share."""

from __future__ import annotations

NUMBER = r"(?:\d{1,2}(?:,\d\d){1,4},\d{3}|\d{1,3}(?:,\d{3}){1,6}|\d{1,15})(?:\.\d{1,15})?"
"""1,234.5 or 1234.5, or as India writes it 1,20,000. Every repetition is bounded, so that no text takes more than linear time."""

START = r"(?<!\w)(?<!\d[.,])"
"""Before a figure: not the middle of a word or of a longer figure."""

END = r"(?!\w)(?![.,]\d)"
"""After a figure."""

CAPITAL = "A-ZÀ-ÖØ-Þ"
"""For a character class."""
