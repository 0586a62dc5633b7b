"""
Any text -> Latin letters, digits and symbols that later steps can say, with one space between words.

Source: Unicode Standard Annex 15 (compatibility decomposition) and the general categories of Annex 44; counts in
the 604 fresh articles: `python -m bench.normalization_matches`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from bulletin.language.text_in_two_scripts import name_greek_letters

_TAG = re.compile(r"<[A-Za-z/!][^<>]{0,500}>")
"""Example: `clean_text`."""
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\(\S{1,500}\)")
"""Example: `clean_text`."""
_PART_OF_SUM = re.compile(r"([£€$]\d{1,6})([½¼¾])")
"""Example: `clean_text`."""
_DECIMALS = {"½": ".5", "¼": ".25", "¾": ".75"}
"""Example: `clean_text`."""
_SIGNS_IN_A_ROW = re.compile(r"[£€$¥]{2,}(?!\d)|(?<!\w)\*{2,}")
"""Example: `clean_text`."""
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
"""Example: `clean_text`."""
_LONG_RUN = re.compile(r"\d{16,}")
"""Example: `clean_text`."""
_APOSTROPHES = "'‘’‚‛ʼʹ′`´＇"
"""Example: `_fold`."""
_SAID = "£€¥₹₽₩₦₪₺₴₿¢§×÷±°µ–"
"""Example: `clean_text`."""
_BASE = dict(zip("łŁđĐħĦıŋ", "lLdDhHin", strict=True)) | {"œ": "oe", "Œ": "Oe"}
"""Example: `_fold`."""
_BASE |= {"—": ", ", "―": ", ", "‐": "-", "‑": "-", "‒": "–", "−": "-", "⁄": "/"}
_BASE |= {"•": ", ", "·": " ", "…": "..."}
_BASE |= {"º": "°", "˚": "°", "μ": "µ", "∕": "/", "✕": "×", "ª": "", "™": "", "®": "", "©": "", "\u00ad": ""}


def clean_text(text: str, *, keep: str = "") -> str:
    """
    Drop markup, emoji and letters of other scripts, and fold variants of one sign.

    Characters of `keep` stay, the letters and marks of another language ("œ", "º"). Latin-1 letters stay: engines say "Beyoncé" and "Müller" better than "Beyonce" and "Muller". 11,275
    characters folded in 604 articles. Four rules match none of them and are kept. Tags and Markdown links:
    these articles are cleaned, but summaries come straight from feeds, and a listener must never hear an
    address. Footnotes and "£12½m": "200¹ homes" would be heard as 2,001, and the sum as "twelve pounds one
    two million". Long runs of digits: hostile feeds would stop the service.

    >>> clean_text("<b>Beyoncé</b> &amp; [the band](https://x.example) 😀 – “live” at 9½")
    'Beyoncé & the band – "live" at 9 1/2'
    >>> clean_text("a £12½m scheme for 200¹ homes")
    'a £12.5m scheme for 200 homes'
    >>> clean_text("He “did not [sic] row” ** on a £££ budget, ref 12345678901234567")
    'He "did not row" on a budget, ref 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7'
    >>> clean_text("the β variant of 5 μm")
    'the beta variant of 5 µm'
    >>> clean_text("la il·lusió")
    'la ilusió'
    """
    if "&" in text:
        text = html.unescape(text)
    text = re.sub(r"\[\s*(?:sic|…|\.\.\.)\s*\]", "", text)
    text = _LINK.sub(r"\1", _TAG.sub(" ", text))
    text = _PART_OF_SUM.sub(lambda m: m[1] + _DECIMALS[m[2]], text)
    text = _SIGNS_IN_A_ROW.sub(" ", text)
    text = re.sub(r"(?<=\d)(?=[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])", " ", text)
    # Superscripts after a figure or a word are footnotes, but for areas and volumes.
    text = re.sub(r"(?<=\d)[¹²³⁰⁴-⁹]+|[¹⁰⁴-⁹]+", "", text)
    if "·" not in keep:
        text = re.sub("(?<=[lL])·[lL]", "", text)  # Catalan "il·lusió" is one word
    text = name_greek_letters(text, keep=keep)
    text = _NOT_ASCII.sub(lambda match: match[0] if match[0] in keep else _fold(match[0]), text)
    # Single quotation marks go; between letters and before figures ("'90s") the sign is an apostrophe.
    text = re.sub(r"(?<!\w)'(?=[^\W\d])|(?<=[^\W\d])'(?!\w| [IVX]{1,7}\.)|(?<=[.,!?])'", "", text)
    # Long runs of digits are read digit by digit; later steps would take quadratic time.
    text = _LONG_RUN.sub(lambda match: " ".join(match[0]), text)
    return " ".join(text.split())


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    """
    Character outside ASCII in its nearest form, or a space.

    Latin-1 letters stay, because engines say "Beyoncé" better than "Beyonce".

    >>> [_fold(char) for char in "’é“ł…３ﬁ😀"]
    ["'", 'é', '"', 'l', '...', '3', 'fi', ' ']
    """
    if char in _APOSTROPHES:
        return "'"
    if char in _BASE:
        return _BASE[char]
    if char in _SAID or ("À" <= char <= "ÿ"):
        return char
    kind = unicodedata.category(char)
    if kind == "Nd":
        return str(unicodedata.digit(char))
    if kind in ("Mn", "Me", "Cf"):
        return ""
    if kind in ("Pi", "Pf") or char in "„‟＂″":
        return '"'
    plain = unicodedata.normalize("NFKD", char)
    folded = "".join(_BASE.get(c, c) for c in plain if c.isascii() or c in _BASE)
    return folded if folded.strip() else " "
