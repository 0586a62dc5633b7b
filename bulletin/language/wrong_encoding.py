"""Text that was decoded with the wrong encoding (mojibake): found, and repaired where ftfy can; knows ftfy alone."""

from __future__ import annotations

import re

LOST = "\N{REPLACEMENT CHARACTER}"
"""Replacement for a byte that could not be decoded."""
_PAIR = re.compile(r"[^\x00-\x7f]{2}")
"""Two signs outside ASCII in a row, as each wrongly decoded one has; prose has few, so ftfy, which is slow, rests."""
_LOST_LETTER = re.compile(rf"\w{LOST}|{LOST}\w")


def has_wrong_encoding(text: str) -> bool:
    """
    Whether a text holds wrongly decoded or lost letters, so that it cannot be read out.

    >>> [has_wrong_encoding(text) for text in ("Das CafÃ© Ã¶ffnet", "The caf\N{REPLACEMENT CHARACTER}", "Das “Écafé” öffnet")]
    [True, True, False]
    """
    return bool(_LOST_LETTER.search(text)) or _is_bad(text)


def mend_encoding(text: str) -> str:
    """
    Decode a text again in the right encoding, also one that was wrong twice; a text beyond repair stays.

    >>> mend_encoding("The cafÃƒÂ© opens"), mend_encoding("Brücke über die Öre")
    ('The café opens', 'Brücke über die Öre')
    """
    if not _is_bad(text):
        return text
    from ftfy import fix_encoding

    return fix_encoding(text)


def _is_bad(text: str) -> bool:
    if not _PAIR.search(text):
        return False
    # imported late: it takes a tenth of a second, and most texts need it not
    from ftfy.badness import is_bad

    return bool(is_bad(text))
